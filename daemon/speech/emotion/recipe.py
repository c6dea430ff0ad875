"""What the hyperparams.yaml of a model may ask for: hyperpyyaml calls whatever it names, with what it says.

A file is built only where every tag in it (!new:, !apply:, !include:, !!python/…) is one of TAGS, and where the
encoder, which transformers makes, gets no other arguments than those of ENCODER_TAKES: trust_remote_code, weights_only
and attn_implementation would run what came with it. What is listed is what is known, not what is dangerous.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daemon.errors import AskHuman
from daemon.speech.engines import lacking

HUGGING_FACE = "speechbrain.integrations.huggingface"
NEW_NAMES = {
    "speechbrain.lobes.models.huggingface_wav2vec.HuggingFaceWav2Vec2": f"{HUGGING_FACE}.wav2vec2.Wav2Vec2",
    "speechbrain.lobes.models.huggingface_transformers.": f"{HUGGING_FACE}.",
}
ENCODER = f"!new:{HUGGING_FACE}.wav2vec2.Wav2Vec2"
ENCODER_TAKES = {
    "source",
    "save_path",
    "output_norm",
    "freeze",
    "freeze_feature_extractor",
    "apply_spec_augment",
    "output_all_hiddens",
}
CLASSES = (
    "speechbrain.nnet.pooling.StatisticsPooling",
    "speechbrain.nnet.linear.Linear",
    "speechbrain.nnet.activations.Softmax",
    "speechbrain.dataio.encoder.CategoricalEncoder",
    "speechbrain.utils.parameter_transfer.Pretrainer",
    "torch.nn.ModuleList",
    "torch.nn.Softmax",
)
TAGS = {"!ref", "!tuple", ENCODER, *(f"!new:{name}" for name in CLASSES)}
OF_YAML = "tag:yaml.org,2002:"
PLAIN = {f"{OF_YAML}{kind}" for kind in ("map", "seq", "str", "int", "float", "bool", "null")}


def read(path: Path) -> str:
    """The text, with the present names of speechbrain's classes. Raise AskHuman if it asks for anything foreign."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise AskHuman(f"{path} cannot be read: {lacking.said(error)}; get it again") from error
    for old, new in NEW_NAMES.items():
        text = text.replace(old, new)
    refuse_foreign(text, path)
    return text


def refuse_foreign(text: str, path: Path, encoder: Path | None = None) -> None:
    """Raise AskHuman if the text asks for anything foreign, or for another encoder than the one in the folder given.

    It is parsed as hyperpyyaml parses it: two parsers may read two things.
    """
    import ruamel.yaml
    import yaml
    from ruamel.yaml.error import YAMLError  # it is none of PyYAML's

    try:
        root = yaml.compose(text, Loader=ruamel.yaml.Loader)
    except (YAMLError, yaml.YAMLError, RecursionError) as error:
        raise AskHuman(f"{path} is no YAML: {lacking.said(error)}; get it again") from error
    if foreign := {what for node in _nodes(root) for what in _foreign(node, encoder)}:
        raise AskHuman(
            f"{path} asks for {' and '.join(sorted(foreign))}, which no model of emotion needs: "
            "it is not loaded, for it could run anything; name another model"
        )


def _nodes(root: Any) -> Iterator[Any]:
    """Every node of the tree once; an alias is a node that is met again."""
    met: set[int] = set()
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if id(node) in met:
            continue
        met.add(id(node))
        yield node
        if isinstance(node.value, list):
            waiting += [part for one in node.value for part in (one if isinstance(one, tuple) else (one,))]


def _foreign(node: Any, encoder: Path | None) -> Iterator[str]:
    tag = str(node.tag)
    if tag not in TAGS | PLAIN:
        yield tag.replace(OF_YAML, "!!")
    if tag == ENCODER:
        if not all(isinstance(one, tuple) for one in node.value):
            yield "an encoder of unnamed arguments"
            return
        for key, value in node.value:
            if key.value not in ENCODER_TAKES:
                yield f"{key.value} of the encoder"
            elif key.value == "source" and encoder is not None and value.value != str(encoder):
                yield f"the encoder {value.value}"
