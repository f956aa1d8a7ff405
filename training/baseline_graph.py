"""ONNX graphs of the baselines: the inputs and outputs of the network's graph, other insides."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from training.baselines import WORD, LinearWeights

UNKNOWN_WORD, PAD = "[UNK]", "[PAD]"


def word_tokenizer(vectoriser: TfidfVectorizer) -> Tokenizer:
    """Return a tokenizer that splits as the vectoriser does; every word of an n-gram has an id.

    One-letter words are dropped by the vectoriser before it forms pairs; so here.
    """
    words = sorted({word for gram in vectoriser.vocabulary_ for word in gram.split(" ")})
    ids = {PAD: 0, UNKNOWN_WORD: 1, **{word: i for i, word in enumerate(words, 2)}}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=UNKNOWN_WORD))
    tokenizer.normalizer = normalizers.Lowercase()
    pattern = Regex(WORD.removeprefix("(?u)"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(pattern, "removed", invert=True)
    return tokenizer


def bag_of_words(
    vectoriser: TfidfVectorizer, ids: dict[str, int]
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return nodes from `input_ids` to L2-normalised TF-IDF `features` (TfIdfVectorizer)."""
    grams = sorted(vectoriser.vocabulary_.items(), key=lambda item: item[1])
    order = [i for i, (gram, _) in enumerate(grams) if " " not in gram]
    order += [i for i, (gram, _) in enumerate(grams) if " " in gram]
    pool = [ids[word] for i in order for word in grams[i][0].split(" ")]
    singles = sum(" " not in gram for gram, _ in grams)
    node = helper.make_node(
        "TfIdfVectorizer",
        ["ids32"],
        ["weighted"],
        mode="TFIDF",
        min_gram_length=1,
        max_gram_length=2,
        max_skip_count=0,
        ngram_counts=[0, singles],
        ngram_indexes=order,
        pool_int64s=pool,
        weights=[float(vectoriser.idf_[i]) for i in order],
    )
    cast = helper.make_node("Cast", ["input_ids"], ["ids32"], to=TensorProto.INT64)
    norm = helper.make_node("LpNormalization", ["weighted"], ["features"], axis=-1, p=2)
    return [cast, node, norm], []


def constant_features() -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return nodes from `input_ids` to a single feature of zero, for `majority`."""
    return [
        helper.make_node("Cast", ["input_ids"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["numbers", "last"], ["mean"], keepdims=1),
        helper.make_node("Mul", ["mean", "zero"], ["features"]),
    ], [
        numpy_helper.from_array(np.array([1], np.int64), "last"),
        numpy_helper.from_array(np.array(0, np.float32), "zero"),
    ]


def linear_head(weights: LinearWeights) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return nodes from `features` (batch, f) and `target_vectors` (t, k) to the probabilities."""
    count, width, _ = weights.own.shape
    own = weights.own.transpose(1, 0, 2).reshape(width, count * 3)
    arrays = {
        "own": own,
        "own_bias": weights.own_bias.reshape(count * 3),
        "shared": weights.shared,
        "shared_bias": weights.shared_bias,
        "tone": weights.sentiment,
        "tone_bias": weights.sentiment_bias,
    }
    tensors = [numpy_helper.from_array(a.astype(np.float32), name) for name, a in arrays.items()]
    tensors.append(numpy_helper.from_array(np.array([0, count, 3], np.int64), "by_target"))
    tensors.append(numpy_helper.from_array(np.array([1], np.int64), "middle"))
    node = helper.make_node
    return [
        node("Gemm", ["features", "own", "own_bias"], ["own_flat"]),
        node("Reshape", ["own_flat", "by_target"], ["own_logits"]),
        node("MatMul", ["target_vectors", "own_logits"], ["picked"]),
        node("Gemm", ["features", "shared", "shared_bias"], ["shared_flat"]),
        node("Unsqueeze", ["shared_flat", "middle"], ["shared_logits"]),
        node("Add", ["picked", "shared_logits"], ["logits"]),
        node("Softmax", ["logits"], ["stance"], axis=-1),
        node("Gemm", ["features", "tone", "tone_bias"], ["tone_logits"]),
        node("Softmax", ["tone_logits"], ["sentiment"], axis=-1),
    ], tensors


def assemble(
    parts: list[tuple[list[onnx.NodeProto], list[onnx.TensorProto]]], targets: int
) -> onnx.ModelProto:
    """Return a checked model with the inputs and outputs of every saved pipeline."""
    nodes = [n for part, _ in parts for n in part]
    tensors = [t for _, part in parts for t in part]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "baseline",
        [
            value("input_ids", TensorProto.INT64, ["batch", "length"]),
            value("attention_mask", TensorProto.INT64, ["batch", "length"]),
            value("target_vectors", TensorProto.FLOAT, ["targets", targets]),
        ],
        [
            value("stance", TensorProto.FLOAT, ["batch", "targets", 3]),
            value("sentiment", TensorProto.FLOAT, ["batch", 3]),
        ],
        tensors,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    return model


def character_tokenizer() -> Tokenizer:
    """Return a tokenizer for a graph that does not read the text: one token, whatever it says."""
    return Tokenizer(models.WordLevel({PAD: 0, UNKNOWN_WORD: 1}, unk_token=UNKNOWN_WORD))
