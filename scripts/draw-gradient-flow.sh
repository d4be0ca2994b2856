#!/usr/bin/env bash
# Draws docs/gradient-flow.svg: an LSTM, a GRU and a simple RNN of the same size and seed, trained for less than a
# minute each, and how far back the gradients of each reach.
#
# CHARLM names a command that is built already.
set -euo pipefail
source "$(dirname "$0")/find-charlm.sh"
models=$(mktemp -d)
trap 'rm -r "$models"' EXIT
text=corpora/the-salt-road.txt

for cell in lstm gru rnn; do
  "$charlm" train "$text" --cell "$cell" --hidden-size 128 --max-steps 1000 --seed 1 --output "$models/$cell.safetensors"
done
"$charlm" diagnose gradients "$models"/{lstm,gru,rnn}.safetensors "$text" --plot docs/gradient-flow.svg
"$charlm" diagnose gradients --cell lstm --cell gru --cell rnn "$text"
