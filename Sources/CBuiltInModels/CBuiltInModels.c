#include "CBuiltInModels.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char english_model[] = {
#embed "../../models/english.safetensors"
};

const unsigned char *const charlm_english_model = english_model;
const size_t charlm_english_model_size = sizeof english_model;
