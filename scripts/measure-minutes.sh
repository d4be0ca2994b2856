#!/usr/bin/env bash
# Trains with --minutes and nothing else, and prints as Markdown what was chosen and how well the last tenth of each
# text is predicted then: the tables of docs/experiments.md.
#
#   scripts/measure-minutes.sh [--from MODEL] [--before COMMAND] [--minutes "1.75 3"] [--seeds "1 2 3"]
#                              [--args "..."] TEXT ...
#
# Training starts from nothing unless --from names a model, such as english. --before names an older charlm, which
# runs before each run, so that both meet the same machine. --args are further options of every run. Run nothing else
# meanwhile: what is chosen depends on the speed.
set -euo pipefail
usage() { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 64; }

from=none before= minutes="1.75 3" seeds=1 args= texts=()
while [ $# -gt 0 ]; do
  case $1 in
    --from | --before | --minutes | --seeds | --args) [ $# -ge 2 ] || usage; declare "${1#--}=$2"; shift 2 ;;
    -*) usage ;;
    *) texts+=("$(realpath "$1")"); shift ;;
  esac
done
[ ${#texts[@]} -gt 0 ] || usage
[ -z "$before" ] || before=$(realpath "$before")
source "$(dirname "$0")/find-charlm.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# measure COMMAND NAME TEXT MINUTES SEED [OPTION...]: prints a row.
measure() {
  local model=$folder/model.safetensors
  rm -f "$model"*
  # shellcheck disable=SC2086
  "$1" train "$3" --output "$model" --minutes "$4" --seed "$5" "${@:6}" $args --quiet >"$folder/log" 2>&1 || {
    echo "| $(basename "$3") | $4 | $5 | $2 | failed: $(tail -1 "$folder/log") |"
    return
  }
  "$1" inspect "$model" --json >"$folder/model.json"
  python3 - "$folder/model.json" "$(basename "$3")" "$4" "$5" "$2" <<'PYTHON'
import json, sys

path, text, minutes, seed, version = sys.argv[1:]
with open(path) as file:
    model = json.load(file)
network, training = model["network"], model["training"]
settings, unit = training["configuration"], model["tokenizer"]["configuration"]["unit"]
layers = network["layer_count"]
chosen = f"{layers} x " if layers > 1 else ""
chosen += f"{network['hidden_size']} {network['cell']}"
chosen += ", normalized" if "normalization_groups" in network else ""
chosen += f", tied {network['embedding_size']}" if network.get("ties_embeddings") else ""
chosen += f", {unit}s" if unit != "scalar" else ""
dropout = f"{settings['dropout']:.2f}"
if settings["recurrent_dropout"] > 0:
    dropout += f" and {settings['recurrent_dropout']:.2f}"
passes = training["steps"] * settings["batch_size"] * settings["window_length"] / training["training_tokens"]
print(f"| {text} | {minutes} | {seed} | {version} | {chosen} | {dropout} "
      f"| {training['characters_seen'] / 1e6:.2f} million, {passes:.1f} passes "
      f"| {training['validation_nats_per_token']:.4f} | {training['seconds']:.0f} s |")
PYTHON
}

sed -n 's/^model name[^:]*: /Processor: /p' /proc/cpuinfo | head -1
echo
echo "| text | minutes | seed | version | network | dropout | characters read | nats per token | time |"
echo "|---|---|---|---|---|---|---|---|---|"
for text in "${texts[@]}"; do
  for time in $minutes; do
    for seed in $seeds; do
      [ -z "$before" ] || measure "$before" before "$text" "$time" "$seed"
      measure "$charlm" now "$text" "$time" "$seed" --from "$from"
    done
  done
done
