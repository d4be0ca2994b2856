import json
import pathlib

import keras
import numpy
from safetensors import safe_open

MODEL = pathlib.Path(__file__).with_suffix(".safetensors")


def gates(values: numpy.ndarray, network: dict, axis: int = 0) -> numpy.ndarray:
    """The gates in Keras's order: i, f, c, o of an LSTM; z, r, h of a GRU."""
    parts = numpy.split(values, values.shape[axis] // network["hidden_size"], axis)
    match network["cell"]:
        case "gru":
            parts = [parts[1], parts[0], parts[2]]
        case "coupled-lstm":
            # i = 1 - f = sigmoid(-f's sums)
            parts = [-parts[0], parts[0], parts[1], parts[2]]
    return numpy.concatenate(parts, axis)


def load(path: pathlib.Path = MODEL) -> keras.Model:
    """A model from ids (batch, sequence) to logits (batch, sequence, V); a text begins with the token 1."""
    with safe_open(path, framework="numpy") as file:
        network = json.loads(file.metadata()["charlm.network"])
        tensors = {name: file.get_tensor(name).astype("float32") for name in file.keys()}
    units = network["hidden_size"]
    match network["cell"]:
        case "gru":
            new_layer = lambda: keras.layers.GRU(units, return_sequences=True, reset_after=True)
        case "rnn":
            function = network.get("activation", "tanh")
            new_layer = lambda: keras.layers.SimpleRNN(units, activation=function, return_sequences=True)
        case _:
            new_layer = lambda: keras.layers.LSTM(units, return_sequences=True)
    embedding = keras.layers.Embedding(network["vocabulary_size"], network["embedding_size"])
    ids = keras.Input([None], dtype="int32")
    values, weights = embedding(ids), []
    for number in range(network["layer_count"]):
        layer = new_layer()
        output = layer(values)
        values = keras.layers.add([output, values]) if network.get("is_residual") and number > 0 else output
        weights.append(layer)
    if "project_out.weight" in tensors:
        projection = keras.layers.Dense(network["embedding_size"], use_bias=False)
        values = projection(values)
        projection.set_weights([tensors["project_out.weight"].T])
    head = keras.layers.Dense(network["vocabulary_size"])
    model = keras.Model(ids, head(values))

    embedding.set_weights([tensors["embedding.weight"]])
    head.set_weights([tensors["lm_head.weight"].T, tensors["lm_head.bias"]])
    for number, layer in enumerate(weights):
        kernels = [gates(tensors[f"rnn.weight_{part}_l{number}"], network).T for part in ("ih", "hh")]
        biases = [gates(tensors[f"rnn.bias_{part}_l{number}"], network) for part in ("ih", "hh")]
        layer.set_weights([*kernels, numpy.stack(biases) if network["cell"] == "gru" else sum(biases)])
    return model


if __name__ == "__main__":
    load().summary()
