#!/usr/bin/env bash
# The long versions of the tests of crashes and damage, in a release build, a disk that is really full, and losses of
# power at every moment (which needs strace).
# Prints a table of figures; with --write, docs/checkpoints.md gets it.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.build/torture
log=$folder/log
mkdir -p $folder
swift build --configuration release --build-tests >$folder/build.log 2>&1 || { cat $folder/build.log >&2; exit 1; }
charlm=$PWD/.build/release/charlm

rows() {
  CHARLM_TORTURE=1 swift test --skip-build --configuration release \
    --filter 'ResumeTests|CheckpointFileTests|NotFiniteTests|ResumeCommandTests' >$log 2>&1 || {
    grep -E '✘|error' $log >&2
    exit 1
  }
  sed -n 's/^torture: //p' $log | sort
  full_disk
  # Every state that a loss of power may leave.
  python3 -B scripts/crash_states.py $charlm | sed -n 's/^torture: //p'
}

# A file system with room for the model but not for the checkpoint, filled during the run, then emptied.
full_disk() {
  local disk=$folder/disk status=0 before
  mkdir -p $disk
  if ! mount -t tmpfs -o size=600k tmpfs $disk 2>/dev/null; then
    echo "Skipped: the test of a full disk needs the right to mount a tmpfs." >&2
    return
  fi
  # shellcheck disable=SC2064
  trap "umount '$disk'" EXIT # of the subshell that makes the table
  local settings=(--max-steps 3000 --hidden-size 24 --batch-size 8 --window 16 --evaluate-every 50 --quiet --json)
  "$charlm" train corpora/the-salt-road.txt --output $folder/whole "${settings[@]}" >/dev/null
  "$charlm" train corpora/the-salt-road.txt --output $folder/model --checkpoint $disk/checkpoint --checkpoint-every 0 \
    "${settings[@]}" >$folder/events 2>$folder/messages &
  local run=$!
  until grep -q '"event":"checkpoint"' $folder/events 2>/dev/null; do sleep 0.05; done
  cat /dev/zero >$disk/filler 2>/dev/null || true
  wait $run || status=$?
  before=$(grep '"event":"checkpoint"' $folder/events | tail -1 | grep -o '"step":[0-9]*' | cut -d: -f2)
  [ $status = 75 ] || { echo "A full disk ended the run with $status:" >&2; cat $folder/messages >&2; exit 1; }
  grep -q 'No space left on device' $folder/messages || { cat $folder/messages >&2; exit 1; }
  rm $disk/filler
  "$charlm" train --resume $disk/checkpoint --output $folder/model --quiet --json >$folder/more
  [ "$(digests $folder/model)" = "$(digests $folder/whole)" ] || { echo "The weights differ." >&2; exit 1; }
  echo "| a tmpfs filled up while a run wrote checkpoints to it | exit 75 after step $before, resumed once there was" \
    "room, final weights equal |"
}

# digests MODEL: the digests of its tensors.
digests() { head -c 8192 "$1" | grep -ao 'sha256\.tensor\.[^"]*":"[0-9a-f]*'; }

table=$(printf '| what was done | result |\n|---|---|\n'; rows)
printf '%s\n' "$table"
if [ "${1:-}" = --write ]; then
  page=docs/checkpoints.md
  { sed '/^<!-- figures -->$/q' $page; echo; printf '%s\n' "$table"; } >$folder/page
  mv $folder/page $page
fi
