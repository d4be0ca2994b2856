#!/usr/bin/env bash
# Measures charlm and PyTorch alternately and prints, as Markdown, how they compare, with the targets.
#
#   scripts/compare-pytorch.sh --python VENV/bin/python [--pairs 5] [--seconds 3] [ROW...] >results.md
#
# Every measurement is a process of its own with as many threads as the other side's (THREADS, default 2); each row's pairs
# follow each other, and every other pair begins with PyTorch. ROW is the beginning of names (all without):
#
#   train-lstm-2x128 train-lstm-1x256 train-lstm-2x512 train-lstm-2x512-b128 train-lstm-1x512 train-lstm-1x1024
#   train-gru-2x256 train-lstm-1x512-v6500 generate-lstm-2x128 generate-lstm-2x512 64-samples evaluate-lstm-2x128
#   evaluate-lstm-2x512 tokenize start-up
#
# The machine should do nothing else: the load before is printed with the results. CHARLM names a command that is built
# already. The Python needs torch.
set -euo pipefail
usage() { sed -n '2,15s/^# \{0,1\}//p' "$0" >&2; exit 64; }

python= pairs=5 seconds=3 wanted=()
while [ $# -gt 0 ]; do
  case $1 in
    --python | --pairs | --seconds)
      [ $# -ge 2 ] || usage
      printf -v "${1#--}" %s "$2"
      shift 2
      ;;
    -*) usage ;;
    *) wanted+=("$1"); shift ;;
  esac
done
[ -n "$python" ] && [[ $pairs =~ ^[1-9][0-9]*$ ]] || usage
"$python" -c 'import torch' || { echo "$python has no torch: give --python another interpreter." >&2; exit 66; }
case $python in */*) python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python") ;; esac
threads=${THREADS:-2}
load=$(cut -d' ' -f1 /proc/loadavg) # before anything is built
source "$(dirname "$0")/find-charlm.sh"

# name | arguments of both sides | what the target is about: the ratio to PyTorch, characters a second, or the ratio to
# another row of charlm's | least | aim | more arguments of charlm's
rows=(
  "train-lstm-2x128|train --layers 2 --hidden-size 128 --batch-size 50 --window 50|ratio|2.0|2.5"
  "train-lstm-1x256|train --layers 1 --hidden-size 256 --batch-size 32 --window 64|ratio|2.2|2.6"
  "train-lstm-2x512|train --layers 2 --hidden-size 512 --batch-size 50 --window 50|ratio|1.7|2.0"
  "train-lstm-2x512-b128|train --layers 2 --hidden-size 512 --batch-size 128 --window 128|ratio|1.7|2.0"
  "train-lstm-1x512|train --layers 1 --hidden-size 512 --batch-size 32 --window 64|ratio|2.5|3.2"
  "train-lstm-1x1024|train --layers 1 --hidden-size 1024 --batch-size 64 --window 128|ratio|2.2|2.6"
  "train-gru-2x256|train --cell gru --layers 2 --hidden-size 256 --batch-size 50 --window 100|ratio|2.0|2.5"
  "train-lstm-1x512-v6500|train --layers 1 --hidden-size 512 --batch-size 32 --window 64 --vocabulary-size 6500|ratio|1.6|"
  "generate-lstm-2x128|generate --layers 2 --hidden-size 128|speed|50000|80000"
  "generate-lstm-2x512|generate --layers 2 --hidden-size 512|speed|3000|"
  "generate-lstm-2x512-int8|generate --layers 2 --hidden-size 512|speed|8000|15000|--weights int8"
  "64-samples-lstm-2x128|generate --layers 2 --hidden-size 128|generate-lstm-2x128|8||--count 64"
  "64-samples-lstm-2x512|generate --layers 2 --hidden-size 512|generate-lstm-2x512|8||--count 64"
  "evaluate-lstm-2x128|evaluate --layers 2 --hidden-size 128|ratio|2.0|"
  "evaluate-lstm-2x512|evaluate --layers 2 --hidden-size 512|ratio|2.0|"
)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
log=$folder/measurements.jsonl

is_wanted() {
  [ ${#wanted[@]} -eq 0 ] && return
  local beginning
  for beginning in "${wanted[@]}"; do [[ $1 == "$beginning"* ]] && return; done
  return 1
}

# measure ROW SIDE COMMAND...: keeps the objects that the command prints, one a line.
measure() {
  local row=$1 side=$2
  shift 2
  printf '%s: %s\n' "$row" "$side" >&2
  "$@" >"$folder/output"
  sed "s/^{/{\"row\":\"$row\",\"side\":\"$side\",/" "$folder/output" >>"$log"
}

for entry in "${rows[@]}"; do
  IFS='|' read -r name arguments about least aim more <<<"$entry"
  is_wanted "$name" || continue
  printf '{"row":"%s","side":"target","target":"%s"}\n' "$name" "$about|$least|$aim" >>"$log"
  read -ra own <<<"${more:-}"
  read -ra options <<<"$arguments --threads $threads --seconds $seconds"
  for ((pair = 0; pair < pairs; pair++)); do
    sides=(charlm pytorch)
    ((pair % 2 == 0)) || sides=(pytorch charlm)
    for side in "${sides[@]}"; do
      case $side in
        charlm) measure "$name" charlm "$charlm" benchmark "${options[@]}" "${own[@]}" --json ;;
        pytorch)
          # A row that is compared with another of charlm's needs no PyTorch.
          case $about in ratio | speed) ;; *) continue ;; esac
          measure "$name" pytorch "$python" scripts/benchmark-pytorch.py "${options[@]}"
          ;;
      esac
    done
  done
done

if is_wanted tokenize; then
  for ((pair = 0; pair < pairs; pair++)); do
    measure tokenize charlm "$charlm" benchmark tokenize --seconds "$seconds" --json
  done
fi

if is_wanted start-up; then
  # How fast a model starts depends on its size alone, so one step of training will do.
  head -c 20000 corpora/the-salt-road.txt >"$folder/text.txt"
  "$charlm" train "$folder/text.txt" --output "$folder/model.safetensors" --layers 2 --hidden-size 512 \
    --batch-size 1 --window 8 --max-steps 1 --validation-fraction 0 --quiet
  measure start-up charlm "$python" - "$charlm" "$folder/model.safetensors" "$threads" $((2 * pairs + 1)) <<'PYTHON'
import json, subprocess, sys, time

charlm, model, threads, count = sys.argv[1:]
for run in range(int(count)):
    start = time.perf_counter()
    command = [charlm, "generate", model, "--length", "20", "--seed", "1", "--threads", threads, "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    process.stdout.read(1)
    seconds = time.perf_counter() - start
    process.communicate()
    if run > 0:  # the first one brings the files into memory
        print(json.dumps({"seconds": seconds}))
PYTHON
fi

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
commit=$(git rev-parse --short HEAD)
[ -z "$(git status --porcelain --untracked-files=no -- ':!docs/benchmark-results.md')" ] || commit+=" with changes"
swift=$(swift --version 2>&1 | grep -o 'Swift version [0-9.]*' | head -1)
torch=$("$python" -c 'import torch; print(torch.__version__)')
[ -s "$log" ] || { echo "No row begins with ${wanted[*]}." >&2; exit 64; }
"$python" - "$log" "$pairs" "$(date -u +%Y-%m-%d)" "${processor:-$(uname -m)}" "$threads" "$commit" "$swift" "$torch" "$load" <<'PYTHON'
import collections, json, statistics, sys

log, pairs, date, processor, threads, commit, swift, torch, load = sys.argv[1:]
rows = collections.defaultdict(lambda: collections.defaultdict(list))
with open(log, encoding="utf8") as lines:
    for line in map(json.loads, lines):
        rows[line["row"]]["peak" if line.get("benchmark") == "peak" else line["side"]].append(line)
median = statistics.median
peaks = [peak for row in rows.values() for peak in row["peak"]]


def best(key):
    return max(peak[key] for peak in peaks)


def reached(value, least, aim):
    """What of the targets a value comes to."""
    if aim and value >= float(aim):
        return "the aim"
    return "yes" if value >= float(least) else "no"


def number(text):
    return f"{float(text):,.0f}" if float(text) >= 100 else text


print("# Results\n")
print(f"Written by `scripts/compare-pytorch.sh` on {date}: {processor}, {threads} threads; charlm at {commit}, {swift}; "
      f"PyTorch {torch}. Load of the machine before: {load}.\n")
if float(load) > 0.5:
    print("**The machine was busy: PyTorch's waiting threads suffer most from that, and no figure below holds.**\n")
if peaks:
    sets = ", ".join(sorted({peak["instruction_set"] for peak in peaks}))
    print(f"Peak of matrix products ({sets}), the best of all runs: {best('gigaflops_per_second_of_one_thread'):.0f} "
          f"GFLOP/s on one thread, {best('gigaflops_per_second'):.0f} on {threads}.\n")
    print(f"Speeds are medians of {pairs} run{'' if pairs == '1' else 's'} on each side, alternating; the ratio is the median over the pairs, with the lowest and "
          "the highest. GFLOP/s are useful ones, of the median run, and their share is relative to that peak.\n")
    print("| row | PyTorch, characters/s | charlm, characters/s | ratio | target | reached | GFLOP/s | of peak |")
    print("|---|---|---|---|---|---|---|---|")
for name, row in rows.items():
    if not row["target"]:
        continue
    kind, least, aim = row["target"][0]["target"].split("|")
    ours, theirs = ([run["characters_per_second"] for run in row[side]] for side in ("charlm", "pytorch"))
    other = rows[kind]["charlm"] if kind not in ("ratio", "speed") else []
    if kind not in ("ratio", "speed"):
        if not other:
            continue
        theirs = [run["characters_per_second"] for run in other]
    ratios = [a / b for a, b in zip(ours, theirs)]
    rate = median(run["useful_gigaflops_per_second"] for run in row["charlm"])
    value = median(ours if kind == "speed" else ratios)
    unit = "/s" if kind == "speed" else " x"
    asked = f"{number(least)}{unit}" + (" one sample" if other else "") + (f", aim {number(aim)}{unit}" if aim else "")
    peer = "" if other else f"{median(theirs):,.0f}"
    print(f"| {name} | {peer} | {median(ours):,.0f} | {median(ratios):.2f} "
          f"({min(ratios):.2f} to {max(ratios):.2f}) | {asked} | {reached(value, least, aim)} | {rate:.1f} "
          f"| {100 * rate / best('gigaflops_per_second'):.0f} % |")
texts = collections.defaultdict(list)
for run in rows["tokenize"]["charlm"]:
    texts[run["text"]].append(run["megabytes_per_second"])
if texts:
    print("\n| tokenizing, one thread | MB/s | target | reached |\n|---|---|---|---|")
for text, speeds in texts.items():
    least = 400 if text == "ascii" else 100
    print(f"| {text} | {median(speeds):.0f} ({min(speeds):.0f} to {max(speeds):.0f}) | {least} | "
          f"{reached(median(speeds), least, None)} |")
if starts := [1e3 * run["seconds"] for run in rows["start-up"]["charlm"]]:
    print("\n| start-up, `charlm generate` to its first character | ms | target | reached |\n|---|---|---|---|")
    print(f"| LSTM 2 x 512 | {median(starts):.0f} ({min(starts):.0f} to {max(starts):.0f}) | below 60 | "
          f"{'yes' if median(starts) < 60 else 'no'} |")
PYTHON
