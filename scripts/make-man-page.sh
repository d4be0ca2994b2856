#!/usr/bin/env bash
# Writes the manual page of charlm, by the tool of swift-argument-parser.
#
#   scripts/make-man-page.sh [FILE]     .build/charlm.1 by default
#
# Install it as /usr/local/share/man/man1/charlm.1, or below ~/.local/share/man/man1 for one user; scripts/install.sh
# does so. CHARLM names a command that is built already, and CHARLM_BUILD_OPTIONS has the options of its build.
set -euo pipefail
page=$(realpath --canonicalize-missing "${1:-$(dirname "$0")/../.build/charlm.1}")
source "$(dirname "$0")/find-charlm.sh"

# shellcheck disable=SC2206  # options are words
build=(swift build --configuration release ${CHARLM_BUILD_OPTIONS:-} --product generate-manual)
"${build[@]}" >&2
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
"$("${build[@]}" --show-bin-path)/generate-manual" "$charlm" --output-directory "$work" \
  --date "$(date --utc --date "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%F)" >&2

# The tool copies the texts of --help, in which roff would fill the lines of examples, hyphenate
# options, and print the two hyphens of an option as other characters.
mkdir -p "$(dirname "$page")"
awk '
  # A line that begins with an apostrophe would be a request.
  function text(line) {
    gsub(/--/, "\\%--", line)
    gsub(/-/, "\\-", line)
    sub(/^\047/, "\\\\\\&\047", line)
    return line
  }
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
' "$work/charlm.1" >"$page.new"
mv "$page.new" "$page"
echo "Wrote $page" >&2
