#!/usr/bin/env bash
# Prints, as Markdown, where the time of a training step goes, by `perf record` on `charlm benchmark train`.
#
#   scripts/profile-training.sh [--threads N] [--seconds X] [ROW...]
#
# ROW is the arguments of one benchmark, in quotes; those of scripts/compare-pytorch.sh unless told otherwise. N is 2, X 3.
# CHARLM names a command that is built already. Needs perf, and a machine that does nothing else.
set -euo pipefail
usage() { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }

threads=2 seconds=3 rows=()
while [ $# -gt 0 ]; do
  case $1 in
    --threads | --seconds) [ $# -ge 2 ] || usage; declare "${1#--}=$2"; shift 2 ;;
    --[a-z]*\ *) rows+=("$1"); shift ;;
    *) usage ;;
  esac
done
[ ${#rows[@]} -gt 0 ] || rows=(
  "--layers 2 --hidden-size 128 --batch-size 50 --window 50"
  "--layers 1 --hidden-size 256 --batch-size 32 --window 64"
  "--layers 2 --hidden-size 512 --batch-size 50 --window 50"
  "--layers 2 --hidden-size 512 --batch-size 128 --window 128"
  "--layers 1 --hidden-size 512 --batch-size 32 --window 64"
  "--layers 1 --hidden-size 1024 --batch-size 64 --window 128"
  "--cell gru --layers 2 --hidden-size 256 --batch-size 50 --window 100"
  "--layers 1 --hidden-size 512 --batch-size 32 --window 64 --vocabulary-size 6500"
)
command -v perf >/dev/null || { echo "There is no perf: install linux-perf." >&2; exit 69; }
source "$(dirname "$0")/find-charlm.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for number in "${!rows[@]}"; do
  read -ra arguments <<<"${rows[number]}"
  # The machine's peak is measured first, for a second: what comes later is training alone.
  perf record --quiet --event cpu-clock --delay 2500 --output "$folder/data" -- "$charlm" benchmark train "${arguments[@]}" \
    --threads "$threads" --seconds "$seconds" --json >"$folder/$number.json" 2>"$folder/messages" \
    || { cat "$folder/messages" >&2; exit 1; }
  perf report --input "$folder/data" --stdio --no-children --sort symbol --field-separator '|' --fields overhead,symbol \
    >"$folder/$number.txt" 2>/dev/null
  printf '%s\n' "${rows[number]}" >"$folder/$number.name"
done

python3 - "$folder" "${#rows[@]}" <<'PYTHON'
import collections, json, re, sys
from pathlib import Path

folder, count = Path(sys.argv[1]), int(sys.argv[2])
parts = {
    "matrix products": r"any_tile|row_by_four_panels|multiply(_panel|_panels|_group)?|accumulate_transposed",
    "copying for products": r"pack|gather_(columns|group)|mem(cpy|move)\w*|__mem\w+",
    "gates": r"(lstm|gru|elman)_\w+",
    "softmax, loss": r"cross_entropy\w*",
    "optimizer, gradient norm": r"adam|sum_of_squares",
    "embedding": r"gather_rows|scatter_add_rows|add_to|add_column_sums",
    "clearing": r"memset\w*|__mem?set\w*|clear_page\w*",
    "waiting for the other thread": r"wait_while|meet|take_part|serve|sched_yield|do_sched_yield|__sched_yield|\w*schedule\w*|wake",
}
print("| LSTM unless given | " + " | ".join(parts) + " | else | of peak |")
print("|---|" + "---|" * (len(parts) + 2))
for number in range(count):
    shares = collections.Counter()
    for line in (folder / f"{number}.txt").read_text("utf8").splitlines():
        found = re.match(r"\s*([\d.]+)%\s*\|\s*\[[.k]\]\s*([^|]*)", line)
        if not found:
            continue
        symbol = found[2].strip()
        part = next((name for name, form in parts.items() if re.fullmatch(form, re.sub(r"[.@].*$", "", symbol))), "else")
        shares[part] += float(found[1])
    figures = json.loads((folder / f"{number}.json").read_text("utf8").splitlines()[-1])
    total = sum(shares.values())
    if total == 0:
        sys.exit("perf saw nothing of a run: give more --seconds.")
    cells = [f"{100 * shares[name] / total:.1f}" for name in [*parts, "else"]]
    print(f"| `{(folder / f'{number}.name').read_text('utf8').strip()}` | " + " | ".join(cells)
          + f" | {100 * figures['fraction_of_peak']:.0f} % |")
PYTHON
