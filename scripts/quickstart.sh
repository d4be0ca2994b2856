#!/usr/bin/env bash
# Builds charlm, trains it for at most a minute on a story, lets it write, and measures how well it predicts the part
# of the story that it never saw, beside the model that it started from.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n%s\n' "$*"; }

folder=.build/quickstart
model=$folder/the-salt-road.safetensors
corpus=corpora/the-salt-road.txt

scripts/set-up.sh
say "Building (a few minutes the first time)"
swift build --configuration release --product charlm
charlm=.build/release/charlm
mkdir -p $folder

say "charlm train $corpus --output $model --minutes 1"
"$charlm" train $corpus --output $model --minutes 1

say "charlm generate $model --prompt 'Dorcas' --temperature 0.6"
"$charlm" generate $model --prompt 'Dorcas' --length 600 --temperature 0.6 --seed 1

say "charlm evaluate $model (the last tenth of the story, which it was not trained on)"
characters=$(wc -c <$corpus) # the story is plain ASCII
tail -c $((characters - characters * 9 / 10)) $corpus >$folder/unseen.txt
"$charlm" evaluate $model $folder/unseen.txt

say "charlm evaluate english (the built-in model, which has read novels and nothing of this story)"
"$charlm" evaluate english $folder/unseen.txt

say "The model is $model. Try: $charlm generate $model --prompt 'The river'"
