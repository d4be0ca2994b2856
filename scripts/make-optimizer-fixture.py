#!/usr/bin/env python3
"""Writes what twenty steps of PyTorch's optimizers do: the fixture of Tests/TrainingTests/TorchOptimizerTests.swift.

  make-optimizer-fixture.py [FIXTURE.safetensors]

  initial    F32 [25]      the parameters before the first step, one of them zero
  gradients  F32 [20, 25]  those of each step, the same for every optimizer
  NAME       F32 [20, 25]  the parameters after each step of torch.optim

For each NAME the metadata holds, as JSON, the settings under the names that charlm's model files give
them. Gradients are clipped by torch.nn.utils.clip_grad_norm_, then by clip_grad_value_. Their sizes differ from
step to step, so that clipping by norm takes hold of some and not of others.

Needs Python 3.10 or newer with torch, numpy and safetensors, for instance in a virtual environment outside the
repository: `python3 -m venv ~/pytorch && ~/pytorch/bin/pip install torch numpy safetensors`. The tests do not need
them.
"""

import json
import pathlib
import sys

import safetensors.torch
import torch

COUNT, STEPS = 25, 20

OPTIMIZERS = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
    "sgd": torch.optim.SGD,
}
ARGUMENTS = {
    "learning_rate": "lr",
    "momentum": "momentum",
    "is_nesterov": "nesterov",
    "smoothing": "alpha",
    "weight_decay": "weight_decay",
}
RATES = {"adam": 0.01, "adamw": 0.01, "rmsprop": 0.01, "adagrad": 0.05, "sgd": 0.1}


def settings() -> dict[str, dict]:
    """Every optimizer alone, with each of its own settings, and with clipping and decay, together and apart."""
    own = {
        "adam": [{}],
        "adamw": [{}],
        "rmsprop": [{}, {"smoothing": 0.9}, {"momentum": 0.8}],
        "adagrad": [{}],
        "sgd": [{}, {"momentum": 0.9}, {"momentum": 0.9, "is_nesterov": True}],
    }
    common = [
        {},
        {"weight_decay": 0.1},
        {"clip_norm": 0.6},
        {"clip_value": 0.1},
        {"clip_norm": 0.6, "clip_value": 0.1, "weight_decay": 0.1},
    ]
    found = {}
    for optimizer, choices in own.items():
        for number, choice in enumerate(choices):
            for shared in common if number == 0 else [common[0], common[-1]]:
                chosen = choice | shared
                name = " ".join([optimizer] + [f"{key}={value}" for key, value in chosen.items()])
                found[name] = {"optimizer": optimizer, "learning_rate": RATES[optimizer]} | chosen
    return found


def run(chosen: dict, initial: torch.Tensor, gradients: torch.Tensor) -> torch.Tensor:
    """The parameters after each step."""
    parameters = torch.nn.Parameter(initial.clone())
    arguments = {ARGUMENTS[key]: value for key, value in chosen.items() if key in ARGUMENTS}
    # AdamW decays by itself if it is not told otherwise.
    arguments.setdefault("weight_decay", 0)
    optimizer = OPTIMIZERS[chosen["optimizer"]]([parameters], **arguments)
    after = []
    for gradient in gradients:
        parameters.grad = gradient.clone()
        if "clip_norm" in chosen:
            torch.nn.utils.clip_grad_norm_([parameters], chosen["clip_norm"])
        if "clip_value" in chosen:
            torch.nn.utils.clip_grad_value_([parameters], chosen["clip_value"])
        optimizer.step()
        after.append(parameters.detach().clone())
    return torch.stack(after)


def main() -> None:
    default = pathlib.Path(__file__).parent.parent / "Tests/TrainingTests/Fixtures/optimizers.safetensors"
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    generator = torch.Generator().manual_seed(1)
    initial = torch.rand(COUNT, generator=generator) * 2 - 1
    initial[3] = 0
    sizes = torch.linspace(0.05, 0.3, STEPS)[torch.randperm(STEPS, generator=generator)]
    gradients = torch.randn(STEPS, COUNT, generator=generator) * sizes[:, None]
    tensors = {"initial": initial, "gradients": gradients}
    metadata = {"torch": torch.__version__.split("+")[0]}
    for name, chosen in settings().items():
        tensors[name] = run(chosen, initial, gradients)
        metadata[name] = json.dumps(chosen, sort_keys=True)
    safetensors.torch.save_file(tensors, path, metadata)
    print(f"{path}: {path.stat().st_size} bytes, {len(settings())} runs")


if __name__ == "__main__":
    main()
