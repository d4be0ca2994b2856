#!/usr/bin/env bash
# Makes models/english.safetensors again from texts, or a base model of another language.
#
#   scripts/make-base-model.sh [--minutes 75] [--units 448] [--held-out FILE]... [--output MODEL] TEXT ...
#
# The texts are UTF-8, with empty lines between paragraphs; models/README.md lists those of the model 'english'. Those
# of --held-out choose the weights and are not trained on, even if TEXT names them, too. The model is as good as its
# time: 75 minutes on two cores read 80 to 100 million characters.
set -euo pipefail
usage() { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }

minutes=75 units=448 output=models/english.safetensors held=() given=() texts=()
while [ $# -gt 0 ]; do
  case $1 in
    --minutes | --units | --output) [ $# -ge 2 ] || usage; declare "${1#--}=$2"; shift 2 ;;
    --held-out) [ $# -ge 2 ] || usage; held+=("$(realpath "$2")"); shift 2 ;;
    -*) usage ;;
    *) given+=("$(realpath "$1")"); shift ;;
  esac
done
for text in "${given[@]}"; do
  [[ " ${held[*]} " == *" $text "* ]] || texts+=("$text")
done
[ ${#texts[@]} -gt 0 ] || usage
output=$(realpath "$output")
source "$(dirname "$0")/find-charlm.sh"
layouts=scripts/make-base-corpus.py
folder=$(mktemp -d "$(dirname "$output")/base.XXXX")
trap 'rm -rf "$folder"' EXIT

"$layouts" "${texts[@]}" --copies 2 >"$folder/base.txt"
validation=()
if [ ${#held[@]} -gt 0 ]; then
  "$layouts" "${held[@]}" --copies 1 --middle 60000 >"$folder/held-out.txt"
  validation=(--validation-file "$folder/held-out.txt")
fi
"$charlm" train "$folder/base.txt" "${validation[@]}" --output "$folder/model.safetensors" --from none \
  --minutes "$minutes" --layers 1 --hidden-size "$units" --embedding-size 64 --tie-embeddings --layer-norm rms \
  --optimizer adamw --learning-rate 0.004 --weight-decay 0.01 --decay-scope matrices --ema 0.999 \
  --dropout 0 --recurrent-dropout 0 --batch-size 32 --window 64
"$charlm" export "$folder/model.safetensors" --storage float16 --output "$output"
for text in "${held[@]}"; do "$charlm" evaluate "$output" "$text"; done
"$charlm" diagnose memorization "$output" "$folder/base.txt" ${held[0]+--compare "$folder/held-out.txt"} \
  --temperature 0.8 --length 100000 --seed 1
