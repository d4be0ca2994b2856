#!/usr/bin/env bash
# Writes the manual page of charlm, by the plugin of swift-argument-parser.
#
#   scripts/make-man-page.sh [FILE] [CONFIGURATION] [OPTION...]     by default .build/charlm.1 and release
#
# Options are those of `swift build`, if another build than that of .build is to be used.
#
# Install it as /usr/local/share/man/man1/charlm.1, or below ~/.local/share/man/man1 for one user.
set -euo pipefail
page=$(realpath --canonicalize-missing "${1:-$(dirname "$0")/../.build/charlm.1}")
configuration=${2:-release}
options=("${@:3}")
cd "$(dirname "$0")/.."
folder=.build
for ((i = 0; i < ${#options[@]}; i++)); do
  [ "${options[i]}" != --scratch-path ] || folder=${options[i + 1]}
done

swift package "${options[@]}" --allow-writing-to-package-directory \
  generate-manual --configuration "$configuration" >&2

# The plugin copies the texts of --help, in which roff would fill the lines of examples, hyphenate
# options, and print the two hyphens of an option as other characters.
mkdir -p "$(dirname "$page")"
awk '
  function text(line) { gsub(/--/, "\\%--", line); gsub(/-/, "\\-", line); return line }
  /^ *charlm / {
    if (!literal) print ".Bd -literal -offset indent -compact"
    literal = 1
    sub(/^ +/, "")
    print text($0)
    next
  }
  literal { print ".Ed"; literal = 0 }
  /^$/ { print ".Pp"; next }
  /^\.Pp$/ { paragraph = 1; next }
  paragraph { if (!/^\.(It|El)/) print ".Pp"; paragraph = 0 }
  /^\./ { print; next }
  { print text($0) }
' "$folder"/plugins/GenerateManual/outputs/charlm/charlm.1 >"$page.new"
mv "$page.new" "$page"
echo "Wrote $page" >&2
