#!/usr/bin/env python3
"""The work of `charlm benchmark` in plain PyTorch on the processor, for scripts/compare-pytorch.sh.

  benchmark-pytorch.py train|generate|evaluate [--cell lstm] [--layers 1] [--hidden-size 256] [--vocabulary-size 65]
                       [--batch-size 32] [--window 64] [--threads 2] [--seconds 1]

train     whole steps on random tokens: embedding, recurrent layers, projection, cross-entropy, gradients, clipping by
          norm and Adam, the state carried from window to window.
generate  one text that grows: the network one token on, a softmax at temperature 0.8, a draw.
evaluate  one text of 131,072 tokens scored in windows of 2,048 with the state carried; the nats are added up.

The network is torch.nn's own, as wide in its embedding as in its layers. Prints one JSON object: what the median
repetition comes to after a warm-up, as charlm does. Needs torch; nothing is downloaded.
"""

import argparse
import json
import statistics
import time

import torch

WARM_UP_SHARE, FEWEST_REPETITIONS = 0.2, 3
GENERATED_LENGTH, TEMPERATURE = 200, 0.8
EVALUATED_LENGTH, EVALUATION_WINDOW = 131_072, 2_048
CELLS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}


class Network(torch.nn.Module):
    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__()
        width = options.hidden_size
        self.embedding = torch.nn.Embedding(options.vocabulary_size, width)
        self.rnn = CELLS[options.cell](width, width, options.layers)
        self.lm_head = torch.nn.Linear(width, options.vocabulary_size)

    def forward(self, tokens: torch.Tensor, state=None):
        hidden, state = self.rnn(self.embedding(tokens), state)
        return self.lm_head(hidden), state


def without_history(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def training(options: argparse.Namespace):
    """A function that does one step, and the characters of a step."""
    network = Network(options)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.002)
    shape = (16, options.window, options.batch_size)
    inputs, targets = (torch.randint(options.vocabulary_size, shape) for _ in range(2))
    step_count, state = 0, None

    def step() -> None:
        nonlocal step_count, state
        window = step_count % len(inputs)
        logits, after = network(inputs[window], state)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets[window].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        state = without_history(after)
        step_count += 1

    return step, options.window * options.batch_size


def generation(options: argparse.Namespace):
    """A function that writes one text, and its length."""
    network = Network(options).eval()

    @torch.inference_mode()
    def write() -> None:
        token, state, text = torch.zeros(1, 1, dtype=torch.long), None, []
        for _ in range(GENERATED_LENGTH):
            logits, state = network(token, state)
            shares = torch.softmax(logits[0, 0] / TEMPERATURE, 0)
            token = torch.multinomial(shares, 1)[None]
            text.append(token.item())

    return write, GENERATED_LENGTH


def evaluation(options: argparse.Namespace):
    """A function that scores one text, and its length."""
    network = Network(options).eval()
    text = torch.randint(options.vocabulary_size, (EVALUATED_LENGTH + 1,))

    @torch.inference_mode()
    def score() -> float:
        state, nats = None, 0.0
        for first in range(0, EVALUATED_LENGTH, EVALUATION_WINDOW):
            window = text[first : first + EVALUATION_WINDOW + 1]
            logits, state = network(window[:-1, None], state)
            nats += torch.nn.functional.cross_entropy(logits[:, 0], window[1:], reduction="sum").item()
        return nats

    return score, EVALUATED_LENGTH


def repeat(work, duration: float, fewest: int) -> list[float]:
    seconds = []
    while sum(seconds) < duration or len(seconds) < fewest:
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def main() -> None:
    kinds = {"train": training, "generate": generation, "evaluate": evaluation}
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=kinds)
    parser.add_argument("--cell", choices=CELLS, default="lstm")
    for name, default in {"layers": 1, "hidden-size": 256, "vocabulary-size": 65, "batch-size": 32,
                          "window": 64, "threads": 2}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    work, character_count = kinds[options.kind](options)
    repeat(work, WARM_UP_SHARE * options.seconds, 1)
    seconds = repeat(work, options.seconds, FEWEST_REPETITIONS)
    median = statistics.median(seconds)
    print(json.dumps({"benchmark": options.kind, "torch": torch.__version__, "threads": options.threads,
                      "repetitions": len(seconds), "median_seconds": median,
                      "characters_per_second": character_count / median}))


if __name__ == "__main__":
    main()
