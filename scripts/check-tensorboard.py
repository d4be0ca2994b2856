#!/usr/bin/env python3
"""Reads what `charlm train --tensorboard FOLDER` wrote with TensorBoard itself, and compares it with the run's log.

    charlm train novel.txt --output novel.safetensors --tensorboard runs/novel --log novel.jsonl
    check-tensorboard.py runs/novel novel.jsonl

Every validation of the log must be there with its step and its figures, in single precision, the loss of training must
end at the last step, and every record's checksums must hold. Needs the package tensorboard.
"""
import json
import math
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

TRAINING = ["nats_per_token", "learning_rate", "gradient_norm", "epoch", "characters_per_second"]


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, log = sys.argv[1:]
    with open(log, encoding="utf8") as lines:
        events = [json.loads(line) for line in lines]
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()

    def scalars(tag: str) -> dict[int, float]:
        return {event.step: event.value for event in accumulator.Scalars(tag)}

    for name in ["nats_per_token", "bits_per_character"]:
        found = scalars(f"validation/{name}")
        told = {e["step"]: e[name] for e in events if e["event"] == "validation"}
        assert found.keys() == told.keys(), (name, sorted(found), sorted(told))
        for step, value in told.items():
            assert math.isclose(found[step], value, rel_tol=1e-6), (name, step, found[step], value)
    steps = [e for e in events if e["event"] == "step"]
    for name in TRAINING:
        found = scalars(f"train/{name}")
        assert max(found) == steps[-1]["step"], (name, max(found))
        if name in ("learning_rate", "gradient_norm"):
            for e in steps:
                assert math.isclose(found[e["step"]], e[name], rel_tol=1e-6), (name, e)
    samples = {e["step"]: e["text"] for e in events if e["event"] == "sample"}
    if samples:
        found = {e.step: e.tensor_proto.string_val[0].decode() for e in accumulator.Tensors("sample")}
        assert found == samples, found
    print(f"{len(accumulator.Tags()['scalars'])} scalars to step {steps[-1]['step']}, {len(samples)} texts: as in the log")


if __name__ == "__main__":
    main()
