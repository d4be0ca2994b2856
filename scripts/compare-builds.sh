#!/usr/bin/env bash
# Shows that two builds of charlm compute the same to the bit and read each other's files: for changes that must
# not change behavior.
#
#   scripts/compare-builds.sh OLD NEW     two charlm executables
#
# For each kind of cell: weights after 200 steps (2 threads, fixed seed), a run that NEW resumes from OLD's
# checkpoint, and with OLD's model the text of generate --seed 1, evaluate --json, diagnose memorization and compress.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
old=$(realpath "$1") new=$(realpath "$2")
cd "$(dirname "$0")/.."
text=$PWD/corpora/the-salt-road.txt
scripts=$PWD/corpora/many-scripts.txt
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0

# same NAME FILE FILE
same() {
  if cmp -s "$2" "$3"; then
    printf 'same       %-42s %s\n' "$1" "$(sha256sum <"$2" | cut -c1-16)"
  else
    printf 'DIFFERENT  %s\n' "$1"
    failures=$((failures + 1))
  fi
}

# tensors FILE: the data after a safetensors file's header.
tensors() { tail -c +$((9 + $(od -An -tu8 -N8 "$1"))) "$1"; }

# figures: JSON without what differs from run to run.
figures() { sed -E 's/"(seconds|characters_per_second|peak_memory_bytes)":[^,}]*//g'; }

# train NAME OPTION...: weights of both builds after the same run, and what each writes about it.
train() {
  local name=$1
  shift
  for build in old new; do
    "${!build}" train "$text" --output "$build-$name.safetensors" --threads 2 --seed 7 --quiet --json \
      "$@" |
      figures >"$build-$name.events"
    tensors "$build-$name.safetensors" >"$build-$name.weights"
  done
  same "weights, $name" "old-$name.weights" "new-$name.weights"
  same "events, $name" "old-$name.events" "new-$name.events"
}

# both NAME COMMAND...: the standard output of both builds, which must not be empty.
both() {
  local name=$1
  shift
  for build in old new; do
    "${!build}" "$@" 2>"$build.errors" | figures >"$build.output" || cat "$build.errors"
    [ -s "$build.output" ] || rm "$build.output"
  done
  same "$name" old.output new.output
}

small=(--max-steps 200 --hidden-size 64 --evaluate-every 100)
train lstm "${small[@]}" --layers 2 --dropout 0.2 --optimizer adamw --weight-decay 0.01
train ensemble "${small[@]}" --layers 2 --recurrent-dropout 0.1 --ema 0.99 --schedule cosine
train rnn "${small[@]}" --activation relu --cell rnn --optimizer rmsprop --learning-rate 0.001
train gru "${small[@]}" --cell gru --tie-embeddings --embedding-dropout 0.1
train lstm-sharded --max-steps 20 --hidden-size 512 --batch-size 2 --window 16
train graphemes "${small[@]}" --unit grapheme --normalization nfkd --case-fold --min-count 3

for cell in lstm gru rnn; do
  options=("${small[@]}" --cell "$cell")
  "$old" train "$text" --output part.safetensors --checkpoint part.checkpoint --quiet --threads 2 \
    "${options[@]}" --max-steps 100 2>/dev/null
  for build in old new; do
    cp part.checkpoint "$build.checkpoint"
    "${!build}" train --resume "$build.checkpoint" --output "$build-resumed.safetensors" \
      --max-steps 200 --quiet --threads 2 2>/dev/null
    tensors "$build-resumed.safetensors" >"$build-resumed.weights"
  done
  same "weights, $cell resumed from the old checkpoint" old-resumed.weights new-resumed.weights
  model=old-$cell.safetensors
  both "generate, $cell" generate "$model" --seed 1 --length 1000 --prompt "The road"
  both "generate with a sampler's chain, $cell" generate "$model" --seed 1 --length 500 --top-k 40 \
    --top-p 0.95 --min-p 0.01 --repetition-penalty 1.1 --temperature 0.9 --count 3 --json
  both "evaluate, $cell" evaluate "$model" "$text" "$scripts" --json
  both "evaluate --dynamic, $cell" evaluate "$model" "$scripts" --dynamic --json
done
both "generate --weights int8" generate old-lstm.safetensors --weights int8 --seed 1 --length 500
both "generate --pattern" generate old-lstm.safetensors --seed 1 --pattern '[A-Z][a-z]+( [a-z]+){5}\.'
both "generate --beams" generate old-lstm.safetensors --beams 4 --length 100 --prompt "The"
both "generate --mirostat" generate old-lstm.safetensors --seed 1 --mirostat 3 --length 500
both "generate of two models" generate old-lstm.safetensors --ensemble old-ensemble.safetensors \
  --seed 1 --count 2
both "evaluate --ensemble --baselines" evaluate old-lstm.safetensors "$scripts" \
  --ensemble old-ensemble.safetensors --baselines "$text" --json
both "tokenize" tokenize old-lstm.safetensors "$scripts" --json
both "diagnose memorisation" diagnose memorisation old-lstm.safetensors "$text" --seed 1 --json
both "diagnose gradients" diagnose gradients old-lstm.safetensors "$text" --json
for build in old new; do
  "${!build}" compress old-lstm.safetensors "$scripts" --output "$build.charlm" --quiet >compress.output
done
same "compress" old.charlm new.charlm
"$new" decompress old-lstm.safetensors old.charlm --output back.txt --quiet >compress.output
same "decompress what the old build compressed" back.txt "$scripts"

[ "$failures" -eq 0 ] || { echo "$failures differ."; exit 1; }
echo "All the same."
