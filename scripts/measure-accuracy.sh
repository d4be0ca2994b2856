#!/usr/bin/env bash
# Measures how far charlm's numbers are from PyTorch's and from the double-precision twin's, for every cell and
# every instruction set of this machine, and writes docs/numerical-accuracy.md. PyTorch is not needed: its
# numbers are in the tests' fixtures.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --configuration release --build-tests >.build/accuracy.log 2>&1 \
  && CHARLM_PRINT_ACCURACY=1 swift test --configuration release --skip-build \
    --filter 'NumericalAccuracyTests|ReferenceTrainingTests' >.build/accuracy.log 2>&1 \
  || { cat .build/accuracy.log >&2; exit 1; }

# table HEADING: the table that the tests printed under it.
table() { sed -n "s/^accuracy: $1: //p" .build/accuracy.log; }

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
swift=$(swift --version 2>&1 | grep -o 'Swift version [0-9.]*' | head -1)
fixture=Tests/TestSupport/Fixtures/lstm-1-layers.safetensors
torch=$(head -c 8192 "$fixture" | grep -ao '"torch":"[0-9.]*"' | cut -d'"' -f4)

{
  cat <<INTRODUCTION
# Numerical accuracy

For readers who want to know how exact the fast code is: the differences between its numbers and those of PyTorch and of a network in double precision.

Written by \`scripts/measure-accuracy.sh\` on ${processor:-$(uname -m)} with $swift, from numbers that PyTorch $torch computed in double precision (\`scripts/make-reference-fixtures.py\`).

Networks of one, two and three layers with odd sizes (V 11 or 19, E 5 to 7, H 9, 13 or 16; see the [legend](tour.md#legend)) read one window of 3 to 5 steps from a state that is not zero, in a forward and a backward pass.
An error is the largest difference within a tensor, divided by the tensor's largest expected magnitude.
Each figure is the largest of all tensors of its kind; the columns after the loss and the final state of the window are gradients.
Float32 itself rounds by 6e-8.
The tests that measure this require it to be below 5e-6, on every machine on which they run.

INTRODUCTION
  table "Against PyTorch"
  table "Against the twin"
  cat <<TWIN
The twin is the naive network in \`Tests/TestSupport\`, in double precision; central differences prove it.
PyTorch's \`nn.RNN\` has no sigmoid: that cell is compared with the twin only.

TWIN
  table "The twin against PyTorch"
  table "Five steps of an optimizer"
  cat <<OPTIMIZERS
Weights after five steps of the complete trainer: *largest* as above, *mean* the root mean square of the differences divided by that of the weights.
Adam and RMSProp divide by the size of the gradient, so a gradient that nearly vanishes, of which float32 leaves few digits, still makes a step of full length.
Single parameters therefore differ more there; tensors as a whole do not.
With the same gradients on both sides, every optimizer stays within 1e-5 for twenty steps (\`TorchOptimizerTests\`).
OPTIMIZERS
} >docs/numerical-accuracy.md
