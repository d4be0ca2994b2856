# Sourced by the scripts that run charlm: goes to the root of the repository and sets `charlm` to the absolute path of the
# command, the one that CHARLM names, where that is set, else one that is built here, in release.
#
#   source "$(dirname "$0")/find-charlm.sh"
#
# Whatever relative path the user gave must be made absolute before.
# shellcheck shell=bash
if [ -n "${CHARLM:-}" ]; then
  [ -f "$CHARLM" ] && [ -x "$CHARLM" ] || {
    echo "CHARLM is '$CHARLM', which is no command: name a charlm that is built already, or leave it out." >&2
    exit 66
  }
  charlm=$(realpath "$CHARLM")
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -z "${CHARLM:-}" ]; then
  swift build --configuration release --product charlm >&2
  charlm=$PWD/.build/release/charlm
fi
