#!/usr/bin/env python3
"""Writes Tests/ModelFilesTests/Fixtures/reference.safetensors with the reference implementation.

Needs the Python packages safetensors (the fixture was made with 0.8.0) and numpy.
With a file's name as argument it instead prints what the reference implementation reads there.
"""

import pathlib
import sys

import numpy
import safetensors
import safetensors.numpy

FIXTURE = (
    pathlib.Path(__file__).parent.parent
    / "Tests/ModelFilesTests/Fixtures/reference.safetensors"
)


def write() -> None:
    tensors = {
        "rnn.weight_ih_l0": numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 4 - 0.5,
        "scalar": numpy.array(0.1, dtype=numpy.float32),
        "empty": numpy.zeros((0, 5), dtype=numpy.float32),
        "quantised": numpy.array([-128, -1, 0, 1, 127], dtype=numpy.int8),
        "half": numpy.array([1, -2], dtype=numpy.float16),
        "step": numpy.array([2**64 - 1], dtype=numpy.uint64),
        "caf\u00e9": numpy.array([1], dtype=numpy.int32),
        "cafe\u0301": numpy.array([2], dtype=numpy.int32),
    }
    metadata = {
        "format": "pt",
        "model": '{"cell":"lstm","note":"a \\"quote\\", a \\\\ backslash"}',
        "controls": "".join(chr(c) for c in range(0x20)) + "\x7f\u0085\u2028\u2029",
        "\u00e9": "one scalar",
        "e\u0301": "two scalars",
        "emoji \U0001f468\u200d\U0001f469\u200d\U0001f467": "\U0001f642\u0301",
        "": "an empty key",
    }
    safetensors.numpy.save_file(tensors, FIXTURE, metadata=metadata)


def show(path: str) -> None:
    with safetensors.safe_open(path, framework="numpy") as file:
        for key, value in sorted(file.metadata().items()):
            print(ascii(key), ascii(value))
        for name in file.keys():
            tensor = file.get_tensor(name)
            print(ascii(name), tensor.dtype, tensor.shape, tensor.tolist())


if __name__ == "__main__":
    show(sys.argv[1]) if len(sys.argv) > 1 else write()
