"""charlm's recurrent layers that PyTorch lacks, as a module: normalized sums, residual connections and the coupled LSTM.

docs/model-file.md has the equations.
"""

import torch

GATES = {"lstm": 4, "coupled-lstm": 3, "gru": 3, "rnn": 1}
# The gates whose input and recurrent sums are normalized apart, always the last ones.
SEPARATE = {"lstm": 0, "coupled-lstm": 0, "gru": 1, "rnn": 0}
EPSILON = 1e-5


class RecurrentLayers(torch.nn.Module):
    """Takes and gives what `torch.nn.LSTM`, `GRU` and `RNN` do: [T, B, input] or [T, input], and the state or None."""

    def __init__(
        self,
        cell: str,
        input_size: int,
        hidden_size: int,
        layers: int,
        activation: str = "tanh",
        groups: int | None = None,
        residual: bool = False,
    ) -> None:
        super().__init__()
        self.cell, self.hidden_size, self.layers, self.residual = cell, hidden_size, layers, residual
        self.has_cell_state = cell in ("lstm", "coupled-lstm")
        self.group_size = hidden_size // groups if groups else None
        self.activation = getattr(torch, activation)
        gates, separate = GATES[cell] * hidden_size, SEPARATE[cell] * hidden_size
        self.fused = gates - separate
        bound = hidden_size**-0.5
        for layer in range(layers):
            shapes = {
                "weight_ih": [gates, hidden_size if layer else input_size],
                "weight_hh": [gates, hidden_size],
                "bias_ih": [gates],
                "bias_hh": [gates],
            }
            for name, shape in shapes.items():
                values = torch.empty(shape).uniform_(-bound, bound)
                self.register_parameter(f"{name}_l{layer}", torch.nn.Parameter(values))
            if not groups:
                continue
            self.register_parameter(f"gain_ih_l{layer}", torch.nn.Parameter(torch.ones(gates)))
            if separate:
                self.register_parameter(f"gain_hh_l{layer}", torch.nn.Parameter(torch.ones(separate)))

    def forward(self, x: torch.Tensor, state=None):
        if state is None:
            zeros = x.new_zeros(self.layers, *x.shape[1:-1], self.hidden_size)
            state = (zeros, zeros) if self.has_cell_state else zeros
        vectors = state if self.has_cell_state else (state,)
        final = []
        for layer in range(self.layers):
            output, last = self.run_layer(layer, x, [vector[layer] for vector in vectors])
            x = output + x if self.residual and layer > 0 else output
            final.append(last)
        stacked = tuple(torch.stack(vector) for vector in zip(*final))
        return x, stacked if self.has_cell_state else stacked[0]

    def complete(self, sums: torch.Tensor, gain: str, bias: torch.Tensor) -> torch.Tensor:
        """The sums with their bias, normalized first if the layers are."""
        if self.group_size is None:
            return sums + bias
        groups = sums.unflatten(-1, (-1, self.group_size))
        scale = torch.rsqrt(groups.square().mean(-1, keepdim=True) + EPSILON)
        return getattr(self, gain) * (groups * scale).flatten(-2) + bias

    def run_layer(self, layer: int, x: torch.Tensor, state: list[torch.Tensor]):
        names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
        weight_ih, weight_hh, bias_ih, bias_hh = (getattr(self, f"{name}_l{layer}") for name in names)
        fused = self.fused
        bias = bias_ih + torch.cat([bias_hh[:fused], torch.zeros_like(bias_hh[fused:])])
        outputs = []
        for inputs in x @ weight_ih.t():
            recurrent = state[0] @ weight_hh.t()
            sums = torch.cat([inputs[..., :fused] + recurrent[..., :fused], inputs[..., fused:]], dim=-1)
            sums = self.complete(sums, f"gain_ih_l{layer}", bias)
            if self.cell == "gru":
                separate = self.complete(recurrent[..., fused:], f"gain_hh_l{layer}", bias_hh[fused:])
                state = self.gru(sums, separate, *state)
            elif self.cell == "lstm":
                state = self.lstm(sums, *state)
            elif self.cell == "coupled-lstm":
                state = self.coupled_lstm(sums, *state)
            else:
                state = [self.activation(sums)]
            outputs.append(state[0])
        return torch.stack(outputs), state

    def lstm(self, sums: torch.Tensor, _hidden: torch.Tensor, cell: torch.Tensor) -> list[torch.Tensor]:
        i, f, g, o = sums.chunk(4, dim=-1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(cell), cell]

    def coupled_lstm(self, sums: torch.Tensor, _hidden: torch.Tensor, cell: torch.Tensor) -> list[torch.Tensor]:
        f, g, o = sums.chunk(3, dim=-1)
        f = torch.sigmoid(f)
        cell = f * cell + (1 - f) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(cell), cell]

    def gru(self, sums: torch.Tensor, separate: torch.Tensor, hidden: torch.Tensor) -> list[torch.Tensor]:
        r, z, n = sums.chunk(3, dim=-1)
        n = torch.tanh(n + torch.sigmoid(r) * separate)
        z = torch.sigmoid(z)
        return [(1 - z) * n + z * hidden]
