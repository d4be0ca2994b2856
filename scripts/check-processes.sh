#!/usr/bin/env bash
# Checks charlm as several processes under Open MPI, and under MPICH where it is installed: equal weights, deaths,
# refusals, the work of other verbs. Open MPI is installed if it is missing; without it the checks are skipped.
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
if ! command -v python3 >/dev/null; then
  echo "Skipped: the checks of several processes need Python 3." >&2
  exit 0
fi
command -v mpicc.openmpi >/dev/null || scripts/set-up.sh libopenmpi-dev openmpi-bin || true
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
  echo "Skipped: the checks of several processes need Open MPI (libopenmpi-dev and openmpi-bin)." >&2
  exit 0
fi
python3 -B scripts/process_checks.py "$CHARLM" "${mpis[@]}" "$@"
