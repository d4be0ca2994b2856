#!/usr/bin/env bash
# Builds libcharlm-mpi.so, with which charlm runs as several processes (docs/cluster.md), for the MPI
# whose compiler is MPICC.
#
#   scripts/build-mpi.sh [FOLDER]     FOLDER: of charlm, .build/release by default
set -euo pipefail
folder=${1:-$(dirname "$0")/../.build/release}
compiler=${MPICC:-mpicc}
if ! command -v "$compiler" >/dev/null; then
  echo "'$compiler' is missing: install an MPI with its headers (libopenmpi-dev), or set MPICC." >&2
  exit 69
fi
command -v gcc >/dev/null || export OMPI_CC=clang MPICH_CC=clang
"$compiler" -std=c11 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -shared \
  "$(dirname "$0")/../Sources/CProcesses/mpi.c" -o "$folder/libcharlm-mpi.so"
