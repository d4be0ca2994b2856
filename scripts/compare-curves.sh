#!/usr/bin/env bash
# Trains the same network on the same text with charlm and with PyTorch and draws both: docs/curves-pytorch.svg.
#
#   scripts/compare-curves.sh TEXT PYTHON [FOLDER]
#
# TEXT is tinyshakespeare in the committed picture (scripts/fetch-corpora.sh), PYTHON an interpreter that has torch
# and safetensors. FOLDER (default: .build/curves) keeps the JSON lines of each run; those already there are not made
# again. 400 steps of LSTM and GRU, 1 x 256, B 32, T 64, with seeds 1 to 6 or those of SEEDS, and once in PyTorch from
# charlm's initial weights of the first seed. Prints the figures as Markdown. CHARLM names a command that is
# built already.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 64; }
text=$(realpath "$1")
python=$2
folder=${3:-.build/curves}
source "$(dirname "$0")/find-charlm.sh"
steps=400
read -ra seeds <<<"${SEEDS:-1 2 3 4 5 6}"

mkdir -p "$folder"

# run NAME COMMAND...: keeps what the command prints, once it is whole.
run() {
  local log="$folder/$1.jsonl"
  shift
  [ -s "$log" ] && return
  "$@" >"$log.part"
  mv "$log.part" "$log"
}

curves=()
for cell in lstm gru; do
  for seed in "${seeds[@]}"; do
    run "charlm-$cell-$seed" "$charlm" train "$text" --output "$folder/$cell-$seed.safetensors" \
      --cell "$cell" --max-steps "$steps" --evaluate-every "$steps" --seed "$seed" --json --quiet
    run "pytorch-$cell-$seed" "$python" scripts/train-with-pytorch.py "$text" \
      --cell "$cell" --steps "$steps" --seed "$seed"
  done
  # The first seed once more from the very same weights: one step of no length leaves them as they are.
  initial="$folder/initial-$cell.safetensors"
  [ -s "$initial" ] || "$charlm" train "$text" --output "$initial" --cell "$cell" --max-steps 1 \
    --learning-rate 1e-30 --evaluate-every 1 --seed "${seeds[0]}" --quiet
  run "initial-$cell-${seeds[0]}" "$python" scripts/train-with-pytorch.py "$text" \
    --cell "$cell" --steps "$steps" --initial "$initial"
  for seed in "${seeds[@]}"; do
    curves+=("${cell^^}:charlm=$folder/charlm-$cell-$seed.jsonl")
    curves+=("${cell^^}:PyTorch=$folder/pytorch-$cell-$seed.jsonl")
  done
done
"$python" scripts/draw-curves.py --against step --top 2.4 --output docs/curves-pytorch.svg \
  --title "$(basename "$text" .txt), LSTM and GRU 1 x 256, seeds ${seeds[*]}" "${curves[@]}"
"$python" - "$folder" "${seeds[@]}" <<'PYTHON'
import json, statistics, sys

folder, seeds = sys.argv[1], sys.argv[2:]


def read(program, cell, seed):
    """The training loss by step, without the first step's, and the validation."""
    with open(f"{folder}/{program}-{cell}-{seed}.jsonl", encoding="utf8") as lines:
        reports = [json.loads(line) for line in lines]
    losses = {r["step"]: r["train_nats_per_token"] for r in reports if "train_nats_per_token" in r}
    losses.pop(1)
    return losses, reports[-1]["validation_nats_per_token"]


def text(values):
    return f"{statistics.mean(values):.4f} ± {statistics.stdev(values):.4f}"


print("| cell | figure | charlm | PyTorch | difference of the means, its standard error |\n|---|---|---|---|---|")
for cell in "lstm", "gru":
    runs = {p: [read(p, cell, seed) for seed in seeds] for p in ("charlm", "pytorch")}
    steps = list(runs["charlm"][0][0])
    rows = [(f"training, steps {step - 49} to {step}", lambda run, step=step: run[0][step]) for step in steps]
    for name, figure in rows + [("validation", lambda run: run[1])]:
        ours, theirs = ([figure(run) for run in runs[p]] for p in ("charlm", "pytorch"))
        difference = statistics.mean(ours) - statistics.mean(theirs)
        error = ((statistics.variance(ours) + statistics.variance(theirs)) / len(seeds)) ** 0.5
        print(f"| {cell.upper()} | {name} | {text(ours)} | {text(theirs)} | {difference:+.4f}, {error:.4f} |")
print("\n| cell | seed | charlm: training | validation | PyTorch: training | validation |\n|---|---|---|---|---|---|")
for cell in "lstm", "gru":
    for seed in seeds:
        (ours, ours_end), (theirs, theirs_end) = (read(p, cell, seed) for p in ("charlm", "pytorch"))
        last = max(ours)
        print(f"| {cell.upper()} | {seed} | {ours[last]:.4f} | {ours_end:.4f} | {theirs[last]:.4f} | {theirs_end:.4f} |")

print("\n| cell | steps | charlm | PyTorch from the same weights | difference |\n|---|---|---|---|---|")
for cell in "lstm", "gru":
    (ours, ours_end), (theirs, theirs_end) = (read(p, cell, seeds[0]) for p in ("charlm", "initial"))
    rows = [(f"{step - 49} to {step}", ours[step], theirs[step]) for step in ours]
    for name, a, b in rows + [("validation", ours_end, theirs_end)]:
        print(f"| {cell.upper()} | {name} | {a:.5f} | {b:.5f} | {a - b:+.5f} |")
PYTHON
