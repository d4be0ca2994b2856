#!/usr/bin/env bash
# Holds exported models against the programs that read them: onnx and onnxruntime, Hugging Face's tokenizers and
# transformers, Keras, PyTorch; imported ones against the networks they come from; damaged files against one sentence
# each; what --json prints against docs/schemas. The programs come from PyPI into a virtual environment outside the
# repository; what cannot be had is skipped. PyTorch, which takes gigabytes, is checked only if the environment has it
# or with 'torch'.
#
#   scripts/check-formats.sh [damaged] [onnx] [tokenizers] [keras] [torch7] [schemas] [torch]     all but torch by default
#   scripts/check-formats.sh install                                                              their packages only
#
# CHARLM names a command that is built already, CHARLM_FORMATS the environment, CHARLM_STRINGS the number of strings
# that are tokenized (20000).
set -euo pipefail
cd "$(dirname "$0")/.."
environment=${CHARLM_FORMATS:-${TMPDIR:-/tmp}/charlm-formats}
python=$environment/bin/python
checks=("$@")
if [ ${#checks[@]} -eq 0 ]; then
  checks=(damaged onnx tokenizers keras torch7 schemas)
  if [ -x "$python" ] && "$python" -c 'import torch' 2>/dev/null; then checks+=(torch); fi
fi
declare -A packages=(
  [onnx]="onnx==1.23.2 onnxruntime==1.32.0"
  [tokenizers]="tokenizers==0.23.3 transformers==5.24.0"
  [keras]="keras==3.15.1 jax==0.10.2"
  [schemas]="jsonschema==4.26.0"
  [torch7]="torchfile==0.1.0"
  [torch]="torch transformers==5.24.0"
)
source scripts/python-packages.sh
needed=(numpy safetensors)
if [ "${checks[0]}" = install ]; then
  for check in onnx tokenizers keras schemas torch7; do needed+=(${packages[$check]}); done
  install_packages "$environment" 900 "${needed[@]}"
  exit
fi

if [ -z "${CHARLM:-}" ]; then
  swift build --configuration release --product charlm >&2
  CHARLM=.build/release/charlm
fi
charlm=$(realpath "$CHARLM")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
for check in "${checks[@]}"; do
  mkdir "$folder/$check"
  if [ "$check" = damaged ]; then
    if ! command -v python3 >/dev/null; then
      echo "Skipped: damaged, because there is no Python 3." >&2
      continue
    fi
    echo "== $check"
    python3 -B scripts/damaged_imports.py "$charlm" "$folder/$check" || failed=1
    continue
  fi
  # shellcheck disable=SC2086
  if ! install_packages "$environment" 900 "${needed[@]}" ${packages[$check]}; then
    echo "Skipped: $check, because '${packages[$check]}' cannot be installed here." >&2
    continue
  fi
  echo "== $check"
  # JAX's compiler takes most of the time, so it does not optimize.
  KERAS_BACKEND=jax XLA_FLAGS="--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true" \
    "$python" -B scripts/format_checks.py "$check" "$charlm" "$folder/$check" || failed=1
done
exit $failed
