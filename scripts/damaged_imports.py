"""Holds `charlm import` against damaged and hostile files of every format. Needs nothing but Python 3.10.

    damaged_imports.py CHARLM FOLDER           the check
    damaged_imports.py --seeds FOLDER          the smaller ones as files, with what is right, for scripts/fuzz.sh

Each must end with status 65 and one sentence, leave no output, and take no more memory than the file's size plus
64 MB, nor more than five seconds.
"""

import json
import os
import pathlib
import random
import struct
import subprocess
import sys

from torch7_writer import Reference, Tensor, Torch7Writer

CHARACTERS = ["b", "\n", "a"]
WIDTH, SIZE = 4, 6
MEMORY, SECONDS = 64 << 20, 5  # a second and a half beside other work
LEAST = 60


def floats(*shape, value=0.25):
    count = 1
    for size in shape:
        count *= size
    return struct.pack("<f", value) * count


# Safetensors


def safetensors(tensors, metadata=None, header=None, length=None, changes=None):
    """A file of tensors (dtype, shape, bytes) by name; changes are merged into the header's entries."""
    entries, data = {}, b""
    for name, (kind, shape, content) in tensors.items():
        entries[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    for name, change in (changes or {}).items():
        entries[name] = entries.get(name, {}) | change if isinstance(change, dict) else change
    if metadata is not None:
        entries["__metadata__"] = metadata
    text = json.dumps(entries).encode() if header is None else header
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(*shape, value=0.25):
    return "F32", list(shape), floats(*shape, value=value)


def pytorch(gates=4):
    rows = gates * SIZE
    return {
        "embedding.weight": tensor(3, WIDTH), "rnn.weight_ih_l0": tensor(rows, WIDTH),
        "rnn.weight_hh_l0": tensor(rows, SIZE), "rnn.bias_ih_l0": tensor(rows), "rnn.bias_hh_l0": tensor(rows),
        "fc.weight": tensor(3, SIZE), "fc.bias": tensor(3)}


def keras(gates=4):
    rows = gates * SIZE
    return {
        "embedding/embeddings": tensor(3, WIDTH), "lstm/lstm_cell/kernel": tensor(WIDTH, rows),
        "lstm/lstm_cell/recurrent_kernel": tensor(SIZE, rows), "lstm/lstm_cell/bias": tensor(rows),
        "dense/kernel": tensor(SIZE, 3), "dense/bias": tensor(3)}


def damaged_safetensors(good):
    """Faults of the container, which PyTorch's and Keras's weights share."""
    whole = safetensors(good)
    for part in range(1, 13):
        yield f"cut at {part}/13", whole[: len(whole) * part // 13]
    for count in (0, 1, 7, 8, 9, len(whole) - 1):
        yield f"{count} bytes", whole[:count]
    yield "bytes after the end", whole + b"x"
    for length in (0, 1, 1 << 31, 1 << 62, (1 << 64) - 1):
        yield f"a header of {length} bytes", safetensors(good, length=length)
    first = next(iter(good))
    for name, change in {
        "offsets beyond the end": {"data_offsets": [0, 1 << 40]}, "offsets backwards": {"data_offsets": [8, 0]},
        "negative offsets": {"data_offsets": [-4, 0]}, "one offset": {"data_offsets": [0]},
        "a huge shape": {"shape": [1 << 40, 1 << 40]}, "a negative shape": {"shape": [-3, 4]},
        "a shape of texts": {"shape": ["3", "4"]}, "no shape": {"shape": None},
        "a shape of 1,000 sizes": {"shape": [1] * 1000}, "fractions in the shape": {"shape": [3.5, 4]},
        "an unknown type": {"dtype": "F24"}, "no type": {"dtype": None}, "another type": {"dtype": "I64"},
        "smaller elements": {"dtype": "F16"}, "a shape of zero": {"shape": [0, 4]},
    }.items():
        yield name, safetensors(good, changes={first: change})
    yield "an entry that is a list", safetensors(good, changes={first: [1, 2]})
    yield "an entry that is null", safetensors(good, changes={first: None})
    for name, header in {
        "an empty header": b"{}", "a header that is no object": b"{]", "nested braces": b"{" * 100_000,
        "a name without end": b'{"' + b"x" * 1000, "a name that is not UTF-8": b'{"\xff":{}}',
        "a half surrogate": b'{"\\ud800":{}}', "a name twice": b'{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},'
        b'"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', "a number too large": b'{"a":{"shape":[99999999999999999999]}}',
    }.items():
        yield name, safetensors(good, header=header)
    yield "a long name", safetensors({first + "x" * 1_000_000: good[first]})
    # Names are the only content of these.
    for count in (1_000, 100_000):
        many = {f"t{number}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for number in range(count)}
        yield f"{count} empty tensors", safetensors({}, header=json.dumps(many).encode())
    for value in (float("nan"), float("inf"), -float("inf")):
        for name in good:
            shape = good[name][1]
            yield f"{name} is {value}", safetensors(good | {name: tensor(*shape, value=value)})
    for name in good:
        shape = good[name][1]
        yield f"{name} has one row more", safetensors(good | {name: tensor(shape[0] + 1, *shape[1:])})
        yield f"{name} has no rows", safetensors(good | {name: tensor(0, *shape[1:])})
        yield f"{name} is of integers", safetensors(good | {name: ("I32", shape, floats(*shape))})
        yield f"{name} is a number", safetensors(good | {name: tensor()})
        if not name.endswith("bias") and "bias_" not in name:
            yield f"{name} is of three dimensions", safetensors(good | {name: tensor(1, *shape)})


def damaged_pytorch():
    good = pytorch()
    yield from damaged_safetensors(good)
    for name in ("rnn.weight_ih_l0", "rnn.weight_hh_l0", "fc.weight", "embedding.weight"):
        yield f"without {name}", safetensors({other: value for other, value in good.items() if other != name})
    yield "reversed layers", safetensors(good | {"rnn.weight_ih_l0_reverse": tensor(24, WIDTH)})
    yield "proj_size", safetensors(good | {"rnn.weight_hr_l0": tensor(2, SIZE)})
    yield "two networks", safetensors(good | {"b.weight_hh_l0": tensor(24, SIZE)})
    yield "two heads", safetensors(good | {"out.weight": tensor(3, SIZE)})
    yield "half a second layer", safetensors(good | {"rnn.weight_hh_l1": tensor(24, SIZE)})
    yield "two gates", safetensors(pytorch(gates=2))
    yield "rows without columns", safetensors(
        {"embedding.weight": ("F32", [1 << 60, 0], b""), "rnn.weight_ih_l0": ("F32", [24, 0], b""),
         "rnn.weight_hh_l0": tensor(24, SIZE), "fc.weight": ("F32", [1 << 60, 0], b"")})
    columns = 8_192
    yield "a wide one-hot input", safetensors(
        {"rnn.weight_ih_l0": tensor(4, columns), "rnn.weight_hh_l0": tensor(4, 1), "fc.weight": tensor(columns, 1)})


def damaged_keras():
    good = keras()
    yield from damaged_safetensors(good)
    for name in ("lstm/lstm_cell/kernel", "dense/kernel", "embedding/embeddings"):
        yield f"without {name}", safetensors({other: value for other, value in good.items() if other != name})
    yield "two gates", safetensors(keras(gates=2))
    yield "two heads", safetensors(good | {"dense_1/kernel": tensor(SIZE, 3)})
    yield "a GRU with one bias", safetensors(keras(gates=3))
    more = {name.replace("lstm/", "other/"): value for name, value in good.items() if name.startswith("lstm/")}
    yield "layers in no order", safetensors(good | more)
    more = {name.replace("lstm/", "bidirectional/backward_lstm/"): value for name, value in good.items() if "lstm/" in name}
    yield "backward layers", safetensors(good | more)


# Vocabularies


def damaged_vocabularies():
    """Of a network that is right."""
    for name, text in {
        "nothing": "", "white space": " \n", "a number": "3", "null": "null", "a text": '"bna"', "true": "true",
        "an open list": '["b", "\\n"', "an open object": '{"b": 0', "a comma at the end": '["b", "\\n", "a",]',
        "two values": '["b"] ["a"]', "a leading zero": '{"b": 00, "\\n": 1, "a": 2}', "a plus": '{"b": +0, "\\n": 1, "a": 2}',
        "a bare point": '["b", 1.]', "a hexadecimal number": "[0x1]", "NaN": "[NaN]", "comments": '["b"] // b',
        "single quotes": "['b', 'a']", "no quotes": "{b: 0}", "an open text": '["b', "an escape": '["\\x41"]',
        "half a surrogate": '["\\ud800", "\\n", "a"]', "surrogates in the wrong order": '["\\udc00\\ud800", "\\n", "a"]',
        "a control character": '["\x01", "\\n", "a"]', "too few": '["b", "a"]', "too many": '["b", "\\n", "a", "c"]',
        "twice": '["b", "b", "a"]', "a key twice": '{"b": 0, "b": 1, "a": 2}', "an empty token": '["", "\\n", "a"]',
        "a word": '["the", "\\n", "a"]', "numbers": "[1, 2, 3]", "nothing in it": "[]", "an empty object": "{}",
        "a number left out": '{"b": 0, "\\n": 1, "a": 3}', "from 2": '{"b": 2, "\\n": 3, "a": 4}',
        "negative": '{"b": -1, "\\n": 0, "a": 1}', "the same number": '{"b": 0, "\\n": 0, "a": 1}',
        "fractions": '{"b": 0.5, "\\n": 1, "a": 2}', "huge": '{"b": 0, "\\n": 1, "a": 9223372036854775807}',
        "larger than 64 bits": '{"b": 0, "\\n": 1, "a": 9223372036854775808}', "1e999": '{"b": 0, "\\n": 1, "a": 1e999}',
        "lists": '[["b"], ["\\n"], ["a"]]', "keys that are no numbers": '{"b": "x", "\\n": "y", "a": "z"}',
        "an empty vocab": '{"vocab": []}', "a vocab of numbers": '{"vocab": [1, 2, 3]}', "deep lists": "[" * 50_000,
        "deep lists that end": "[" * 50_000 + "]" * 50_000, "deep objects": '{"a":' * 50_000, "only specials": '["<unk>", "<pad>", "</s>"]',
        "a million numbers": "[" + "1," * 1_000_000 + "1]", "a million texts": "[" + '"a",' * 1_000_000 + '"a"]',
        "300,000 keys": json.dumps({chr(0x4E00 + number % 20_000) + str(number): number for number in range(300_000)}),
        "a long number": "[" + "9" * 1_000_000 + "]", "a long text": '["' + "x" * 10_000_000 + '"]',
    }.items():
        yield name, text.encode(), ".json"
    yield "not UTF-8", b'["\xff", "a", "b"]', ".json"
    yield "UTF-16", '["b", "\\n", "a"]'.encode("utf-16"), ".json"
    yield "a byte order mark", '\ufeff["b", "\\n", "a"]'.encode(), ".json"
    yield "zeros", b"\0" * 100, ".json"
    model = {"type": "BPE", "vocab": {"b": 0, "\n": 1, "a": 2}, "merges": []}
    whole = {"version": "1.0", "added_tokens": [], "normalizer": None, "model": model}
    for name, change in {
        "merges": {"model": model | {"merges": ["b a"]}}, "no vocab": {"model": {"type": "BPE"}},
        "a vocab that is a list": {"model": model | {"vocab": ["b", "\n", "a"]}}, "a model that is a number": {"model": 3},
        "an unknown normalizer": {"normalizer": {"type": "Lowercase"}},
        "an unknown normalizer in a sequence": {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Strip"}]}},
        "an added token too many": {"added_tokens": [{"id": 3, "content": "x"}]},
        "an added token far away": {"added_tokens": [{"id": 1 << 60, "content": "x"}]},
        "a byte and characters": {"model": model | {"byte_fallback": True, "vocab": {"<0x41>": 0, "\n": 1, "a": 2}}},
        "100,000 added tokens": {"added_tokens": [{"id": 3 + number, "content": f"x{number}"} for number in range(60_000)]},
    }.items():
        yield f"tokenizer.json with {name}", json.dumps(whole | change).encode(), ".json"
    yield "a text with other characters", b"ab\ncd", ".txt"
    yield "an empty text", b"", ".txt"
    yield "a text that is not UTF-8", b"b\na\xff", ".txt"


# ONNX


def integer(value):
    value &= (1 << 64) - 1
    result = b""
    while value >= 0x80:
        result += bytes([value & 0x7F | 0x80])
        value >>= 7
    return result + bytes([value])


def field(number, value):
    if isinstance(value, int):
        return integer(number << 3) + integer(value)
    value = value.encode() if isinstance(value, str) else value
    return integer(number << 3 | 2) + integer(len(value)) + value


def attribute(name, value):
    if isinstance(value, int):
        return field(1, name) + field(3, value) + field(20, 2)
    if isinstance(value, str):
        return field(1, name) + field(4, value) + field(20, 3)
    return field(1, name) + b"".join(field(9, text) for text in value) + field(20, 8)


def node(kind, inputs, outputs, attributes={}):
    return field(1, b"".join(field(1, name) for name in inputs) + b"".join(field(2, name) for name in outputs)
                 + field(4, kind) + b"".join(field(5, attribute(*pair)) for pair in attributes.items()))


def initializer(name, shape, data, kind=1):
    return field(5, b"".join(field(1, size) for size in shape) + field(2, kind) + field(8, name) + field(9, data))


def onnx(initializers={}, layers=1, attributes={}, kind="LSTM", inputs=None, extra=b"", without=(), gates=4, head="MatMul"):
    rows = gates * SIZE
    tensors = {"E": ([3, WIDTH], 1), "W": ([1, rows, WIDTH], 1), "R": ([1, rows, SIZE], 1), "B": ([1, 2 * rows], 1),
               "H": ([SIZE, 3], 1), "b": ([3], 1)}
    graph = node("Gather", ["E", "ids"], ["x0"]) if "Gather" not in without else b""
    for layer in range(layers):
        names = inputs if inputs is not None else ["W" if layer == 0 else "R", "R", "B"]
        graph += node(kind, [f"x{layer}", *names], [f"x{layer + 1}"], {"hidden_size": SIZE} | attributes)
    graph += node(head, [f"x{layers}", "H"], ["p"]) + node("Add", ["p", "b"], ["y"]) if "head" not in without else b""
    for name, (shape, element) in tensors.items():
        if name in without:
            continue
        value = initializers.get(name)
        graph += value if isinstance(value, bytes) else initializer(name, shape, floats(*shape), element)
    return field(1, 8) + field(7, graph + extra)


def damaged_onnx(export):
    """Of charlm's own file, and of a graph as other exporters write it."""
    for title, whole in (("ours", export), ("theirs", onnx())):
        for part in range(1, 16):
            yield f"{title}, cut at {part}/16", whole[: len(whole) * part // 16]
        yield f"{title}, without its last byte", whole[:-1]
        for byte in (0x00, 0x07, 0xFF):
            yield f"{title}, {byte} at the end", whole + bytes([byte])
    for number in (1, 1 << 20, 1 << 40, (1 << 64) - 1):
        yield f"a field of {number} bytes", integer(7 << 3 | 2) + integer(number)
    yield "nothing", b""
    yield "a length of 11 bytes", b"\x3a" + b"\xff" * 11
    yield "zeros", b"\0" * 1000
    yield "no graph", field(1, 8)
    yield "an empty graph", field(7, b"")
    for name in ("E", "W", "R", "H", "Gather", "head"):
        yield f"without {name}", onnx(without=(name,))
    yield "no recurrent operator", onnx(kind="Relu")
    yield "two kinds of them", onnx(extra=node("GRU", ["x", "W", "R", "B"], ["z"]))
    for name, attributes in {
        "backwards": {"direction": "reverse"}, "both directions": {"direction": "bidirectional"},
        "coupled gates": {"input_forget": 1}, "the batch first": {"layout": 1},
    }.items():
        yield name, onnx(attributes=attributes)
    yield "peepholes", onnx(inputs=["W", "R", "B", "", "", "", "P"])
    yield "a GRU that resets before", onnx(kind="GRU", gates=3)
    yield "an unknown activation", onnx(kind="RNN", gates=1, attributes={"activations": ["Softsign"]})
    for inputs in (["W"], [], ["", "", ""], ["W", "W", "B"], ["E", "R", "B"], ["x1", "R", "B"], ["W", "R", "E"]):
        yield f"inputs {inputs}", onnx(inputs=inputs)
    yield "a second layer without weights", onnx(extra=node("LSTM", ["x1"], ["x2"]))
    yield "its own input", onnx(layers=2, inputs=["x1", "x2", "x1"])
    for name, shape in {"E": [3, WIDTH], "W": [1, 24, WIDTH], "R": [1, 24, SIZE], "B": [1, 48], "H": [SIZE, 3], "b": [3]}.items():
        content = floats(*shape)
        for title, value in {
            "cut": initializer(name, shape, content[:-4]), "longer": initializer(name, shape, content + b"\0\0\0\0"),
            "negative sizes": initializer(name, [-size for size in shape], content),
            "huge sizes": initializer(name, [1 << 40] * len(shape), content),
            "sizes that overflow": initializer(name, [1 << 62, 4, 0], b""),
            "no sizes": initializer(name, [], content), "zero sizes": initializer(name, [0] * len(shape), b""),
            "half precision": initializer(name, shape, content, kind=10), "integers": initializer(name, shape, content * 2, kind=7),
            "outside": field(5, b"".join(field(1, size) for size in shape) + field(2, 1) + field(8, name) + field(14, 1)),
            "NaN": initializer(name, shape, floats(*shape, value=float("nan"))),
        }.items():
            yield f"{name}: {title}", onnx({name: value})
    yield "1,000,000 empty nodes", field(7, field(1, b"") * 1_000_000)
    yield "1,000,000 empty tensors", field(7, field(5, b"") * 1_000_000)
    yield "1,000,000 inputs", field(7, field(1, field(1, b"") * 1_000_000))
    yield "1,000,000 attributes", field(7, field(1, field(5, b"") * 1_000_000))
    yield "1,000,000 sizes", field(7, field(5, field(1, b"\1" * 1_000_000)))
    yield "1,000,000 metadata", field(14, b"") * 1_000_000
    yield "1,000 layers of the same weights", onnx(layers=1_000)
    yield "70,000 tokens", onnx({"E": initializer("E", [70_000, WIDTH], floats(70_000, WIDTH))})
    network = {"cell": "lstm", "vocabulary_size": 65_536, "embedding_size": 65_536, "hidden_size": 65_536, "layer_count": 1_024,
               "ties_embeddings": False}
    for title, changes in {
        "a huge network": {"charlm.network": json.dumps(network)}, "no network": {"charlm.network": "{}"},
        "a network that is no JSON": {"charlm.network": "["}, "no tokenizer": {"charlm.tokenizer": "{}"},
        "no training": {"charlm.training": "[]"},
    }.items():
        # Later values of a key do not count, so these come first.
        yield f"ours, with {title}", b"".join(field(14, field(1, key) + field(2, text)) for key, text in changes.items()) + export


# Torch7


def torch_rnn(net=None, tokens=None, **changes):
    rows = 4 * SIZE
    values = lambda *shape: Tensor(list(shape), [0.25] * (shape[0] * (shape[1] if len(shape) > 1 else 1)))
    parts = {"embedding": values(3, WIDTH), "weight": values(WIDTH + SIZE, rows), "bias": values(rows),
             "head": values(3, SIZE), "head bias": values(3)} | changes
    modules = net or [("nn.LookupTable", {"weight": parts["embedding"]}),
                      ("nn.LSTM", {"weight": parts["weight"], "bias": parts["bias"]}),
                      ("nn.Linear", {"weight": parts["head"], "bias": parts["head bias"]})]
    return {"model": ("nn.LanguageModel", {"net": ("nn.Sequential", {"modules": modules}),
                                           "idx_to_token": tokens or dict(enumerate(CHARACTERS, 1))})}


def char_rnn(decoder=None, layer=None, vocabulary=None):
    rows = 4 * SIZE
    values = lambda *shape: Tensor(list(shape), [0.25] * (shape[0] * (shape[1] if len(shape) > 1 else 1)))
    named = lambda name, module: ("nngraph.Node", {"data": {"annotations": {"name": name}, "module": ("nn.Linear", module)}})
    linear = lambda height, width: {"weight": values(height, width), "bias": values(height)}
    nodes = [named("i2h_1", layer or linear(rows, 3)), named("h2h_1", linear(rows, SIZE)),
             named("decoder", decoder or linear(3, SIZE))]
    return {"protos": {"rnn": ("nn.gModule", {"forwardnodes": nodes})},
            "vocab": vocabulary or {character: index for index, character in enumerate(CHARACTERS, 1)}}


def torch7(value):
    writer = Torch7Writer()
    writer.write(value)
    return bytes(writer.bytes)


def damaged_torch7():
    for title, whole in (("torch-rnn", torch7(torch_rnn())), ("char-rnn", torch7(char_rnn()))):
        for part in range(1, 16):
            yield f"{title}, cut at {part}/16", whole[: len(whole) * part // 16]
        yield f"{title}, without its last byte", whole[:-1]
        for position in range(12, 44, 4):
            yield f"{title}, a lie at {position}", whole[:position] + b"\xff\xff\xff\x7f" + whole[position + 4:]
    start = struct.pack("<iiii", 3, 1, 1, 2) + struct.pack("<i", 5) + b"model"
    yield "an instance of itself", start + struct.pack("<iii", 4, 2, 3) + b"V 1" + struct.pack("<i", 1) + b"X" + struct.pack("<ii", 4, 2)
    yield "a table of itself", start + struct.pack("<ii", 3, 1)
    yield "an unknown object", start + struct.pack("<i", 9)
    yield "a function", start + struct.pack("<iii", 8, 2, 4) + b"code" + struct.pack("<i", 0)
    yield "a negative text", start + struct.pack("<ii", 2, -5)
    yield "a negative count", start + struct.pack("<iii", 3, 2, -1)
    yield "100,000 tables in each other", b"".join(struct.pack("<iii", 3, number, 1) for number in range(1, 100_001))
    yield "a million entries", struct.pack("<iii", 3, 1, 1_000_000) + struct.pack("<ii", 0, 0) * 1_000_000
    yield "an empty table", torch7({})
    yield "other parts", torch7({"a": 1})
    yield "no modules", torch7({"model": ("nn.LanguageModel", {"net": ("nn.Sequential", {})})})
    yield "an unknown module", torch7(torch_rnn(net=[("nn.SpatialConvolution", {})]))
    yield "modules that are numbers", torch7(torch_rnn(net=[1, 2, 3]))
    yield "a module that is the list of modules", torch7(torch_rnn(net=[Reference(6)]))
    tensors = {
        "zero sizes": Tensor([0, 0], []), "huge sizes": Tensor([1 << 40, 1 << 40], [1.0]), "negative sizes": Tensor([-3, -4], [1.0] * 12),
        "no storage": Tensor([3, 4], [], storage={}), "a cut storage": Tensor([3, 4], [1.0] * 4),
        "a lying storage": Tensor([3, 4], [1.0] * 12, stored=1 << 40), "a negative storage": Tensor([3, 4], [1.0] * 12, stored=-1),
        "huge strides": Tensor([3, 4], [1.0] * 12, strides=[1 << 62, 1 << 62]), "negative strides": Tensor([3, 4], [1.0] * 12, strides=[-4, -1]),
        "an offset beyond the end": Tensor([3, 4], [1.0] * 12, offset=1 << 62), "an offset of zero": Tensor([3, 4], [1.0] * 12, offset=0),
        "NaN": Tensor([3, 4], [float("nan")] * 12), "nine dimensions": Tensor([1] * 9, [1.0]), "a text": "weights", "a table": {"a": 1},
        "one row without end": Tensor([1 << 62, 0], []),
    }
    for title, value in tensors.items():
        for part in ("embedding", "weight", "bias", "head", "head bias"):
            yield f"{part}: {title}", torch7(torch_rnn(**{part: value}))
        yield f"decoder: {title}", torch7(char_rnn(decoder={"weight": value, "bias": value}))
        yield f"i2h: {title}", torch7(char_rnn(layer={"weight": value, "bias": value}))
    for title, tokens in {
        "no characters": {"x": "y"}, "two of three": {1: "a", 2: "b"}, "the same": {1: "a", 2: "a", 3: "b"},
        "words": {1: "the", 2: "a", 3: "b"}, "numbers from 5": {5: "a", 6: "b", 7: "c"}, "fractions": {1.5: "a", 2.5: "b", 3.5: "c"},
        "not a number": {float("nan"): "a", 2: "b", 3: "c"},
    }.items():
        yield f"characters: {title}", torch7(torch_rnn(tokens=tokens))
    lstm = ("nn.LSTM", {"weight": Tensor([WIDTH + SIZE, 24], [0.25] * 240), "bias": Tensor([24], [0.25] * 24)})
    head = ("nn.Linear", {"weight": Tensor([3, SIZE], [0.25] * 18), "bias": Tensor([3], [0.25] * 3)})
    embedding = ("nn.LookupTable", {"weight": Tensor([3, WIDTH], [0.25] * 12)})
    # Objects are numbered as they come: table, instance, ... so the LSTM's number is found by writing up to it.
    writer = Torch7Writer()
    writer.write(torch_rnn(net=[embedding, lstm, head]))
    text = bytes(writer.bytes)
    number = struct.unpack("<i", text[text.index(b"nn.LSTM") - 15:][:4])[0]
    yield "a layer a thousand times", torch7(torch_rnn(net=[embedding, lstm, *[Reference(number, kind=4)] * 1_000, head]))


# Folders of Hugging Face


def damaged_folders(folder):
    """Files by their names in the folder."""
    good = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".json", ".safetensors")}
    foreign = {"model.safetensors": safetensors(pytorch()), "tokenizer.json": json.dumps(
        {"added_tokens": [], "model": {"vocab": {"b": 0, "\n": 1, "a": 2}, "merges": []}}).encode()}
    weights = good["model.safetensors"]
    for part in range(1, 16):
        yield f"ours, weights cut at {part}/16", good | {"model.safetensors": weights[: len(weights) * part // 16]}
    for position in range(0, 8):
        yield f"ours, another length at {position}", good | {"model.safetensors": weights[:position] + b"\xfe" + weights[position + 1:]}
    stream = random.Random(3)
    for round in range(20):
        position = stream.randrange(len(weights) - 2_000, len(weights))
        changed = weights[:position] + bytes([weights[position] ^ 0x40]) + weights[position + 1:]
        yield f"ours, another bit at {position}", good | {"model.safetensors": changed}
    for name, content, suffix in damaged_vocabularies():
        if suffix == ".json" and (name.startswith("tokenizer.json") or len(content) < 100):
            yield f"tokenizer.json: {name}", foreign | {"tokenizer.json": content}
    for name, content in list(damaged_pytorch())[::9]:
        yield f"weights: {name}", foreign | {"model.safetensors": content}


# The check


# The kernel counts the memory of the process that starts another as that one's, too, so a small one starts them.
LAUNCHER = """
import json, os, subprocess, sys, time
for line in sys.stdin:
    command, errors = json.loads(line)
    with open(errors, "wb") as file:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=file, stderr=file)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps([process.returncode, usage.ru_maxrss * 1024, time.monotonic() - begin]), flush=True)
"""


def check(kind, name, source, arguments, size):
    """Runs the import; returns the largest memory beyond the file's size and the seconds."""
    output, errors = folder / "out.safetensors", folder / "errors.txt"
    command = [charlm, "import", str(source), "-o", str(output), *map(str, arguments)]
    launcher.stdin.write(json.dumps([command, str(errors)]) + "\n")
    launcher.stdin.flush()
    status, memory, seconds = json.loads(launcher.stdout.readline())
    message = errors.read_text(errors="replace")
    beyond = memory - size
    fault = None
    if status != 65:
        fault = f"status {status}"
    elif len(message.strip().splitlines()) != 1 or len(message) > 2_000 or not message.startswith("charlm: "):
        fault = "not one sentence"
    elif output.exists():
        fault = "an output was left"
    elif beyond > MEMORY:
        fault = f"{beyond >> 20} MB beyond the file's size"
    elif seconds > SECONDS:
        fault = f"{seconds:.1f} s"
    if fault:
        failures.append(f"{kind}, {name}: {fault}: {message[:300]!r}")
        output.unlink(missing_ok=True)
    elif os.environ.get("CHARLM_VERBOSE"):
        print(f"{kind}, {name}: {message.strip()}")
    return beyond, seconds


def report(kind, figures):
    if len(figures) < LEAST:
        failures.append(f"{kind}: only {len(figures)} inputs")
    print(f"{kind}: {len(figures)} inputs, at most {max(beyond for beyond, _ in figures) / 2**20:.0f} MB beyond the file's size "
          f"and {max(seconds for _, seconds in figures):.2f} s", flush=True)


def run(*arguments):
    subprocess.run([charlm, *map(str, arguments)], check=True, capture_output=True)


def write_seeds(folder):
    """A folder for each target of Fuzzing that reads files of other tools."""
    right = {"weights": [safetensors(pytorch()), safetensors(pytorch(gates=3)), safetensors(pytorch(gates=1)), safetensors(keras())],
             "onnx": [onnx(), onnx(layers=2), onnx(kind="RNN", gates=1)],
             "torch7": [torch7(torch_rnn()), torch7(char_rnn())],
             "vocabulary": [json.dumps(CHARACTERS).encode()]}
    damaged = {"weights": [content for _, content in (*damaged_pytorch(), *damaged_keras())],
               "onnx": [content for _, content in damaged_onnx(onnx())], "torch7": [content for _, content in damaged_torch7()],
               "vocabulary": [content for _, content, suffix in damaged_vocabularies() if suffix == ".json"]}
    for target, contents in damaged.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(right.get(target, []) + [content for content in contents if len(content) < 10_000]):
            (folder / target / f"{number:03}").write_bytes(content)
    (folder / "network.safetensors").write_bytes(right["weights"][0])


if sys.argv[1] == "--seeds":
    write_seeds(pathlib.Path(sys.argv[2]))
    sys.exit()

charlm, folder = sys.argv[1], pathlib.Path(sys.argv[2])
launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
failures = []
vocabulary = folder / "characters.json"
vocabulary.write_text(json.dumps(CHARACTERS))
text = folder / "text.txt"
text.write_text("a small text\n" * 200)
run("train", text, "-o", folder / "small.safetensors", "--from", "none", "--max-steps", 1, "--hidden-size", 8, "--quiet")
run("export", folder / "small.safetensors", "--format", "onnx", "-o", folder / "small.onnx")
run("export", folder / "small.safetensors", "--format", "huggingface", "-o", folder / "hub")

# What is right is taken; otherwise nothing here would mean anything.
for name, content, arguments in (("right.safetensors", safetensors(pytorch()), ["--vocabulary", vocabulary]),
                                 ("right-keras.safetensors", safetensors(keras()), ["--vocabulary", vocabulary]),
                                 ("right.onnx", onnx(), ["--vocabulary", vocabulary]),
                                 ("right.t7", torch7(torch_rnn()), []), ("right-char.t7", torch7(char_rnn()), [])):
    (folder / name).write_bytes(content)
    run("import", folder / name, "-o", folder / "right.out.safetensors", "--overwrite", *arguments)

for kind, inputs, suffix, arguments in (
    ("PyTorch", damaged_pytorch(), ".safetensors", ["--vocabulary", vocabulary]),
    ("Keras", damaged_keras(), ".safetensors", ["--vocabulary", vocabulary]),
    ("ONNX", damaged_onnx((folder / "small.onnx").read_bytes()), ".onnx", ["--vocabulary", vocabulary]),
    ("Torch7", damaged_torch7(), ".t7", [])):
    figures = []
    for name, content in inputs:
        source = folder / f"damaged{suffix}"
        source.write_bytes(content)
        figures.append(check(kind, name, source, arguments, len(content)))
    report(kind, figures)

figures = []
for name, content, suffix in damaged_vocabularies():
    source = folder / f"vocabulary{suffix}"
    source.write_bytes(content)
    figures.append(check("vocabularies", name, folder / "right.safetensors", ["--vocabulary", source],
                         len(content) + (folder / "right.safetensors").stat().st_size))
report("vocabularies", figures)

figures = []
for name, files in damaged_folders(folder / "hub"):
    source = folder / "damaged-hub"
    source.mkdir(exist_ok=True)
    for path in source.iterdir():
        path.unlink()
    for file, content in files.items():
        (source / file).write_bytes(content)
    figures.append(check("Hugging Face", name, source, [], sum(map(len, files.values()))))
report("Hugging Face", figures)

for failure in failures:
    print(f"FAILED: {failure}", file=sys.stderr)
sys.exit(bool(failures))
