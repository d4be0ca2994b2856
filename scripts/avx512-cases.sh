#!/bin/sh
# Prints what the kernels for AVX-512 compute, a line for each case: a digest of weights or of texts, or scores. For
# check-avx512.sh, which runs this also where there is nothing but BusyBox.
#
#   scripts/avx512-cases.sh CHARLM FOLDER     the folder has train.txt and unseen.txt
set -eu
charlm=$1
cd "$2"

digest() { sha256sum | cut -c 1-16; }

# train NAME OPTION...: four steps of a network, with sizes that leave parts of vectors and of panels.
train() {
  name=$1
  shift
  "$charlm" train train.txt --output "$name.safetensors" --instruction-set avx512 --threads 2 --max-steps 4 \
    --batch-size 13 --window 11 --overwrite --quiet "$@"
  # The header has the run's duration.
  header=$(head -c 8 "$name.safetensors" | od -An -t u4 | awk '{ print $1 }')
  echo "weights, $name: $(tail -c +$((header + 9)) "$name.safetensors" | digest)"
}

# use NAME: what a network writes, and how it scores a text, with both precisions.
use() {
  for precision in float32 int8; do
    echo "texts, $1, $precision: $("$charlm" generate "$1.safetensors" --instruction-set avx512 --threads 2 \
      --weights $precision --prompt The --length 60 --seed 3 --count 3 --quiet | digest)"
    score "$1" --weights $precision
  done
}

score() {
  name=$1
  shift
  echo "nats, $name $*: $("$charlm" evaluate "$name.safetensors" unseen.txt --instruction-set avx512 --threads 2 \
    --json "$@" | grep -o '"nats":[^,}]*' | head -n 1)"
}

train lstm --layers 2 --hidden-size 72 --dropout 0.3 --embedding-dropout 0.1 --recurrent-dropout 0.1
train wide --hidden-size 200 --batch-size 3 --optimizer adamw --weight-decay 0.1
train gru --cell gru --layers 2 --hidden-size 104 --residual --optimizer rmsprop
train tanh --cell rnn --hidden-size 136 --tie-embeddings --optimizer sgd --nesterov --momentum 0.9 --clip-value 0.1
train relu --cell rnn --activation relu --hidden-size 65 --optimizer adagrad
train coupled --cell coupled-lstm --layers 2 --hidden-size 128 --layer-norm rms --average-last 0.5
train normalized --hidden-size 128 --layer-norm rms --ema 0.9 --dropout 0.2 --dropout-mask per-step
train normalized-gru --cell gru --hidden-size 64 --layer-norm rms
for network in lstm wide gru tanh coupled normalized; do use $network; done
score lstm --dynamic --dynamic-rate 0.001 --dynamic-decay 0.001
