#ifndef CHARLM_BUILT_IN_MODELS_H
#define CHARLM_BUILT_IN_MODELS_H

#include <stddef.h>

/// The bytes of models/english.safetensors.
extern const unsigned char *const charlm_english_model;
extern const size_t charlm_english_model_size;

#endif
