#!/usr/bin/env bash
# Makes the documentation as a site: README.md and the pages of docs/ by pandoc, and all libraries by DocC.
#
#   scripts/make-docs.sh [FOLDER]     FOLDER: .build/site by default; it is replaced
#
# SITE_SOURCES is the address below which readers find the sources, for links to them; without it those links are
# plain text. SITE_BASE is the path of the site on its server (by default /), which pages by DocC need.
# SITE_PAGES_ONLY=1 leaves DocC out.
set -euo pipefail
site=$(realpath --canonicalize-missing "${1:-$(dirname "$0")/../.build/site}")
cd "$(dirname "$0")/.."
scripts/set-up.sh pandoc python3
rm -rf "$site"
mkdir -p "$site/docs"

# page SOURCE DESTINATION ROOT
page() {
  pandoc --from gfm --to html5 --standalone --shift-heading-level-by -1 --toc --toc-depth 2 \
    --lua-filter scripts/site/links.lua --css "$3style.css" --metadata lang=en \
    --variable include-before="<nav><a href=\"$3index.html\">charlm</a> · <a href=\"$3docs/index.html\">all pages</a>${api:+ · <a href=\"$3api/documentation/index.html\">libraries</a>}</nav>" \
    --output "$2" "$1"
}
api=yes
[ -z "${SITE_PAGES_ONLY:-}" ] || api=
cp scripts/site/style.css "$site"
(cd docs && find . -type f ! -name '*.md' -exec cp --parents {} "$site/docs" \;)
SITE_PAGE=front page README.md "$site/index.html" ""
for source in docs/*.md; do
  name=$(basename "$source" .md)
  [ "$name" != README ] || name=index
  page "$source" "$site/docs/$name.html" ../
done

if [ -n "$api" ]; then
  targets=()
  for library in Tokenization Kernels RecurrentNetwork Patterns ModelFiles Training Evaluation Generation Compression Interchange CharlmKit; do
    targets+=(--target "$library")
  done
  CHARLM_DOCUMENTATION=1 swift package --scratch-path .build-docs --allow-writing-to-directory "$site/api" \
    generate-documentation "${targets[@]}" --enable-experimental-combined-documentation \
    --warnings-as-errors --transform-for-static-hosting --hosting-base-path "${SITE_BASE:-}api" \
    --output-path "$site/api" >&2
fi

scripts/site/check-links.py "$site"
echo "Wrote $site"
