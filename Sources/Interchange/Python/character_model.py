import torch

from recurrent_layers import RecurrentLayers


class CharacterModel(torch.nn.Module):
    """A network of charlm: its tensors have the names and shapes of the model file (docs/model-file.md)."""

    def __init__(self, *sizes, **settings) -> None:
        super().__init__()
        self.add_layers(*sizes, **settings)

    def add_layers(
        self,
        cell: str,
        vocabulary_size: int,
        embedding_size: int,
        hidden_size: int,
        layer_count: int,
        activation: str | None = None,
        ties_embeddings: bool = False,
        normalization_groups: int | None = None,
        is_residual: bool = False,
    ) -> None:
        self.embedding = torch.nn.Embedding(vocabulary_size, embedding_size)
        sizes = embedding_size, hidden_size, layer_count
        is_plain = normalization_groups is None and not is_residual
        if is_plain and cell == "lstm":
            self.rnn = torch.nn.LSTM(*sizes)
        elif is_plain and cell == "gru":
            self.rnn = torch.nn.GRU(*sizes)
        elif is_plain and cell == "rnn" and activation in (None, "tanh", "relu"):
            self.rnn = torch.nn.RNN(*sizes, nonlinearity=activation or "tanh")
        else:
            self.rnn = RecurrentLayers(
                cell, *sizes, activation=activation or "tanh", groups=normalization_groups, residual=is_residual
            )
        output_size = embedding_size if ties_embeddings else hidden_size
        self.project_out = torch.nn.Linear(hidden_size, output_size, bias=False) if output_size != hidden_size else None
        self.lm_head = torch.nn.Linear(output_size, vocabulary_size)
        if ties_embeddings:
            self.lm_head.weight = self.embedding.weight

    def forward(self, ids: torch.Tensor, state=None):
        """The logits [T, B, V] after each of `ids` [T, B], and the state after the last one."""
        output, state = self.rnn(self.embedding(ids), state)
        return self.lm_head(self.project_out(output) if self.project_out else output), state
