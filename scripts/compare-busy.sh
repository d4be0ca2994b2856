#!/usr/bin/env bash
# Measures training of an LSTM 1 x 256 on two threads while other programs use the processors, and prints medians of
# characters a second as Markdown.
#
#   scripts/compare-busy.sh [--rounds 3] [--python VENV/bin/python]     with a Python that has torch: PyTorch, too
#
# The other programs are loops that do nothing else. CHARLM names a command that is built already.
set -euo pipefail
usage() { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 64; }

rounds=3 python=
while [ $# -gt 0 ]; do
  case $1 in
    --rounds | --python)
      [ $# -ge 2 ] || usage
      printf -v "${1#--}" %s "$2"
      shift 2
      ;;
    *) usage ;;
  esac
done
[[ $rounds =~ ^[1-9][0-9]*$ ]] || { echo "--rounds is '$rounds', not a number of at least 1." >&2; exit 64; }
case $python in */*) python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python") ;; esac
source "$(dirname "$0")/find-charlm.sh"
row=(train --layers 1 --hidden-size 256 --batch-size 32 --window 64 --threads 2 --seconds 3)

speed() { sed -n 's/.*"characters_per_second": *\([0-9]*\).*/\1/p' | head -n 1; }
median() { sort -n | awk '{ value[NR] = $1 } END { print NR ? value[int((NR + 1) / 2)] : "" }'; }

others=()
end_others() {
  [ ${#others[@]} -eq 0 ] || kill "${others[@]}" 2>/dev/null || true
  others=()
}
trap end_others EXIT

# compare NAME COUNT [COMMAND...]: a row, beside COUNT loops that COMMAND starts.
compare() {
  local name=$1 count=$2 own= torch= number round
  shift 2
  for ((number = 0; number < count; number++)); do
    "$@" bash -c 'while :; do :; done' &
    others+=($!)
  done
  for ((round = 0; round < rounds; round++)); do
    own+=$("$charlm" benchmark "${row[@]}" --json 2>/dev/null | speed)$'\n'
    [ -z "$python" ] || torch+=$("$python" scripts/benchmark-pytorch.py "${row[@]}" | speed)$'\n'
  done
  end_others
  echo "| $name | $(printf %s "$own" | median) | $(printf %s "$torch" | median) |"
}

echo "| beside it | charlm | PyTorch |"
echo "|---|---|---|"
compare "nothing" 0
compare "one program, bound to one of the two cores" 1 taskset --cpu-list 0
compare "two programs" 2
compare "two of a lower priority (\`nice -n 5\`)" 2 nice -n 5
compare "two of the lowest (\`nice -n 19\`)" 2 nice -n 19
compare "two of a lower priority, of another terminal session" 2 setsid nice -n 5
