#!/usr/bin/env python3
"""Writes Sources/CUnicodeTables/UnicodeTables.c from the Unicode Character Database.

    scripts/make-unicode-tables.py [/usr/share/unicode] > Sources/CUnicodeTables/UnicodeTables.c

The database is Debian's package unicode-data. The table answers one question quickly: may this scalar
stay as it is, and may the text be cut before it? Only scalars assigned in this version of Unicode get an
answer; of the others utf8proc is asked. The same database always gives the same file.
"""

import sys
from pathlib import Path

# The meaning of a property's bits; include/UnicodeTables.h tells the C and Swift side the same.
ASSIGNED = 1 << 8
NFC, NFD, NFKC, NFKD = 1 << 9, 1 << 10, 1 << 11, 1 << 12
FOLD_STABLE, FOLD_STABLE_CANONICAL = 1 << 13, 1 << 14
CUT_CANONICAL, CUT_CANONICAL_FOLD = 1 << 15, 1 << 16
CUT_COMPATIBILITY, CUT_COMPATIBILITY_FOLD = 1 << 17, 1 << 18

SCALAR_LIMIT = 0x110000
BLOCK_SIZE = 128
HANGUL = range(0xAC00, 0xAC00 + 11172)


def data_lines(path):
    """The fields of every line that is not a comment."""
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0]
        if line.strip():
            yield [field.strip() for field in line.split(";")]


def scalars(field):
    return [int(scalar, 16) for scalar in field.split()]


def span(field):
    first, _, last = field.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


class Database:
    def __init__(self, folder):
        self.combining_class = {}
        self.canonical, self.compatibility = {}, {}
        first = None
        for fields in data_lines(folder / "UnicodeData.txt"):
            scalar, name, category = int(fields[0], 16), fields[1], fields[2]
            if name.endswith(", First>"):
                first = scalar
                continue
            for each in range(scalar if first is None else first, scalar + 1):
                if category != "Cs":
                    self.combining_class[each] = int(fields[3])
            first = None
            if fields[5]:
                kind, _, rest = fields[5].rpartition("> ")
                self.compatibility[scalar] = scalars(rest)
                if not kind:
                    self.canonical[scalar] = scalars(rest)
        self.not_yes = {name: set() for name in ("NFC_QC", "NFD_QC", "NFKC_QC", "NFKD_QC")}
        for fields in data_lines(folder / "DerivedNormalizationProps.txt"):
            if fields[1] in self.not_yes:
                self.not_yes[fields[1]].update(span(fields[0]))
        self.folding = {}
        for fields in data_lines(folder / "CaseFolding.txt"):
            if fields[1] in "CF":
                self.folding[int(fields[0], 16)] = scalars(fields[2])
        heading = (folder / "DerivedNormalizationProps.txt").read_text(encoding="utf-8")
        self.version = heading.partition("-")[2].partition(".txt")[0]

    def decompose_scalar(self, scalar, mapping):
        if scalar in HANGUL:
            index = scalar - HANGUL.start
            tail = [0x11A7 + index % 28] if index % 28 else []
            return [0x1100 + index // 588, 0x1161 + index % 588 // 28] + tail
        if scalar not in mapping:
            return [scalar]
        return self.decompose(mapping[scalar], mapping, ordered=False)

    def decompose(self, text, mapping, ordered=True):
        result = [part for scalar in text for part in self.decompose_scalar(scalar, mapping)]
        if not ordered:
            return result
        start = 0
        for end in range(len(result) + 1):
            if end == len(result) or self.combining_class[result[end]] == 0:
                result[start:end] = sorted(result[start:end], key=self.combining_class.get)
                start = end + 1
        return result

    def fold(self, text):
        return [part for scalar in text for part in self.folding.get(scalar, [scalar])]

    def may_cut_before(self, stages):
        """Nothing before the scalar moves into it or combines with it, at any stage on its way."""
        starts = all(self.combining_class[stage[0]] == 0 for stage in stages)
        return starts and stages[-1][0] not in self.not_yes["NFC_QC"]

    def property(self, scalar):
        canonical = self.decompose([scalar], self.canonical)
        compatibility = self.decompose([scalar], self.compatibility)
        folded = self.fold(canonical)
        # Unicode 3.13, D145 and D146: what normalizing with case folding does, stage by stage.
        d145 = [[scalar], canonical, folded, self.decompose(folded, self.canonical)]
        d146 = d145[:3] + [self.decompose(folded, self.compatibility)]
        d146.append(self.fold(d146[-1]))
        d146.append(self.decompose(d146[-1], self.compatibility))
        result = ASSIGNED | self.combining_class[scalar]
        for name, bit in zip(self.not_yes, (NFC, NFD, NFKC, NFKD)):
            result |= 0 if scalar in self.not_yes[name] else bit
        result |= 0 if scalar in self.folding else FOLD_STABLE
        result |= FOLD_STABLE_CANONICAL if folded == canonical else 0
        result |= CUT_CANONICAL if self.may_cut_before([[scalar], canonical]) else 0
        result |= CUT_COMPATIBILITY if self.may_cut_before([[scalar], compatibility]) else 0
        result |= CUT_CANONICAL_FOLD if self.may_cut_before(d145) else 0
        result |= CUT_COMPATIBILITY_FOLD if self.may_cut_before(d146) else 0
        return result


def runs(values):
    """C designators for an array: one for each run of equal values, zeros left out."""
    start = 0
    for end in range(1, len(values) + 1):
        if end == len(values) or values[end] != values[start]:
            if values[start] != 0:
                place = f"[{start}]" if end == start + 1 else f"[{start} ... {end - 1}]"
                yield f"{place} = {values[start]},"
            start = end


def filled(items, width=100):
    line = " "
    for item in items:
        if len(line) + 1 + len(item) > width:
            yield line
            line = " "
        line += " " + item
    yield line


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    database = Database(folder)
    properties = [0] * SCALAR_LIMIT
    for scalar in database.combining_class:
        properties[scalar] = database.property(scalar)

    # utf8proc 2.8.0 loses U+11A7 unless the text is cut before it.
    everything = CUT_CANONICAL | CUT_CANONICAL_FOLD | CUT_COMPATIBILITY | CUT_COMPATIBILITY_FOLD
    assert properties[0x11A7] & everything == everything

    distinct = sorted(set(properties))
    assert distinct[0] == 0 and len(distinct) <= 256
    index = {value: number for number, value in enumerate(distinct)}
    classes = [index[value] for value in properties]
    blocks, block_numbers = [], []
    known = {}
    for start in range(0, SCALAR_LIMIT, BLOCK_SIZE):
        block = tuple(classes[start:start + BLOCK_SIZE])
        block_numbers.append(known.setdefault(block, len(known)))
    blocks = [value for block in known for value in block]
    assert len(known) <= 256

    print("// Made by scripts/make-unicode-tables.py: do not edit.")
    print(f"// Unicode {database.version}, {len(distinct)} classes, {len(known)} blocks of {BLOCK_SIZE}.")
    print('#include "UnicodeTables.h"\n')
    tables = (("uint8_t", "blocks", block_numbers), ("uint8_t", "classes", blocks),
              ("uint32_t", "properties", distinct))
    for kind, name, values in tables:
        print(f"static const {kind} {name}[{len(values)}] = {{")
        print("\n".join(filled(runs(values))))
        print("};\n")
    for kind, name, _ in tables:
        print(f"const {kind} *charlm_unicode_{name}(void) {{ return {name}; }}")
    print("\nint charlm_unicode_property_count(void) {")
    print("  return sizeof(properties) / sizeof(*properties);\n}")


main()
