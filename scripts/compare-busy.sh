#!/usr/bin/env bash
# Compares charlm with PyTorch while other programs, loops that do nothing else, use the processors.
#
#   scripts/compare-busy.sh OPTION...     those of compare-pytorch.sh, which reports once for each case below
#
# The reports say that the machine was busy and that no figure holds: here it is meant to be busy.
set -euo pipefail
others=()
end_others() {
  [ ${#others[@]} -eq 0 ] || kill "${others[@]}" 2>/dev/null || true
  others=()
}
trap end_others EXIT

# compare NAME COUNT [COMMAND...] -- OPTION...: beside COUNT loops that COMMAND starts.
compare() {
  local name=$1 count=$2 command=() number
  shift 2
  while [ "$1" != -- ]; do
    command+=("$1")
    shift
  done
  for ((number = 0; number < count; number++)); do
    "${command[@]}" bash -c 'while :; do :; done' &
    others+=($!)
  done
  printf '\n## Beside %s\n\n' "$name"
  "$(dirname "$0")/compare-pytorch.sh" "${@:2}"
  end_others
}

compare "nothing" 0 -- "$@"
compare "one program, bound to one of the two cores" 1 taskset --cpu-list 0 -- "$@"
compare "two programs" 2 -- "$@"
compare "two of a lower priority (\`nice -n 5\`)" 2 nice -n 5 -- "$@"
compare "two of the lowest (\`nice -n 19\`)" 2 nice -n 19 -- "$@"
compare "two of a lower priority, of another terminal session" 2 setsid nice -n 5 -- "$@"
