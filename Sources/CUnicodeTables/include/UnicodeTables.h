// What Unicode says about every scalar, as far as normalization needs it, in two small look-ups:
// properties[classes[blocks[scalar >> 7] << 7 | (scalar & 127)]].
#pragma once

#include <stdint.h>

// The low byte of a property is the canonical combining class; these are its other bits.
// They are zero for scalars that this version of Unicode does not assign.
enum {
  charlm_unicode_assigned = 1 << 8,
  // The scalar's quick check is "yes": it stays as it is in this normalization form.
  charlm_unicode_nfc = 1 << 9,
  charlm_unicode_nfd = 1 << 10,
  charlm_unicode_nfkc = 1 << 11,
  charlm_unicode_nfkd = 1 << 12,
  // Full case folding changes neither the scalar nor (canonical) its decomposition.
  charlm_unicode_fold_stable = 1 << 13,
  charlm_unicode_fold_stable_canonical = 1 << 14,
  // Text may be cut before the scalar: both sides may then be normalized alone.
  charlm_unicode_cut_canonical = 1 << 15,
  charlm_unicode_cut_canonical_fold = 1 << 16,
  charlm_unicode_cut_compatibility = 1 << 17,
  charlm_unicode_cut_compatibility_fold = 1 << 18,
};

const uint8_t *charlm_unicode_blocks(void);
const uint8_t *charlm_unicode_classes(void);
const uint32_t *charlm_unicode_properties(void);
int charlm_unicode_property_count(void);
