#ifndef CHARLM_SERVER_FILES_H
#define CHARLM_SERVER_FILES_H

#include <stddef.h>

/// A file of text, whose bytes end with a zero.
typedef struct {
  const char *name;
  const unsigned char *bytes;
} charlm_file;

/// The files of CharlmServer/Page.
extern const charlm_file *const charlm_page_files;
extern const size_t charlm_page_file_count;

/// The bytes of CharlmServer/openapi.json and a zero.
extern const unsigned char *const charlm_api_description;

#endif
