import json
import pathlib
import re
import sys
import unicodedata

import torch
from safetensors import safe_open
from safetensors.torch import load_file

MODEL = pathlib.Path(__file__).with_suffix(".safetensors")
UNKNOWN, END_OF_TEXT, FIRST_UNIT = 0, 1, 2


def load(path: pathlib.Path = MODEL) -> CharacterModel:
    model = CharacterModel()
    model.load_state_dict(load_file(path), strict=True)
    return model.eval()


class Tokenizer:
    """Token 0 is the unknown unit, token 1 begins a text; the units of the vocabulary follow."""

    def __init__(self, path: pathlib.Path = MODEL) -> None:
        with safe_open(path, framework="pt") as file:
            tokenizer = json.loads(file.metadata()["charlm.tokenizer"])
        self.settings = tokenizer["configuration"]
        self.units = tokenizer["vocabulary"].get("units")
        self.ids = {unit: FIRST_UNIT + index for index, unit in enumerate(self.units or [])}

    def encode(self, text: str) -> list[int]:
        if self.settings["newlines"] == "lf":
            text = re.sub("\r\n?", "\n", text)
        if self.settings["folds_case"]:
            text = unicodedata.normalize("NFD", text).casefold()
        if self.settings["normalization"] != "none":
            text = unicodedata.normalize(self.settings["normalization"].upper(), text)
        match self.settings["unit"]:
            case "byte":
                return [FIRST_UNIT + byte for byte in text.encode()]
            case "grapheme":
                import regex

                units = regex.findall(r"\X", text)
            case _:
                units = list(text)
        ids = [self.ids.get(unit, UNKNOWN) for unit in units]
        if self.settings.get("documents", "files") == "lines":
            ids = [END_OF_TEXT if unit == "\n" else id for unit, id in zip(units, ids)]
        return ids

    def decode(self, ids: list[int]) -> str:
        if self.units is None:
            return bytes(id - FIRST_UNIT for id in ids if id >= FIRST_UNIT).decode(errors="replace")
        ends = "" if self.settings.get("documents", "files") == "files" else "\n"
        spellings = ["\N{REPLACEMENT CHARACTER}", ends, *self.units]
        return "".join(spellings[id] for id in ids)


@torch.no_grad()
def generate(model: CharacterModel, ids: list[int], length: int, temperature: float = 0.8) -> list[int]:
    """The next `length` tokens after a text of `ids`, drawn at random."""
    logits, state = model(torch.tensor([END_OF_TEXT, *ids])[:, None])
    result = []
    for _ in range(length):
        logits = logits[-1, 0].double() / temperature
        logits[UNKNOWN] = -torch.inf
        result.append(int(torch.multinomial(torch.softmax(logits, 0), 1)))
        logits, state = model(torch.tensor([[result[-1]]]), state)
    return result


if __name__ == "__main__":
    prompt = sys.argv[1] if len(sys.argv) > 1 else ""
    tokenizer = Tokenizer()
    print(prompt + tokenizer.decode(generate(load(), tokenizer.encode(prompt), 500)))
