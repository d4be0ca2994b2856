#!/usr/bin/env bash
# Takes docs/evaluation-page.svg and docs/evaluation-page-dark.svg: the upper part of the page that `charlm evaluate
# --html` writes, as Chromium shows it on a light and on a dark screen, with the pointer on the last character of the
# hardest passage that cost more than 8 bits. The model has read seven tenths of a story for a quarter of a minute,
# the page is of the rest. Chromium prints what it shows into a PDF, poppler makes an SVG of that.
#
# CHARLM names a command that is built already, CHROMIUM another browser of its kind.
set -euo pipefail
chromium=${CHROMIUM:-chromium}
packages=(poppler-utils)
command -v "$chromium" >/dev/null || packages+=(chromium)
"$(dirname "$0")/set-up.sh" "${packages[@]}"
source "$(dirname "$0")/find-charlm.sh"
docs=$PWD/docs
corpus=$PWD/corpora/the-salt-road.txt
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" # so that the page's title has no path

bytes=$(wc -c <"$corpus") # the story is plain ASCII
head -c $((bytes * 7 / 10)) "$corpus" >novel.txt
tail -c $((bytes - bytes * 7 / 10)) "$corpus" >unseen.txt
"$charlm" train novel.txt --output novel.safetensors --hidden-size 128 --max-steps 1200 --dropout 0.2 --seed 1 --quiet
"$charlm" evaluate novel.safetensors unseen.txt --html page.html --quiet >/dev/null

# The window is as large as the paper, so that the candidates are next to their character, and not on the histogram.
options=(--headless --disable-gpu --user-data-dir="$folder/browser" --virtual-time-budget=2000 --no-pdf-header-footer
  --window-size=900,1180)
[ "$(id -u)" -ne 0 ] || options+=(--no-sandbox) # root has none
# shot PICTURE COMMAND...: the command makes the page what a screen of that kind shows. Paper is always light, and has no
# colors behind its text unless told so.
shot() {
  "${@:2}" <page.html >shown.html
  cat >>shown.html <<'PAGE'
<style>@page { size: 900px 1180px; margin: 0 } * { print-color-adjust: exact } html { height: 1180px; overflow: hidden }</style>
<script>[...document.querySelectorAll("ol>li:first-child i:is(.g,.h)")].pop().click()</script>
PAGE
  "$chromium" "${options[@]}" --print-to-pdf="$folder/page.pdf" "file://$folder/shown.html" 2>"$folder/messages" \
    || { cat "$folder/messages" >&2; exit 1; }
  pdftocairo -svg -f 1 -l 1 page.pdf picture.svg
  sed -E 's/([0-9]\.[0-9]{2})[0-9]+/\1/g' picture.svg >"$docs/$1" # hundredths of a point are fine enough
  echo "docs/$1: $(wc -c <"$docs/$1") bytes"
}
shot evaluation-page.svg cat
shot evaluation-page-dark.svg sed 's/@media(prefers-color-scheme:dark)/@media all/'
