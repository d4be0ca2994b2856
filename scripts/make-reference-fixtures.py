#!/usr/bin/env python3
"""Writes what PyTorch computes with small networks, and with its optimizers alone, for charlm's tests.

  make-reference-fixtures.py [ROOT]      ROOT: the repository to write in (default: this one)

Networks: ROOT/Tests/TestSupport/Fixtures/CELL-N-layers.safetensors, one for each of CELLS and each N of SHAPES,
residual ones from two layers

  NAME                    F32  parameters, under PyTorch's names
  tokens                  U16  [B T + 1] a text; lane b reads tokens b T ... b T + T - 1 and predicts each one's next
  initial.h, initial.c    F32  [N, B, H] the state before the window (c of an LSTM only)
  logits                  F64  [T, B, V]
  nats                    F64  the mean over the T B tokens: the loss
  final.h, final.c        F64  [N, B, H] the state after the window
  gradient.NAME           F64  of the loss
  OPTIMIZER/NAME          F32  parameters after five steps of an optimizer on this window, each from a zero state

PyTorch computes in double precision, from parameters and states that float32 holds exactly: so the reference
is exact for a float32 program and also proves one in double precision, for which F64 is stored. After five
steps only the nearest float32 is stored: no program that keeps its weights in float32 comes closer. One-layer files hold
every optimizer, the others two each, so that all of them meet each depth.

Optimizers alone: ROOT/Tests/TrainingTests/Fixtures/optimizers.safetensors

  initial    F32 [25]      parameters before the first step, one of them zero
  gradients  F32 [20, 25]  those of each step, the same for every run
  RUN        F32 [20, 25]  the parameters after each step

Their sizes differ from step to step, so that clipping by norm takes hold of some and not of others. Gradients
are clipped by torch.nn.utils.clip_grad_norm_, then by clip_grad_value_. The metadata of every file names this
script, the version of PyTorch and the seed; settings and network are JSON under the names that
charlm's model files give them.

Needs Python 3.10 or newer with torch, numpy and safetensors, for instance in a virtual environment outside the
repository: `python3 -m venv ~/pytorch && ~/pytorch/bin/pip install torch numpy safetensors`. The tests do not
need them.
"""

import json
import pathlib
import sys

import numpy
import safetensors.numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Sources" / "Interchange" / "Python"))
from recurrent_layers import RecurrentLayers  # noqa: E402

# V, E, H, B, T by the number of layers. Odd sizes leave tails in vectors of every width; 16 fills them. Where V
# is above T B, charlm computes layer 0 without its table of tokens.
SHAPES = {1: (11, 7, 13, 3, 5), 2: (19, 5, 16, 3, 5), 3: (11, 6, 9, 4, 3)}

CELLS = {
    "lstm": torch.nn.LSTM,
    "gru": torch.nn.GRU,
    "rnn-tanh": lambda *sizes: torch.nn.RNN(*sizes, nonlinearity="tanh"),
    "rnn-relu": lambda *sizes: torch.nn.RNN(*sizes, nonlinearity="relu"),
    "lstm-normalized": lambda *sizes: RecurrentLayers("lstm", *sizes, groups=groups_of(sizes)),
    "gru-normalized": lambda *sizes: RecurrentLayers("gru", *sizes, groups=groups_of(sizes)),
    "rnn-normalized": lambda *sizes: RecurrentLayers("rnn", *sizes, groups=groups_of(sizes)),
    "lstm-residual": lambda *sizes: RecurrentLayers("lstm", *sizes, residual=True),
    "gru-normalized-residual": lambda *sizes: RecurrentLayers(
        "gru", *sizes, groups=groups_of(sizes), residual=True
    ),
    "coupled-lstm": lambda *sizes: RecurrentLayers("coupled-lstm", *sizes),
}


def groups_of(sizes: tuple[int, int, int]) -> int:
    """The normalization groups of a network: 1 of 13 units, 4 of 16, 3 of 9."""
    return {13: 1, 16: 4, 9: 3}[sizes[1]]


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

# Those that train the networks. Norms are above 0.1 in every one of them, so that clipping takes hold.
NETWORK_OPTIMIZERS = {
    "sgd": {"optimizer": "sgd"},
    "sgd-momentum": {"optimizer": "sgd", "momentum": 0.9, "clip_norm": 0.1},
    "sgd-nesterov": {"optimizer": "sgd", "momentum": 0.9, "is_nesterov": True, "clip_norm": 0.1},
    "rmsprop": {"optimizer": "rmsprop"},
    "rmsprop-momentum": {"optimizer": "rmsprop", "smoothing": 0.9, "momentum": 0.8, "clip_norm": 0.1},
    "adagrad": {"optimizer": "adagrad"},
    "adam": {"optimizer": "adam", "clip_norm": 0.1},
    "adamw": {"optimizer": "adamw", "weight_decay": 0.1},
}
NETWORK_STEPS = 5


class CharacterModel(torch.nn.Module):
    """What charlm's tensors are named after."""

    def __init__(self, cell: str, vocabulary: int, embedding: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(vocabulary, embedding)
        self.rnn = CELLS[cell](embedding, hidden, layers)
        self.lm_head = torch.nn.Linear(hidden, vocabulary)

    def forward(self, tokens: torch.Tensor, state=None):
        output, state = self.rnn(self.embedding(tokens), state)
        return self.lm_head(output), state


def settings_of(chosen: dict) -> dict:
    return {"learning_rate": RATES[chosen["optimizer"]]} | chosen


def make_optimizer(chosen: dict, parameters) -> torch.optim.Optimizer:
    arguments = {ARGUMENTS[key]: value for key, value in settings_of(chosen).items() if key in ARGUMENTS}
    # AdamW decays by itself if it is not told otherwise.
    arguments.setdefault("weight_decay", 0)
    return OPTIMIZERS[chosen["optimizer"]](parameters, **arguments)


def update(optimizer: torch.optim.Optimizer, chosen: dict, parameters: list) -> float:
    """Clips and steps; returns the norm before."""
    norm = torch.nn.utils.get_total_norm([parameter.grad for parameter in parameters])
    if "clip_norm" in chosen:
        torch.nn.utils.clip_grad_norm_(parameters, chosen["clip_norm"])
    if "clip_value" in chosen:
        torch.nn.utils.clip_grad_value_(parameters, chosen["clip_value"])
    optimizer.step()
    return norm.item()


def metadata(seed: int, **entries: dict) -> dict[str, str]:
    texts = {key: json.dumps(value, sort_keys=True) for key, value in entries.items()}
    version = torch.__version__.split("+")[0]
    return {"script": "scripts/make-reference-fixtures.py", "torch": version, "seed": str(seed)} | texts


def save(tensors: dict[str, numpy.ndarray], path: pathlib.Path, entries: dict[str, str]) -> None:
    """Writes a file whose bytes are the same each time: the library orders metadata at random."""
    file = safetensors.numpy.save(tensors, entries)
    end = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:end])
    header["__metadata__"] = entries
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode().ljust(end - 8)
    assert len(text) == end - 8
    path.write_bytes(file[:8] + text + file[end:])
    print(f"{path}: {path.stat().st_size} bytes")


# Networks


class Network:
    """A model with random parameters in double precision, a window and a state."""

    def __init__(self, cell: str, layers: int, seed: int) -> None:
        self.cell, self.layers = cell, layers
        self.is_lstm = cell.startswith(("lstm", "coupled-lstm"))
        self.vocabulary, self.embedding, self.hidden, self.batch, self.steps = SHAPES[layers]
        self.generator = torch.Generator().manual_seed(seed)
        # Nothing bounds a ReLU: weights must be small enough not to let it explode.
        self.bound = self.hidden**-0.5 if cell == "rnn-relu" else 0.8
        model = self.empty_model()
        self.parameters = {name: self.uniform(tensor.shape) for name, tensor in model.state_dict().items()}
        count = self.batch * self.steps
        self.tokens = torch.randint(self.vocabulary, [count + 1], generator=self.generator)
        self.inputs = self.tokens[:count].view(self.batch, self.steps).t()
        self.targets = self.tokens[1:].view(self.batch, self.steps).t()
        shape = [layers, self.batch, self.hidden]
        self.initial = {name: self.uniform(shape) for name in (["h", "c"] if self.is_lstm else ["h"])}

    def uniform(self, shape) -> torch.Tensor:
        """Numbers that float32 holds exactly, in double precision."""
        values = (2 * torch.rand(shape, generator=self.generator, dtype=torch.float64) - 1) * self.bound
        return values.float().double()

    def empty_model(self) -> CharacterModel:
        sizes = self.vocabulary, self.embedding, self.hidden, self.layers
        return CharacterModel(self.cell, *sizes).double()

    def model(self) -> CharacterModel:
        model = self.empty_model()
        model.load_state_dict(self.parameters, strict=True)
        return model

    def loss(self, logits: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), self.targets.flatten())

    def description(self) -> dict:
        kind, *variants = self.cell.replace("coupled-lstm", "coupled_lstm").split("-")
        sizes = {"vocabulary_size": self.vocabulary, "embedding_size": self.embedding}
        sizes |= {"hidden_size": self.hidden, "layer_count": self.layers}
        if "normalized" in variants:
            sizes["normalization_groups"] = groups_of((self.embedding, self.hidden, self.layers))
        if "residual" in variants:
            sizes["is_residual"] = True
        activation = {"activation": "relu" if "relu" in variants else "tanh"} if kind == "rnn" else {}
        return {"cell": kind.replace("_", "-")} | activation | sizes

    def gradients(self) -> dict[str, numpy.ndarray]:
        """The window from the initial state, forth and back."""
        model = self.model()
        state = tuple(self.initial.values()) if self.is_lstm else self.initial["h"]
        logits, final = model(self.inputs, state)
        loss = self.loss(logits)
        loss.backward()
        tensors = {"logits": logits, "nats": loss}
        tensors |= dict(zip(["final.h", "final.c"], final if self.is_lstm else [final]))
        tensors |= {f"gradient.{name}": tensor.grad for name, tensor in model.named_parameters()}
        return {name: tensor.detach().numpy() for name, tensor in tensors.items()}

    def trained(self, chosen: dict) -> dict[str, numpy.ndarray]:
        """The parameters after steps on the window, each from a zero state."""
        model = self.model()
        parameters = list(model.parameters())
        optimizer = make_optimizer(chosen, parameters)
        for _ in range(NETWORK_STEPS):
            optimizer.zero_grad()
            self.loss(model(self.inputs)[0]).backward()
            norm = update(optimizer, chosen, parameters)
            assert norm > chosen.get("clip_norm", 0), "clipping must take hold"
        return {name: tensor.detach().float().numpy() for name, tensor in model.named_parameters()}


def optimizers_of(cell: str, layers: int) -> list[str]:
    """All for one layer; else two, others for every cell."""
    names = list(NETWORK_OPTIMIZERS)
    place = list(CELLS).index(cell)
    return names if layers == 1 else [names[(place + layers) % 4], names[(place + layers) % 4 + 4]]


def write_network(cell: str, layers: int, seed: int, path: pathlib.Path) -> None:
    network = Network(cell, layers, seed)
    exact = network.parameters | {f"initial.{name}": tensor for name, tensor in network.initial.items()}
    tensors = {name: tensor.float().numpy() for name, tensor in exact.items()}
    tensors["tokens"] = network.tokens.numpy().astype(numpy.uint16)
    tensors |= network.gradients()
    optimizers = {name: NETWORK_OPTIMIZERS[name] for name in optimizers_of(cell, layers)}
    for optimizer, chosen in optimizers.items():
        trained = network.trained(chosen)
        tensors |= {f"{optimizer}/{name}": values for name, values in trained.items()}
    described = {name: settings_of(chosen) for name, chosen in optimizers.items()}
    shape = {"batch_size": network.batch, "window_length": network.steps}
    entries = metadata(seed, network=network.description(), window=shape, optimizers=described)
    # An array of another order of axes would be written as it lies in memory.
    contiguous = {name: numpy.ascontiguousarray(values) for name, values in tensors.items()}
    contiguous["nats"] = tensors["nats"].reshape([])
    save(contiguous, path, entries)


# Optimizers alone

COUNT, STEPS = 25, 20


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
                found[name] = {"optimizer": optimizer} | chosen
    return found


def run(chosen: dict, initial: torch.Tensor, gradients: torch.Tensor) -> numpy.ndarray:
    """The parameters after each step."""
    parameters = torch.nn.Parameter(initial.clone())
    optimizer = make_optimizer(chosen, [parameters])
    after = []
    for gradient in gradients:
        parameters.grad = gradient.clone()
        update(optimizer, chosen, [parameters])
        after.append(parameters.detach().clone())
    return torch.stack(after).numpy()


def write_optimizers(seed: int, path: pathlib.Path) -> None:
    generator = torch.Generator().manual_seed(seed)
    initial = torch.rand(COUNT, generator=generator) * 2 - 1
    initial[3] = 0
    sizes = torch.linspace(0.05, 0.3, STEPS)[torch.randperm(STEPS, generator=generator)]
    gradients = torch.randn(STEPS, COUNT, generator=generator) * sizes[:, None]
    tensors = {"initial": initial.numpy(), "gradients": gradients.numpy()}
    tensors |= {name: run(chosen, initial, gradients) for name, chosen in settings().items()}
    described = {name: settings_of(chosen) for name, chosen in settings().items()}
    save(tensors, path, metadata(seed, **described))


def main() -> None:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    torch.set_num_threads(1)
    write_optimizers(1, root / "Tests/TrainingTests/Fixtures/optimizers.safetensors")
    folder = root / "Tests/TestSupport/Fixtures"
    folder.mkdir(parents=True, exist_ok=True)
    seed = 0
    for cell in CELLS:
        for layers in SHAPES:
            seed += 1
            if layers == 1 and "residual" in cell:
                continue
            write_network(cell, layers, seed, folder / f"{cell}-{layers}-layers.safetensors")


if __name__ == "__main__":
    main()
