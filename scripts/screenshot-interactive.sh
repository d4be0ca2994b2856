#!/usr/bin/env bash
# Draws docs/interactive.svg: a session of `charlm generate --interactive` with a model trained for a quarter of a
# minute, as a terminal of 80 columns shows it.
#
# CHARLM names a command that is built already.
set -euo pipefail
source "$(dirname "$0")/find-charlm.sh"
models=$(mktemp -d)
trap 'rm -r "$models"' EXIT

"$charlm" train corpora/the-salt-road.txt --output "$models/novel.safetensors" --hidden-size 128 --max-steps 1200 \
  --dropout 0.2 --seed 1
python3 scripts/draw-session.py --output docs/interactive.svg --title "charlm generate novel.safetensors --interactive" \
  --type "In the morning" --type "/undo" --type "/temperature 0.5" --type "In the morning" --type "/next" --type "" \
  --type " But" --type "/quit" \
  -- "$charlm" generate "$models/novel.safetensors" --interactive --length 120 --seed 5
