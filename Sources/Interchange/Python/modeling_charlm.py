from dataclasses import dataclass

import torch
from character_model import CharacterModel
from transformers import GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.utils import ModelOutput


class CharlmConfig(PretrainedConfig):
    model_type = "charlm"

    def __init__(
        self,
        cell="lstm",
        vocab_size=258,
        embedding_size=128,
        hidden_size=128,
        num_hidden_layers=1,
        activation=None,
        tie_word_embeddings=False,
        normalization_groups=None,
        is_residual=False,
        **kwargs,
    ):
        self.cell = cell
        self.vocab_size = vocab_size
        self.embedding_size = embedding_size
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.activation = activation
        self.normalization_groups = normalization_groups
        self.is_residual = is_residual
        super().__init__(tie_word_embeddings=tie_word_embeddings, **kwargs)


@dataclass
class CharlmOutput(ModelOutput):
    loss: torch.FloatTensor | None = None
    logits: torch.FloatTensor | None = None
    state: tuple | None = None


class CharlmForCausalLM(CharacterModel, PreTrainedModel, GenerationMixin):
    """The state after a text takes the place of a cache: `generate` reads each token once.

    The tokens of a batch must not be padded on the left.
    """

    config_class = CharlmConfig
    main_input_name = "input_ids"
    _is_stateful = True
    _tied_weights_keys = {"lm_head.weight": "embedding.weight"}

    def __init__(self, config):
        PreTrainedModel.__init__(self, config)
        self.add_layers(
            config.cell,
            config.vocab_size,
            config.embedding_size,
            config.hidden_size,
            config.num_hidden_layers,
            activation=config.activation,
            ties_embeddings=config.tie_word_embeddings,
            normalization_groups=config.normalization_groups,
            is_residual=config.is_residual,
        )
        self.post_init()

    def _init_weights(self, module):
        pass

    def get_input_embeddings(self):
        return self.embedding

    def get_output_embeddings(self):
        return self.lm_head

    def forward(self, input_ids, attention_mask=None, state=None, labels=None, **kwargs):
        logits, state = CharacterModel.forward(self, input_ids.t(), state)
        logits = logits.transpose(0, 1)
        loss = None
        if labels is not None:
            loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        return CharlmOutput(loss=loss, logits=logits, state=state)

    def prepare_inputs_for_generation(self, input_ids, attention_mask=None, state=None, **kwargs):
        return {"input_ids": input_ids if state is None else input_ids[:, -1:], "state": state}

    def _update_model_kwargs_for_generation(self, outputs, model_kwargs, **kwargs):
        model_kwargs = super()._update_model_kwargs_for_generation(outputs, model_kwargs, **kwargs)
        model_kwargs["state"] = outputs.state
        return model_kwargs
