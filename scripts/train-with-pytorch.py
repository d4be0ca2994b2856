#!/usr/bin/env python3
"""Trains the network of `charlm train TEXT --json` in plain PyTorch, as an independent second opinion.

  train-with-pytorch.py TEXT [--cell lstm|gru] [--steps N] [--seed N] [...] > pytorch.jsonl

The same task: one layer, the last tenth of the text for validation, B lanes read T characters at a time with their
state carried, Adam with warm-up and a cosine down to 2 % of the peak, gradients clipped by their norm, and initial
weights of the same distributions. What differs are the random numbers and all of the code. Prints JSON lines under
charlm's names: every 50 steps the mean nats of the windows since the last report, each taken before its
update, and at the end the score of every validation character.

With --initial the random numbers are the same, too: a model of charlm that one step has not moved gives its initial
weights (charlm train TEXT --max-steps 1 --learning-rate 1e-30 --seed N --output INITIAL.safetensors).

Text is taken as its Unicode scalars without normalization: give one that is in NFC. Needs Python 3.10 or newer with
torch, and for --initial safetensors, for instance in a virtual environment outside the repository.
"""

import argparse
import json
import math
import time

import torch

# As in charlm: 0 stands for unknown characters, 1 for the begin of a text.
BEGIN, FIRST_CHARACTER = 1, 2
STEPS_BETWEEN_REPORTS = 50
WARMUP_STEPS, FLOOR = 50, 0.02


class CharacterModel(torch.nn.Module):
    def __init__(self, cell: str, vocabulary: int, hidden: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(vocabulary, hidden)
        self.rnn = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell](hidden, hidden)
        self.lm_head = torch.nn.Linear(hidden, vocabulary)
        self.initialize(cell, hidden)

    def initialize(self, cell: str, hidden: int) -> None:
        """Embeddings of variance 1, weights in +-1/sqrt(H), biases 0 but for the forget gate's 1."""
        with torch.no_grad():
            for name, tensor in self.named_parameters():
                bound = 3**0.5 if name.startswith("embedding") else hidden**-0.5
                tensor.zero_() if "bias" in name else tensor.uniform_(-bound, bound)
            if cell == "lstm":
                self.rnn.bias_ih_l0[hidden : 2 * hidden] = 1

    def forward(self, tokens: torch.Tensor, state=None):
        output, state = self.rnn(self.embedding(tokens), state)
        return self.lm_head(output), state


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def learning_rate(step: int, arguments: argparse.Namespace) -> float:
    wave = 0.5 * (1 + math.cos(math.pi * step / arguments.steps))
    return arguments.learning_rate * min(1, (step + 1) / WARMUP_STEPS) * (FLOOR + (1 - FLOOR) * wave)


def train(model: CharacterModel, tokens: torch.Tensor, arguments: argparse.Namespace) -> float:
    """Reports as it goes; returns the seconds it took."""
    optimizer = torch.optim.Adam(model.parameters(), arguments.learning_rate)
    lane = (len(tokens) - 1) // arguments.batch_size
    used = lane * arguments.batch_size
    inputs = tokens[:used].view(arguments.batch_size, lane).t()
    targets = tokens[1 : used + 1].view(arguments.batch_size, lane).t()
    state, position, losses, start = None, 0, [], time.perf_counter()
    for step in range(arguments.steps):
        window = slice(position, position + arguments.window)
        logits, state = model(inputs[window], state)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets[window].flatten())
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), arguments.clip_norm)
        rate = learning_rate(step, arguments)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        losses.append(loss.item())
        position += arguments.window
        state = detached(state) if position < lane else None
        position = position if position < lane else 0
        if step == 0 or (step + 1) % STEPS_BETWEEN_REPORTS == 0 or step + 1 == arguments.steps:
            mean, losses = sum(losses) / len(losses), []
            seconds = time.perf_counter() - start
            report = {"event": "step", "step": step + 1, "train_nats_per_token": mean, "learning_rate": rate}
            print(json.dumps(report | {"gradient_norm": norm.item(), "seconds": seconds}), flush=True)
    return time.perf_counter() - start


def score(model: CharacterModel, tokens: torch.Tensor, block: int = 2048) -> float:
    """The mean nats of all tokens but the first, in order, with carried state."""
    state, nats = None, 0.0
    with torch.inference_mode():
        for first in range(0, len(tokens) - 1, block):
            targets = tokens[first + 1 : first + 1 + block]
            logits, state = model(tokens[first : first + len(targets), None], state)
            nats += torch.nn.functional.cross_entropy(logits[:, 0].double(), targets, reduction="sum").item()
    return nats / (len(tokens) - 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text")
    parser.add_argument("--cell", choices=["lstm", "gru"], default="lstm")
    parser.add_argument("--hidden-size", type=int, default=256, help="also the width of the embedding")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--window", type=int, default=64)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--learning-rate", type=float, default=0.004)
    parser.add_argument("--clip-norm", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--initial", help="begin with the weights of this model file, of the same text and sizes")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    with open(arguments.text, encoding="utf8", newline=None) as file:
        text = file.read()
    ids = {character: FIRST_CHARACTER + i for i, character in enumerate(sorted(set(text)))}
    tokens = torch.tensor([ids[character] for character in text])
    cut = len(tokens) - math.ceil(len(tokens) / 10)
    begin = torch.tensor([BEGIN])
    model = CharacterModel(arguments.cell, FIRST_CHARACTER + len(ids), arguments.hidden_size)
    if arguments.initial:
        # Characters have the same ids in both: in the order of their scalars.
        import safetensors.torch

        model.load_state_dict(safetensors.torch.load_file(arguments.initial), strict=True)
    seconds = train(model, torch.cat([begin, tokens[:cut]]), arguments)
    characters = arguments.steps * arguments.batch_size * arguments.window
    result = {"event": "finished", "reason": "steps", "steps": arguments.steps}
    result |= {"parameters": sum(p.numel() for p in model.parameters()), "vocabulary_size": FIRST_CHARACTER + len(ids)}
    result |= {"characters_seen": characters, "seconds": seconds, "characters_per_second": characters / seconds}
    result |= {"validation_nats_per_token": score(model, torch.cat([begin, tokens[cut:]]))}
    print(json.dumps(result | {"validation_tokens": len(tokens) - cut, "torch": torch.__version__.split("+")[0]}))


if __name__ == "__main__":
    main()
