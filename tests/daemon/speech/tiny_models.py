"""Tiny models with the inputs, outputs and metadata of real ones, and sounds that make them speak.

A sound is recorded speech, so that a voice is found in it, without what is above 4 kHz, and with short tones up there:
each stands for one token. A model says the token of a tone where it hears it. So what is to be heard, and when, is
known.
"""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from daemon.speech.audio import SAMPLE_RATE, Audio, decode
from tests.conftest import sample

TONES = tuple(range(4500, 7800, 300))  # Hz
TONE_SECONDS = 0.12
CMVN = {"cmvn_mean": ",".join(["0"] * 80), "cmvn_inv_stddev": ",".join(["1"] * 80)}
AED = {"num_decoder_layers": "1", "num_head": "1", "head_dim": "1", "sos": "2", "eos": "3", "max_len": "500", **CMVN}
CTC = {"model_type": "fire-red-asr-2-ctc", "subsampling_factor": "4", **CMVN}
FIRST = 4  # number of the first token that a tone stands for, after <blank>, <unk>, <sos>, <eos>
SILENT = 18.0  # what a tone's logarithmic energy is above, and speech's in the same band is not
WAV2VEC2_TOKENS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ETAOINHSRDLUMWCFGYPBVK'XJQZ"]  # of wav2vec2-base-960h
WAV2VEC2_VOCABULARY = {text: number for number, text in enumerate(WAV2VEC2_TOKENS)}
FLOAT, WHOLE = TensorProto.FLOAT, TensorProto.INT64


# ---- sounds


def speech(seconds):
    """Recorded speech as over a telephone, with a little noise in the bands that the telephone lacks."""
    samples = decode(sample("two_cities.wav")).samples[: int(seconds * SAMPLE_RATE)]
    spectrum = np.fft.rfft(samples)
    spectrum[int(4000 * len(samples) / SAMPLE_RATE) :] = 0
    noise = 1e-3 * np.random.default_rng(7).standard_normal(len(samples))
    return (np.fft.irfft(spectrum, len(samples)) + noise).astype(np.float32)


def with_tones(samples, tones):
    """A sound with tones in it: pairs of the second at which one begins and its number in TONES."""
    samples = samples.copy()
    time = np.arange(int(TONE_SECONDS * SAMPLE_RATE)) * 2 * np.pi / SAMPLE_RATE
    loudness = 0.3 * np.hanning(len(time))  # what begins at once is heard in the neighbouring bands too
    for second, number in tones:
        begin = int(second * SAMPLE_RATE)
        samples[begin : begin + len(time)] += (loudness * np.sin(time * TONES[number])).astype(np.float32)
    return Audio(samples, SAMPLE_RATE, len(samples) / SAMPLE_RATE)


# ---- models


def parakeet(folder, vocabulary, suffix="", config='{"model_type": "nemo-conformer-tdt", "features_size": 128}'):
    """A NeMo TDT model as onnx-asr takes it: `vocabulary` are the tokens of TONES, of which each lasts four frames."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(config)
    tokens = [*vocabulary, "<blk>"]
    (folder / "vocab.txt").write_text("".join(f"{token} {number}\n" for number, token in enumerate(tokens)))
    _parakeet_encoder(folder / f"encoder-model{suffix}.onnx", len(vocabulary))
    _parakeet_decoder(folder / f"decoder_joint-model{suffix}.onnx", len(vocabulary))
    return folder


def _parakeet_encoder(path, count):
    """Energies of the tones' bands over those of the whole piece, the loudest of eight frames."""
    chosen = np.zeros((count, 128), np.float32)
    chosen[range(count), [_nemo_band(tone) for tone in TONES[:count]]] = 1
    nodes = [
        helper.make_node("MatMul", ["chosen", "audio_signal"], ["bands"]),
        helper.make_node("MaxPool", ["bands"], ["outputs"], kernel_shape=[8], strides=[8], ceil_mode=1),
        helper.make_node("Add", ["length", "seven"], ["more"]),
        helper.make_node("Div", ["more", "eight"], ["encoded_lengths"]),
    ]
    inputs = [_value("audio_signal", FLOAT, ["B", 128, "T"]), _value("length", WHOLE, ["B"])]
    outputs = [_value("outputs", FLOAT, ["B", count, "U"]), _value("encoded_lengths", WHOLE, ["B"])]
    _save(path, nodes, inputs, outputs, {"chosen": chosen, "seven": _whole(7), "eight": _whole(8)})


def _parakeet_decoder(path, count):
    """A token where its tone stands out by four deviations, and then four frames on; else one."""
    silent, durations = np.full((1, 1, 1, 1), 4, np.float32), np.array([-9, 4, -9, -9], np.float32)
    nodes = [
        helper.make_node("Transpose", ["encoder_outputs"], ["tones"], perm=[0, 2, 1]),
        helper.make_node("Unsqueeze", ["tones", "one"], ["heard"]),
        helper.make_node("ReduceMax", ["heard"], ["loudest"], axes=[3]),
        helper.make_node("Concat", ["heard", "silent", "durations", "loudest"], ["outputs"], axis=3),
        helper.make_node("Identity", ["input_states_1"], ["output_states_1"]),
        helper.make_node("Identity", ["input_states_2"], ["output_states_2"]),
    ]
    state = [1, "B", 1]
    inputs = [
        _value("encoder_outputs", FLOAT, ["B", count, 1]),
        _value("targets", TensorProto.INT32, ["B", 1]),
        _value("target_length", TensorProto.INT32, ["B"]),
        _value("input_states_1", FLOAT, state),
        _value("input_states_2", FLOAT, state),
    ]
    outputs = [
        _value("outputs", FLOAT, ["B", 1, 1, count + 6]),
        _value("output_states_1", FLOAT, state),
        _value("output_states_2", FLOAT, state),
    ]
    constants = {"one": _whole(1), "silent": silent, "durations": durations.reshape(1, 1, 1, 4)}
    _save(path, nodes, inputs, outputs, constants)


def fireredasr_ctc(folder, vocabulary, suffix="", **metadata):
    """FireRedASR2's CTC model as sherpa-onnx takes it: `vocabulary` are the tokens of TONES."""
    _vocabulary(folder, vocabulary)
    nodes = [
        *_energies(),
        helper.make_node("Slice", ["energies", "zero", "many", "one", "four"], ["logits"]),
        helper.make_node("Add", ["x_len", "three"], ["more"]),
        helper.make_node("Div", ["more", "four"], ["logits_len"]),
    ]
    inputs = [_value("x", FLOAT, [1, "T", 80]), _value("x_len", WHOLE, [1])]
    outputs = [_value("logits", FLOAT, [1, "U", FIRST + len(vocabulary)]), _value("logits_len", WHOLE, [1])]
    constants = {**_chosen(len(vocabulary)), "many": _whole(2**31), "three": _whole(3), "four": _whole(4)}
    _save(folder / f"model{suffix}.onnx", nodes, inputs, outputs, constants, {**CTC, **metadata})
    return folder


def fireredasr_aed(folder, vocabulary, suffix="", **metadata):
    """FireRedASR's AED model as sherpa-onnx takes it: `vocabulary` are the tokens of TONES."""
    _vocabulary(folder, vocabulary)
    _aed_encoder(folder / f"encoder{suffix}.onnx", len(vocabulary), {**AED, **metadata})
    _aed_decoder(folder / f"decoder{suffix}.onnx", FIRST + len(vocabulary))
    return folder


def _aed_encoder(path, count, metadata):
    """What the decoder is to say: the numbers of the tokens, each once per tone, and the end."""
    nodes = [
        *_energies(),
        helper.make_node("ArgMax", ["energies"], ["loudest"], axis=2, keepdims=0),
        helper.make_node("Reshape", ["loudest", "minus"], ["ids"]),
        helper.make_node("Slice", ["ids", "zero", "minus", "zero"], ["without_last"]),
        helper.make_node("Concat", ["zero", "without_last"], ["before"], axis=0),
        helper.make_node("Equal", ["ids", "before"], ["goes_on"]),
        helper.make_node("Not", ["goes_on"], ["begins"]),
        helper.make_node("Cast", ["ids"], ["speaks"], to=TensorProto.BOOL),
        helper.make_node("And", ["begins", "speaks"], ["kept"]),
        helper.make_node("Compress", ["ids", "kept"], ["said"], axis=0),
        helper.make_node("Concat", ["said", "end"], ["ended"], axis=0),
        helper.make_node("Cast", ["ended"], ["as_float"], to=FLOAT),
        helper.make_node("Reshape", ["as_float", "shape"], ["n_layer_cross_k"]),
        helper.make_node("Identity", ["n_layer_cross_k"], ["n_layer_cross_v"]),
    ]
    inputs = [_value("x", FLOAT, [1, "T", 80]), _value("x_length", WHOLE, [1])]
    outputs = [_value(f"n_layer_cross_{one}", FLOAT, [1, 1, "U", 1]) for one in "kv"]
    constants = {**_chosen(count), "minus": _whole(-1), "end": _whole(3), "shape": _whole(1, 1, -1, 1)}
    _save(path, nodes, inputs, outputs, constants, metadata)


def _aed_decoder(path, size):
    nodes = [
        helper.make_node("Reshape", ["n_layer_cross_k", "minus"], ["said"]),
        helper.make_node("Gather", ["said", "offset"], ["as_float"], axis=0),
        helper.make_node("Cast", ["as_float"], ["number"], to=WHOLE),
        helper.make_node("OneHot", ["number", "size", "values"], ["row"], axis=-1),
        helper.make_node("Reshape", ["row", "shape"], ["logits"]),
        *(helper.make_node("Identity", [f"in_{one}"], [f"out_{one}"]) for one in _CACHES),
    ]
    inputs = [
        _value("tokens", WHOLE, [1, 1]),
        *(_value(f"in_{one}", FLOAT, ["L", 1, "M", 1, 1]) for one in _CACHES),
        *(_value(f"n_layer_cross_{one}", FLOAT, [1, 1, "U", 1]) for one in "kv"),
        _value("offset", WHOLE, [1]),
    ]
    outputs = [
        _value("logits", FLOAT, [1, 1, size]),
        *(_value(f"out_{one}", FLOAT, ["L", 1, "M", 1, 1]) for one in _CACHES),
    ]
    constants = {"minus": _whole(-1), "size": np.array(size, np.int64), "shape": _whole(1, 1, size)}
    _save(path, nodes, inputs, outputs, {**constants, "values": np.array([0, 1], np.float32)})


_CACHES = ("n_layer_self_k_cache", "n_layer_self_v_cache")


def _vocabulary(folder, vocabulary):
    folder.mkdir(parents=True, exist_ok=True)
    tokens = ["<blank>", "<unk>", "<sos>", "<eos>", *vocabulary]
    (folder / "tokens.txt").write_text("".join(f"{token} {number}\n" for number, token in enumerate(tokens)))


def _energies():
    """The logarithmic energy of each token's band; blank's is what a tone has to be above."""
    return [
        helper.make_node("MatMul", ["x", "chosen"], ["bands"]),
        helper.make_node("Add", ["bands", "silent"], ["energies"]),
    ]


def _chosen(count):
    chosen, silent = np.zeros((80, FIRST + count), np.float32), np.zeros(FIRST + count, np.float32)
    chosen[[_kaldi_band(tone) for tone in TONES[:count]], range(FIRST, FIRST + count)] = 1
    silent[0] = SILENT
    return {"chosen": chosen, "silent": silent, "zero": _whole(0), "one": _whole(1)}


def _nemo_band(tone):
    from importlib.resources import files

    import onnx_asr.preprocessors

    with np.load(str(files(onnx_asr.preprocessors) / "data" / "fbanks.npz")) as banks:
        return int(banks["nemo128"][round(tone / SAMPLE_RATE * 512)].argmax())


def _kaldi_band(tone, lowest=20, highest=8000, count=80):
    def mel(frequency):
        return 1127 * np.log(1 + frequency / 700)

    return round((mel(tone) - mel(lowest)) / ((mel(highest) - mel(lowest)) / (count + 1))) - 1


def _value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def _whole(*numbers):
    return np.array(numbers, np.int64)


def _save(path, nodes, inputs, outputs, constants, metadata=None):
    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, metadata or {})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def wav2vec2(folder):
    """A Wav2Vec2ForCTC of random weights in the format of transformers, which hears no tones, only something."""
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC

    torch.manual_seed(1)
    config = Wav2Vec2Config(
        vocab_size=len(WAV2VEC2_VOCABULARY),
        pad_token_id=0,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8,) * 7,
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
    )
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    Wav2Vec2FeatureExtractor().save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps(WAV2VEC2_VOCABULARY))
    return folder
