#!/usr/bin/env bash
# Checks the page of `charlm serve` in Chromium, as a person uses it: writing, training, measuring, by mouse and by
# keyboard. Selenium comes from PyPI into a virtual environment outside the repository; without it, or without Debian's
# packages chromium and chromium-driver, the checks are skipped.
#
#   scripts/check-page.sh [--pictures FOLDER] [CHECK...]     all checks by default; CHECK is a part of their names
#
# With --pictures it takes the pictures of the documentation instead, from models that it trains for four minutes.
# CHARLM names a command that is built already, with charlm-server beside it.
set -euo pipefail
pictures=()
if [ "${1:-}" = --pictures ]; then
  mkdir -p "$2"
  pictures=(--pictures "$(realpath "$2")")
  shift 2
fi
cd "$(dirname "$0")/.."

skip() {
  echo "Skipped: the checks of the page, because $1." >&2
  exit 0
}
for program in chromium chromedriver; do
  command -v "$program" >/dev/null || scripts/set-up.sh chromium chromium-driver || true
  command -v "$program" >/dev/null || skip "'$program' is missing and cannot be installed here"
done
environment=${CHARLM_PAGE_CLIENT:-${TMPDIR:-/tmp}/charlm-page-client}
python=$environment/bin/python
[ -x "$python" ] || python3 -m venv "$environment" || skip "a virtual environment of Python cannot be made here"
"$python" -m pip install --quiet --disable-pip-version-check selenium pillow \
  || skip "'selenium' and 'pillow' cannot be installed here"

if [ -z "${CHARLM:-}" ]; then
  swift build --configuration release --product charlm >&2
  CHARLM_SERVER=1 swift build --configuration release --product charlm-server >&2
  CHARLM=$PWD/.build/release/charlm
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -B scripts/page_checks "$(realpath "$CHARLM")" "$folder" "${pictures[@]}" "$@"
