#!/usr/bin/env python3
"""Runs a charlm model file in plain PyTorch, to hold charlm's logits against PyTorch's.

  compare-with-pytorch.py MODEL [--tokens T] [--write FIXTURE.safetensors]

The model file is all that is read: the sizes come from its metadata, and its tensors go into a plain module of
nn.Embedding, nn.LSTM, nn.GRU, nn.RNN or recurrent_layers.py and nn.Linear, tied as the model's are, with
load_state_dict(strict=True). Before that every digest of the file is compared with hashlib's. The network then reads, from a zero state,

  token_0 = 1                                        (the begin of a text)
  token_t = ((t * 2654435769 mod 2^32) * V) >> 32    (t = 1 ... T - 1; V is the vocabulary's size)

The formula visits every token about equally often. FIXTURE gets

  tokens  U16 [T]     the sequence
  logits  F32 [T, V]  row t: after token_0 ... token_t
  nats    F64 [T - 1] entry t: -log p(token_{t+1} | token_0 ... token_t), the softmax in double precision

and, as metadata, the SHA-256 of the model file and the version of PyTorch. The report also says how far the
logits are from those of the same module in double precision: what float rounding alone does.

Needs Python 3.10 or newer with torch, numpy and safetensors, for instance in a virtual environment outside
the repository: `python3 -m venv ~/pytorch && ~/pytorch/bin/pip install torch numpy safetensors`. The tests do
not need them: they compare charlm with the fixture, which
Tests/ModelFilesTests/Fixtures/README.md says how to make.
"""

import argparse
import copy
import hashlib
import json
import pathlib
import re
import sys

import numpy
import safetensors.numpy
import safetensors.torch
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Sources" / "Interchange" / "Python"))
from character_model import CharacterModel  # noqa: E402


def verify(file: bytes) -> dict[str, str]:
    """Checks every digest of a model file with hashlib and returns its metadata."""
    data = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:data])
    metadata = header.pop("__metadata__")
    for name, tensor in header.items():
        start, end = tensor["data_offsets"]
        found = hashlib.sha256(file[data + start : data + end]).hexdigest()
        if found != metadata["charlm.sha256.tensor." + name]:
            raise SystemExit(f"The bytes of the tensor '{name}' are damaged.")
    digits = metadata["charlm.sha256.header"].encode()
    if hashlib.sha256(file[:data].replace(digits, b"0" * 64)).hexdigest().encode() != digits:
        raise SystemExit("The header is damaged.")
    return metadata


def load(path: pathlib.Path, metadata: dict[str, str]) -> CharacterModel:
    model = CharacterModel(**json.loads(metadata["charlm.network"]))
    model.load_state_dict(safetensors.torch.load_file(path), strict=True)
    return model.eval()


def token_sequence(count: int, vocabulary: int) -> numpy.ndarray:
    tokens = [(t * 2654435769 % 2**32) * vocabulary >> 32 for t in range(count)]
    return numpy.array([1] + tokens[1:], dtype=numpy.uint16)


def run(model: CharacterModel, tokens: numpy.ndarray) -> torch.Tensor:
    with torch.inference_mode():
        logits, _ = model(torch.from_numpy(tokens.astype(numpy.int64))[:, None])
        return logits[:, 0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--tokens", type=int, default=96, help="T, at least 2 (default: 96)")
    parser.add_argument("--write", type=pathlib.Path, help="the fixture to write")
    arguments = parser.parse_args()
    if arguments.tokens < 2:
        parser.error("--tokens must be at least 2")

    file = arguments.model.read_bytes()
    metadata = verify(file)
    model = load(arguments.model, metadata)
    tokens = token_sequence(arguments.tokens, model.lm_head.out_features)
    logits = run(model, tokens)
    exact = run(copy.deepcopy(model).double(), tokens)
    log_probabilities = torch.log_softmax(logits[:-1].double(), dim=1).numpy()
    nats = -log_probabilities[numpy.arange(len(tokens) - 1), tokens[1:]]

    sizes = {name: list(tensor.shape) for name, tensor in model.state_dict().items()}
    tied = ", embeddings tied" if model.lm_head.weight is model.embedding.weight else ""
    print(f"loaded with strict=True, digests verified{tied}: {sizes}")
    print(f"tokens {len(tokens)}, logits from {logits.min():.3f} to {logits.max():.3f}")
    print(f"nats per token {nats.mean():.6f}")
    print(f"largest difference from double precision {(logits - exact).abs().max():.2e}")
    if arguments.write:
        safetensors.numpy.save_file(
            {"tokens": tokens, "logits": logits.numpy(), "nats": nats},
            arguments.write,
            metadata={
                "model.sha256": hashlib.sha256(file).hexdigest(),
                "torch": re.match(r"[0-9.]+", torch.__version__).group(),
            },
        )


if __name__ == "__main__":
    main()
