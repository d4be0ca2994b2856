"""Checks of exported models by the programs that read them; scripts/check-formats.sh installs those.

    format_checks.py onnx|tokenizers|keras|torch7|torch|schemas CHARLM FOLDER
"""

import csv
import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys

import numpy
from safetensors import safe_open

from documented_examples import run_example
from torch7_writer import Torch7Writer

TEXT = pathlib.Path(__file__).parent.parent / "corpora" / "the-salt-road.txt"
# Logits in float32 by another order of the same sums.
TOLERANCE = 1e-5
PLAIN = {
    "lstm": ["--hidden-size", "48"],
    "lstm-2": ["--hidden-size", "40", "--layers", "2"],
    "lstm-3": ["--hidden-size", "32", "--layers", "3", "--residual"],
    "lstm-tied": ["--hidden-size", "48", "--embedding-size", "24", "--tie-embeddings"],
    "coupled-lstm": ["--cell", "coupled-lstm", "--hidden-size", "40", "--layers", "2"],
    "gru": ["--cell", "gru", "--hidden-size", "48"],
    "gru-3": ["--cell", "gru", "--hidden-size", "32", "--layers", "3"],
    "gru-tied": ["--cell", "gru", "--hidden-size", "40", "--embedding-size", "40", "--tie-embeddings"],
    "rnn": ["--cell", "rnn", "--hidden-size", "48"],
    "rnn-relu-2": ["--cell", "rnn", "--activation", "relu", "--hidden-size", "40", "--layers", "2"],
    "rnn-sigmoid": ["--cell", "rnn", "--activation", "sigmoid", "--hidden-size", "40"],
}
NORMALIZED = {
    "lstm-normalized": ["--hidden-size", "128", "--layer-norm", "rms"],
    "lstm-normalized-2": ["--hidden-size", "40", "--layers", "2", "--layer-norm", "rms", "--residual"],
    "coupled-normalized": ["--cell", "coupled-lstm", "--hidden-size", "40", "--layer-norm", "rms"],
    "gru-normalized-2": ["--cell", "gru", "--hidden-size", "128", "--layers", "2", "--layer-norm", "rms"],
    "rnn-normalized": ["--cell", "rnn", "--hidden-size", "40", "--layer-norm", "rms"],
}


def run(*arguments):
    result = subprocess.run([charlm, *map(str, arguments)], capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"FAILED: charlm {' '.join(map(str, arguments))}\n{result.stderr}")
    return result.stdout


def check(condition, message):
    if not condition:
        raise SystemExit(f"FAILED: {message}")


def train(name, options, text=TEXT, steps=60):
    """The path of a small model, which is trained once for all checks."""
    path = folder.parent / f"{name}.safetensors"
    if path.exists():
        return path
    run("train", text, "--output", path, "--from", "none", "--max-steps", steps, "--quiet", "--seed", 1, *options)
    return path


def ids_of(path, text):
    file = folder / "text.txt"
    file.write_text(text)
    return json.loads(run("tokenize", path, file, "--json"))["ids"]


class Twin:
    """The network of a model file in double precision, as docs/model-file.md describes it."""

    def __init__(self, path):
        with safe_open(path, framework="numpy") as file:
            self.network = json.loads(file.metadata()["charlm.network"])
            self.tensors = {name: file.get_tensor(name).astype(numpy.float64) for name in file.keys()}

    def normalize(self, sums, gain, bias):
        groups = self.network.get("normalization_groups")
        if groups is None:
            return sums + bias
        size = self.network["hidden_size"] // groups
        parts = sums.reshape(-1, size)
        parts = parts / numpy.sqrt((parts**2).mean(1, keepdims=True) + 1e-5)
        return parts.reshape(sums.shape) * gain + bias

    def logits(self, ids):
        size, cell = self.network["hidden_size"], self.network["cell"]
        sigmoid = lambda x: 1 / (1 + numpy.exp(-x))
        function = {"tanh": numpy.tanh, "relu": lambda x: numpy.maximum(x, 0), "sigmoid": sigmoid}[
            self.network.get("activation", "tanh")]
        values = self.tensors["embedding.weight"][ids]
        for layer in range(self.network["layer_count"]):
            get = lambda name: self.tensors.get(f"rnn.{name}_l{layer}")
            h, c, outputs = numpy.zeros(size), numpy.zeros(size), []
            separate = size if cell == "gru" else 0
            fused = len(get("bias_ih")) - separate
            bias = get("bias_ih") + numpy.concatenate([get("bias_hh")[:fused], numpy.zeros(separate)])
            gain = get("gain_ih") if get("gain_ih") is not None else 1
            for x in values @ get("weight_ih").T:
                recurrent = get("weight_hh") @ h
                sums = x + numpy.concatenate([recurrent[:fused], numpy.zeros(separate)])
                gates = numpy.split(self.normalize(sums, gain, bias), len(sums) // size)
                if cell == "gru":
                    r, z, n = gates
                    own = self.normalize(recurrent[fused:], get("gain_hh"), get("bias_hh")[fused:])
                    n = numpy.tanh(n + sigmoid(r) * own)
                    h = (1 - sigmoid(z)) * n + sigmoid(z) * h
                elif cell == "rnn":
                    h = function(gates[0])
                else:
                    i, f, g, o = gates if cell == "lstm" else (-gates[0], *gates)
                    c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
                    h = sigmoid(o) * numpy.tanh(c)
                outputs.append(h)
            outputs = numpy.array(outputs)
            values = outputs + values if self.network.get("is_residual") and layer > 0 else outputs
        if "project_out.weight" in self.tensors:
            values = values @ self.tensors["project_out.weight"].T
        return values @ self.tensors["lm_head.weight"].T + self.tensors["lm_head.bias"]


def log_probabilities(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - numpy.log(numpy.exp(shifted).sum(-1, keepdims=True))


def reference(path):
    """512 tokens that begin a text, and their logits by the twin, which predicts them as charlm does."""
    text = TEXT.read_text()[3_000:3_511]
    ids = [1, *ids_of(path, text)]
    check(len(ids) == 512 and 0 not in ids, "512 known tokens")
    logits = Twin(path).logits(ids)
    table = folder / "characters.tsv"
    run("evaluate", path, folder / "text.txt", "--per-character", table, "--quiet", "--overwrite")
    with open(table) as file:
        nats = [float(row["nats"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    expected = -log_probabilities(logits)[numpy.arange(511), ids[1:]]
    error = numpy.abs(numpy.array(nats) - expected).max()
    check(error < TOLERANCE, f"{path.name}: the twin's nats differ from charlm's by {error:.1e}")
    return ids, logits


def references(networks):
    """Of each network its name, its model, and tokens with their logits."""
    for name, options in networks.items():
        path = train(name, options)
        yield name, path, *reference(path)


def difference(name, found, expected):
    error = float(numpy.abs(found - expected).max())
    check(error < TOLERANCE, f"{name}: logits differ by {error:.1e}")
    return error


def weights_of(path):
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name).tobytes() for name in file.keys()}


def check_onnx():
    import onnx
    import onnxruntime

    for name, path, ids, expected in references(PLAIN | NORMALIZED):
        output = folder / f"{name}.onnx"
        run("export", path, "--format", "onnx", "--output", output)
        onnx.checker.check_model(str(output), full_check=True)
        session = onnxruntime.InferenceSession(str(output), providers=["CPUExecutionProvider"])
        shape = next(item.shape for item in session.get_inputs() if item.name == "h_0")
        states = [item.name[:-2] for item in session.get_inputs() if item.name != "input_ids"]

        def apply(rows, state):
            inputs = {"input_ids": numpy.array(rows)} | {f"{key}_0": value for key, value in state.items()}
            results = session.run(["logits"] + [f"{key}_n" for key in states], inputs)
            return results[0], dict(zip(states, results[1:]))

        def zeros(batch):
            return {key: numpy.zeros([shape[0], batch, shape[2]], "float32") for key in states}

        # Pieces with the state between them, in a batch whose rows differ.
        rows = [ids, ids[::-1], [ids[0]] * 512]
        pieces, state = [], zeros(3)
        for first, last in ((0, 1), (1, 200), (200, 512)):
            logits, state = apply([row[first:last] for row in rows], state)
            pieces.append(logits)
        whole, _ = apply(rows, zeros(3))
        error = max(difference(name, whole[0], expected), difference(name, numpy.concatenate(pieces, 1)[0], expected))
        back = folder / "back.safetensors"
        run("import", output, "--output", back, "--overwrite")
        check(weights_of(back) == weights_of(path), f"{name}: other weights after export and import")
        check(ids_of(back, "It was\n") == ids_of(path, "It was\n"), f"{name}: other tokens after export and import")
        print(f"{name}: logits within {error:.1e}, {output.stat().st_size:,} bytes, the same weights back", flush=True)
    run("export", path, "--format", "onnx", "--output", folder / "novel.onnx")
    run_example("formats.md", "onnxruntime", folder)
    print("the example of docs/formats.md runs")


def random_text(count):
    """Strings in several scripts, one a line, without U+11A7, which utf8proc 2.8 composes otherwise."""
    stream = random.Random(1)
    ranges = [(0x20, 0x7E), (0xA0, 0x17F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF), (0x5D0, 0x5EA),
              (0x620, 0x660), (0x900, 0x950), (0x3040, 0x30FF), (0x4E00, 0x4E80), (0xAC00, 0xAC80),
              (0x1100, 0x1112), (0x1161, 0x1175), (0x11A8, 0x11C2), (0x1F300, 0x1F340), (0x1F1E6, 0x1F1FF),
              (0x200B, 0x200F), (0xFB00, 0xFB06), (0x1D400, 0x1D420)]
    lines = []
    for _ in range(count):
        scripts = stream.sample(ranges, 2)
        lines.append("".join(chr(stream.randint(*stream.choice(scripts))) for _ in range(stream.randint(1, 12))))
    return "\n".join(lines) + "\r\n\r<|endoftext|> <|unknown|> <0x41>\n"


def check_tokenizers():
    import tokenizers

    text = random_text(int(os.environ.get("CHARLM_STRINGS", 20_000)))
    corpus = folder / "corpus.txt"
    corpus.write_bytes(text.encode())
    part = folder / "part.txt"
    part.write_bytes(text[: len(text) // 20].encode())
    settings = [(unit, form) for unit in ("scalar", "grapheme", "byte") for form in ("nfc", "nfd", "nfkc", "nfkd", "none")]
    for unit, form in settings:
        path = train(f"{unit}-{form}", ["--unit", unit, "--normalization", form, "--hidden-size", 8, "--embedding-size", 4,
                                        "--min-count", 1], text=part, steps=1)
        output = folder / f"{unit}-{form}-folder"
        run("export", path, "--format", "huggingface", "--output", output)
        theirs = tokenizers.Tokenizer.from_file(str(output / "tokenizer.json"))
        theirs.encode_special_tokens = True
        expected = json.loads(run("tokenize", path, corpus, "--json"))["ids"]
        found = theirs.encode(text, add_special_tokens=False).ids
        if found != expected:
            wrong = next(k for k, (a, b) in enumerate(zip(found, expected)) if a != b)
            raise SystemExit(f"FAILED: {unit}, {form}: token {wrong} of {len(expected)} is {found[wrong]}, "
                             f"not {expected[wrong]}: {theirs.decode(found[wrong - 5:wrong + 5])!r}")
        ids = folder / "ids.txt"
        known = [token for token in expected if token > 1]
        ids.write_text(" ".join(map(str, known)))
        same = theirs.decode(known) == run("tokenize", path, ids, "--decode")
        check(same or unit == "byte" and len(known) < len(expected), f"{unit}, {form}: another text is decoded")
        print(f"{unit}, {form}: {len(expected):,} tokens are the same, and their text", flush=True)
    if importlib.util.find_spec("transformers"):
        import transformers

        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder / "scalar-nfc-folder"))
        sample = text[:2000] + "<|endoftext|>"
        check(tokenizer(sample, add_special_tokens=False)["input_ids"] == ids_of(folder.parent / "scalar-nfc.safetensors", sample),
              "AutoTokenizer gives other tokens")
        check(tokenizer.eos_token_id == 1 and tokenizer.bos_token_id == 1, "the end of a text has another token")
        print("transformers.AutoTokenizer loads the folder")


def load_program(path):
    specification = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def foreign_characters():
    """The characters of the text in an order that is not charlm's, and a vocabulary of them."""
    characters = sorted(set(TEXT.read_text()), key=lambda character: ord(character) * 2654435769 % 2**32)
    vocabulary = folder / "stoi.json"
    vocabulary.write_text(json.dumps({character: index for index, character in enumerate(characters)}))
    return characters, vocabulary


def check_keras():
    for name, path, ids, expected in references(PLAIN):
        output = folder / f"{name}.py"
        run("export", path, "--format", "keras", "--output", output)
        model = load_program(output).load()
        logits = numpy.array(model(numpy.array([ids], dtype="int32"))[0])
        error = float(numpy.abs(numpy.exp(log_probabilities(logits)) - numpy.exp(log_probabilities(expected))).max())
        check(error < TOLERANCE, f"{name}: probabilities differ by {error:.1e}")
        print(f"{name}: probabilities within {error:.1e}", flush=True)
    check_keras_imports()


def check_keras_imports():
    """Models of Keras, by the paths of their weights."""
    import keras
    import safetensors.numpy

    characters, vocabulary = foreign_characters()
    embedded = lambda: keras.layers.Embedding(len(characters), 24)
    layers = {"LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU, "SimpleRNN": keras.layers.SimpleRNN}
    stacks = {name: [embedded(), *(make(32, return_sequences=True) for _ in range(2))] for name, make in layers.items()}
    stacks["LSTM without biases"] = [embedded(), keras.layers.LSTM(32, return_sequences=True, use_bias=False)]
    stacks["LSTM with dropout"] = [embedded(), keras.layers.LSTM(32, return_sequences=True, dropout=0.5), keras.layers.Dropout(0.5)]
    one_hot = keras.layers.Lambda(lambda ids: keras.ops.one_hot(ids, len(characters)), output_shape=(None, len(characters)))
    stacks["GRU with one-hot input"] = [one_hot, keras.layers.GRU(32, return_sequences=True)]
    rows = numpy.random.default_rng(1).integers(0, len(characters), 200)
    for name, stack in stacks.items():
        model = keras.Sequential([keras.Input([None], dtype="int32"), *stack, keras.layers.Dense(len(characters))])
        generator = numpy.random.default_rng(2)
        # A simple RNN of larger weights is chaotic: rounding grows with each step.
        deviation = 0.1 if name == "SimpleRNN" else 0.3
        model.set_weights([generator.normal(0, deviation, weight.shape).astype("float32") if "seed" not in weight.path else weight
                           for weight in model.weights])
        expected = numpy.array(model(rows[None]))[0]
        source, output = folder / "theirs.safetensors", folder / "ours.safetensors"
        safetensors.numpy.save_file({weight.path: numpy.ascontiguousarray(weight) for weight in model.weights}, source)
        run("import", source, "--vocabulary", vocabulary, "--output", output, "--overwrite")
        order = [ids_of(output, character)[0] for character in characters]
        found = Twin(output).logits([order[row] for row in rows])[:, order]
        print(f"{name}, imported: logits within {difference(name, found, expected):.1e}", flush=True)


def check_torch():
    import torch
    import transformers

    for name, path, ids, expected in references(PLAIN | NORMALIZED):
        output = folder / f"{name}.py"
        run("export", path, "--format", "pytorch", "--output", output)
        program = load_program(output)
        with torch.no_grad():
            logits, _ = program.load()(torch.tensor(ids)[:, None])
        error = difference(name, logits[:, 0].numpy(), expected)
        check(program.Tokenizer().encode("It was\n") == ids_of(path, "It was\n"), f"{name}: other tokens")
        result = subprocess.run([sys.executable, str(output), "It was"], capture_output=True, text=True)
        check(result.returncode == 0 and result.stdout.startswith("It was"), f"{name}: {result.stderr}")
        hub = folder / f"{name}-folder"
        run("export", path, "--format", "huggingface", "--output", hub, "--with-code")
        model = transformers.AutoModelForCausalLM.from_pretrained(str(hub), trust_remote_code=True).eval()
        with torch.no_grad():
            whole = model(torch.tensor([ids])).logits[0].numpy()
        error = max(error, difference(name, whole, expected))
        prompt = torch.tensor([ids[:40]])
        greedy = model.generate(prompt, max_new_tokens=30, do_sample=False)[0].tolist()
        longer = list(ids[:40])
        for _ in range(len(greedy) - 40):
            with torch.no_grad():
                logits = model(torch.tensor([longer])).logits[0, -1]
            logits[0] = -torch.inf
            longer.append(int(logits.argmax()))
        check(greedy == longer, f"{name}: generate reads other states")
        print(f"{name}: logits within {error:.1e} in PyTorch and transformers, generate carries the state", flush=True)
    example = folder / "example"
    example.mkdir()
    run("export", path, "--format", "pytorch", "--output", example / "novel.py")
    check(run_example("python.md", "novel.load()", example).strip(), "docs/python.md, PyTorch")
    (example / "novel.py").unlink()
    run("export", path, "--format", "huggingface", "--output", example / "novel", "--with-code")
    check(run_example("python.md", "AutoModelForCausalLM", example).startswith("It was"), "docs/python.md, Hugging Face")
    print("the examples of docs/python.md run")
    if importlib.util.find_spec("lm_eval") and importlib.util.find_spec("accelerate"):
        check_harness(folder / "lstm-normalized-folder", folder.parent / "lstm-normalized.safetensors")
    check_torch_imports()


def check_harness(hub, path):
    """lm-evaluation-harness, its backend hf unchanged."""
    from lm_eval.api.instance import Instance
    from lm_eval.models.huggingface import HFLM

    text = TEXT.read_text()[3_000:6_000]
    ids_of(path, text)
    figures = json.loads(run("evaluate", path, folder / "text.txt", "--json", "--quiet"))
    model = HFLM(pretrained=str(hub), trust_remote_code=True, device="cpu", max_length=100_000, dtype="float32", batch_size=1)
    found = model.loglikelihood_rolling([Instance("loglikelihood_rolling", {}, (text,), 0)])[0]
    check(abs(found + figures["nats"]) < 1e-5 * figures["nats"], f"the harness has {found}, evaluate {-figures['nats']}")
    request = ("It was", {"until": ["\n\n"], "max_gen_toks": 40})
    continued = model.generate_until([Instance("generate_until", {}, request, 0)])[0]
    check(0 < len(continued) <= 40, f"the harness generates {continued!r}")
    print(f"lm-evaluation-harness: {found:.4f} nats for 3,000 characters, evaluate {-figures['nats']:.4f}", flush=True)


def check_torch_imports():
    """Modules of PyTorch, as state_dict and by its ONNX exporter."""
    import safetensors.torch
    import torch

    characters, vocabulary = foreign_characters()

    class Network(torch.nn.Module):
        def __init__(self, layers):
            super().__init__()
            self.encoder = torch.nn.Embedding(len(characters), 24)
            self.core = layers
            self.decoder = torch.nn.Linear(layers.hidden_size, len(characters))

        def forward(self, ids, *state):
            output, state = self.core(self.encoder(ids), state if len(state) > 1 else state[0] if state else None)
            return self.decoder(output), state

    torch.manual_seed(1)
    kinds = {"LSTM": torch.nn.LSTM(24, 32, 2, batch_first=True), "GRU": torch.nn.GRU(24, 32, 2, batch_first=True),
             "RNN": torch.nn.RNN(24, 32, 1), "LSTM without biases": torch.nn.LSTM(24, 32, bias=False)}
    for name, layers in kinds.items():
        network = Network(layers).eval()
        rows = torch.randint(len(characters), [200])
        with torch.no_grad():
            expected = network(rows[None] if layers.batch_first else rows[:, None])[0].reshape(200, -1).numpy()
        source, output = folder / "theirs.safetensors", folder / "ours.safetensors"
        safetensors.torch.save_file(network.state_dict(), source)
        sources = [source]
        try:
            exported = folder / "theirs.onnx"
            torch.onnx.export(network, (rows[None] if layers.batch_first else rows[:, None],), str(exported), dynamo=False,
                              input_names=["ids"], dynamic_axes={"ids": {0: "a", 1: "b"}})
            sources.append(exported)
        except Exception as error:
            print(f"{name}: PyTorch's exporter is missing here: {error}")
        for file in sources:
            run("import", file, "--vocabulary", vocabulary, "--output", output, "--overwrite")
            order = [ids_of(output, character)[0] for character in characters]
            check(0 not in order, f"{name}: unknown characters")
            found = Twin(output).logits([order[row] for row in rows])[:, order]
            print(f"{name} from {file.suffix}: logits within {difference(name, found, expected):.1e}", flush=True)


def check_torch7():
    """Checkpoints of torch-rnn and char-rnn, whose equations are written out here."""
    import torchfile

    random_state = numpy.random.default_rng(1)
    values = lambda *shape: random_state.normal(0, 0.5, shape)
    characters = ["e", "\n", "a", "\u00e9", " "]
    rows, width, size, layers = len(characters), 6, 7, 2
    sigmoid = lambda x: 1 / (1 + numpy.exp(-x))

    def lstm(sums, c):
        i, f, o, g = numpy.split(sums, 4)
        c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
        return sigmoid(o) * numpy.tanh(c), c

    def logits(sequence, inputs, step, head):
        states = [(numpy.zeros(size), numpy.zeros(size)) for _ in range(layers)]
        results = []
        for row in sequence:
            x = inputs[row]
            for layer in range(layers):
                states[layer] = lstm(step(layer, x, states[layer][0]), states[layer][1])
                x = states[layer][0]
            results.append(head["weight"] @ x + head["bias"])
        return numpy.array(results)

    head = {"weight": values(rows, size), "bias": values(rows)}
    embedding = values(rows, width)
    cells = [{"weight": values((size if layer else width) + size, 4 * size), "bias": values(4 * size)}
             for layer in range(layers)]
    modules = [("nn.LookupTable", {"weight": embedding}), *(("nn.LSTM", cell) for cell in cells), ("nn.View", {}),
               ("nn.Linear", head), ("nn.View", {})]
    model = {"net": ("nn.Sequential", {"modules": modules}),
             "idx_to_token": dict(enumerate(characters, 1))}
    torch_rnn = {"opt": {}, "i": 100, "model": ("nn.LanguageModel", model)}
    torch_step = lambda layer, x, h: numpy.concatenate([x, h]) @ cells[layer]["weight"] + cells[layer]["bias"]

    linear = [[{"weight": values(4 * size, width), "bias": values(4 * size)} for width in (size if layer else rows, size)]
              for layer in range(layers)]
    node = lambda name, module: ("nngraph.Node", {"data": {"annotations": {"name": name}, "module": ("nn.Linear", module)}})
    nodes = [node(f"{part}_{layer + 1}", linear[layer][index]) for layer in range(layers)
             for index, part in enumerate(("i2h", "h2h"))] + [node("decoder", head)]
    char_rnn = {"protos": {"rnn": ("nn.gModule", {"forwardnodes": nodes})},
                "vocab": {character: index for index, character in enumerate(characters, 1)}}
    char_step = lambda layer, x, h: sum(linear[layer][part]["weight"] @ (x, h)[part] + linear[layer][part]["bias"]
                                        for part in range(2))

    sequence = random_state.integers(0, rows, 200)
    for name, content, inputs, step in (("torch-rnn", torch_rnn, embedding, torch_step),
                                        ("char-rnn", char_rnn, numpy.eye(rows), char_step)):
        writer = Torch7Writer()
        writer.write(content)
        path = folder / f"{name}.t7"
        path.write_bytes(writer.bytes)
        torchfile.load(str(path))
        output = folder / f"{name}.safetensors"
        run("import", path, "--output", output)
        ids = {character: ids_of(output, character)[0] for character in characters}
        order = [ids[character] for character in characters]
        check(sorted(order) == list(range(2, 2 + rows)), f"{name}: tokens {order}")
        found = Twin(output).logits([order[row] for row in sequence])[:, order]
        error = difference(name, found, logits(sequence, inputs, step, head))
        print(f"{name}: torchfile reads the checkpoint, too; logits within {error:.1e}", flush=True)


def check_schemas():
    """What --json prints, against docs/schemas."""
    import jsonschema

    def validator(name):
        path = TEXT.parent.parent / "docs" / "schemas" / f"{name}.schema.json"
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        return jsonschema.Draft202012Validator(schema)

    def check_lines(name, output, count=None):
        lines = [json.loads(line) for line in output.splitlines()]
        check(lines and (count is None or len(lines) == count), f"{name}: {len(lines)} lines")
        for line in lines:
            validator(name).validate(line)
        # A schema that accepts anything is none.
        check(not validator(name).is_valid({}), f"{name}: the schema accepts an empty object")
        return lines

    text = TEXT.read_text()
    (folder / "short.txt").write_text(text[:2_000])
    (folder / "long.txt").write_text(text[-40_000:])
    log = folder / "run.jsonl"
    run("train", TEXT, "--output", folder / "one.safetensors", "--from", "none", "--max-steps", 60, "--hidden-size", 24,
        "--log", log, "--quiet", "--sample-every", 30, "--checkpoint-every", 0.001)
    events = check_lines("train-event", log.read_text())
    check({"started", "step", "validation", "checkpoint", "sample", "finished"} <= {line["event"] for line in events},
          f"events {sorted({line['event'] for line in events})}")
    one, two = folder / "one.safetensors", train("two", ["--hidden-size", 20])
    for more in ([], ["--dynamic"], ["--baselines", TEXT], ["--ensemble", two],
                 ["--ensemble", two, "--dynamic"]):
        check_lines("evaluate", run("evaluate", one, folder / "long.txt", folder / "short.txt", "--json", "--quiet", *more), 1)
    check_lines("generate", run("generate", one, "--count", 3, "--length", 40, "--json", "--seed", 1), 3)
    check_lines("generate", run("generate", one, "--length", 40, "--json", "--temperature", 0), 1)
    check_lines("compare", run("compare", one, two, "--text", folder / "long.txt", "--json", "--quiet"), 1)
    check_lines("tokenize", run("tokenize", one, folder / "short.txt", "--json"), 1)
    check_lines("inspect", run("inspect", one, "--json"), 1)
    print("evaluate, generate, compare, tokenize, inspect and the events of train are as docs/schemas says")


_, kind, charlm, folder = sys.argv
folder = pathlib.Path(folder)
{"onnx": check_onnx, "tokenizers": check_tokenizers, "keras": check_keras, "torch": check_torch, "torch7": check_torch7,
 "schemas": check_schemas}[kind]()
