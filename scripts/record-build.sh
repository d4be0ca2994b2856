#!/bin/sh
# Writes a Swift file with the commit and the compiler's version. `swift build` runs it, by the
# plugin BuildRecorder.
#
#   scripts/record-build.sh SWIFTC FOLDER
#
# The commit is empty outside a git repository of charlm, as in an unpacked archive. An unchanged
# file is left alone, so that nothing is compiled again.
set -eu
cd "$(dirname "$0")/.."

# A repository that only contains this folder would give a commit of something else.
commit=
if top=$(git rev-parse --show-cdup 2>/dev/null) && [ -z "$top" ]; then
  commit=$(git --no-optional-locks describe --always --abbrev=7 --exclude '*' \
    --dirty=' with changes' 2>/dev/null || true)
fi
compiler=$("$1" --version 2>/dev/null | sed -n 's/.*Swift version \([^ ]*\).*/\1/p')

mkdir -p "$2"
cat >"$2/BuildRecord.swift.new" <<END
extension BuildRecord {
  package static let commit = "$commit"
  package static let compilerVersion = "$compiler"
}
END
if cmp -s "$2/BuildRecord.swift.new" "$2/BuildRecord+Values.swift"; then
  rm "$2/BuildRecord.swift.new"
else
  mv "$2/BuildRecord.swift.new" "$2/BuildRecord+Values.swift"
fi
