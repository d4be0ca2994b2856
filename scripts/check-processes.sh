#!/usr/bin/env bash
# Checks charlm as several processes under each MPI of this machine: equal weights, deaths, refusals. Without an MPI
# the checks are skipped.
#
#   scripts/check-processes.sh [--steps N] [--deaths N]     300 steps and 100 deaths take about an hour
#
# CHARLM names a command that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${CHARLM:-}" ]; then
  swift build --configuration release --product charlm >&2
  CHARLM=.build/release/charlm
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mpis=()
for mpi in openmpi mpich; do
  command -v "mpicc.$mpi" >/dev/null || continue
  mkdir "$folder/$mpi"
  MPICC=mpicc.$mpi scripts/build-mpi.sh "$folder/$mpi"
  name="MPICH"
  [ $mpi = mpich ] || name="Open MPI"
  mpis+=("$name=mpirun.$mpi=$folder/$mpi/libcharlm-mpi.so")
done
if [ ${#mpis[@]} -eq 0 ]; then
  echo "Skipped: the checks of several processes need an MPI (libopenmpi-dev and openmpi-bin)." >&2
  exit 0
fi
python3 -B scripts/process_checks.py "$CHARLM" "${mpis[@]}" "$@"
