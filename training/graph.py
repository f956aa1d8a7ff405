"""The late-attention network on a BERT encoder as a hand-built ONNX graph of few, fast nodes.

The same function as `training.network` (tests hold them together), in the operators that ONNX
Runtime has good kernels for: one product for queries, keys and values, fused attention and GELU,
and sums and layer norms kept apart, because the fused SkipLayerNormalization is five times slower.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from training.network import LateAttention
from training.products import (
    MICROSOFT,
    Array,
    FloatProducts,
    Int8Products,
    Parts,
    Products,
)

OPSET = 18
LONGEST = 256
"""Positions kept; windows are shorter (`max_length` of the recipe)."""
Feeds = list[dict[str, np.ndarray]]  # type: ignore[type-arg]


def fits(network: LateAttention) -> bool:
    """Tell whether the network's encoder is of the kind that this graph is written for."""
    config = network.encoder.config
    return config.model_type == "bert" and config.hidden_act == "gelu"  # type: ignore[union-attr]


def write_int8(network: LateAttention, path: Path, feeds: Feeds) -> None:
    """Write the graph with int8 weights; `feeds` are batches of training statements."""
    onnx.save(build(network, Int8Products(input_ranges(network, feeds))), str(path))


def write_float(network: LateAttention, path: Path) -> None:
    """Write the graph in float32."""
    onnx.save(build(network, FloatProducts()), str(path))


def input_ranges(network: LateAttention, feeds: Feeds) -> dict[str, tuple[Array, Array]]:
    """Return the least and greatest input of each channel of each product over the feeds."""
    products = FloatProducts()
    model = build(network, products)
    names = sorted(set(products.inputs.values()) - {o.name for o in model.graph.output})
    model.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found: dict[str, tuple[Array, Array]] = {}
    for feed in feeds:
        for name, value in zip(names, session.run(names, feed), strict=True):
            rows = value.reshape(-1, value.shape[-1])
            low, high = found.get(name, (rows[0], rows[0]))
            found[name] = np.minimum(low, rows.min(0)), np.maximum(high, rows.max(0))
    return {product: found[x] for product, x in products.inputs.items()}


def sources(network: LateAttention) -> dict[str, list[str]]:
    """Return, for each product of the graph, the layers of the network that it is made of.

    A product's weight holds theirs side by side, in this order.
    """
    writer = _Writer(network, FloatProducts())
    writer.whole()
    return writer.sources


def build(network: LateAttention, products: Products) -> onnx.ModelProto:
    """Return the checked graph."""
    writer = _Writer(network, products)
    writer.whole()
    value = helper.make_tensor_value_info
    ids = [
        value(n, TensorProto.INT64, ["batch", "length"]) for n in ("input_ids", "attention_mask")
    ]
    outputs = {"stance": ["batch", "targets", 3], "sentiment": ["batch", 3]}
    outputs["pooled"] = ["batch", network.width]
    graph = helper.make_graph(
        writer.parts.nodes,
        "late_attention",
        [*ids, value("target_vectors", TensorProto.FLOAT, ["targets", network.width])],
        [value(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        list(writer.parts.tensors.values()),
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=opsets)
    model.ir_version = 10
    return model


class _Writer:
    def __init__(self, network: LateAttention, products: Products) -> None:
        self.parts, self._products = Parts(), products
        self.sources: dict[str, list[str]] = {}
        self._state = {k: v.float().cpu().numpy() for k, v in network.state_dict().items()}
        self._width = network.width
        self._config = network.encoder.config
        self._head_layers = len(network.layers)
        self._head_count = network.layers[0].heads if self._head_layers else 1
        self._mask = self.parts.node("Cast", ["attention_mask"], to=TensorProto.INT32)

    def whole(self) -> None:
        """Add the network from the token ids to the outputs."""
        tokens = self.encoder()
        self.head(tokens, self.pooled(tokens))

    def encoder(self) -> str:
        """Add the encoder; return its token states (batch, length, width)."""
        base = "encoder.embeddings"
        table = self._state[f"{base}.word_embeddings.weight"]
        words = self._products.look_up(self.parts, "words", table, "input_ids")
        places = self._state[f"{base}.position_embeddings.weight"][:LONGEST]
        places = places + self._state[f"{base}.token_type_embeddings.weight"][0]
        length = self.parts.node("Shape", ["input_ids"], start=1, end=2)
        place = self.parts.node(
            "Slice", [self.parts.constant("places", places), self._ints(0), length, self._ints(0)]
        )
        x = self._norm(self.parts.node("Add", [words, place]), f"{base}.LayerNorm", 1e-12)
        for layer in range(self._config.num_hidden_layers):  # type: ignore[union-attr, arg-type]
            x = self._layer(x, f"encoder.encoder.layer.{layer}")
        return x

    def pooled(self, tokens: str) -> str:
        """Add the mean over the tokens, and its normalised form as the output `pooled`."""
        mask = self.parts.node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        wide = self.parts.node("Unsqueeze", [mask, self._ints(2)])
        kept = self.parts.node("Mul", [tokens, wide])
        total = self.parts.node("ReduceSum", [kept, self._ints(1)], keepdims=0)
        count = self.parts.node("ReduceSum", [mask, self._ints(1)], keepdims=1)
        mean = self.parts.node("Div", [total, count])
        ones = self.parts.constant("ones", np.ones(self._width, np.float32))
        zeros = self.parts.constant("zeros", np.zeros(self._width, np.float32))
        self.parts.node("LayerNormalization", [mean, ones, zeros], "pooled", axis=-1, epsilon=1e-5)
        return mean

    def head(self, tokens: str, pooled: str) -> None:
        """Add the queries' reading of the tokens, and the outputs `stance` and `sentiment`."""
        own = self.parts.constant("sentiment_query", self._state["sentiment_query"][None])
        queries = self.parts.node("Concat", [own, "target_vectors"], axis=0)
        batch = self.parts.node("Shape", ["input_ids"], start=0, end=1)
        shape = self.parts.node("Concat", [batch, self._ints(1, 1)], axis=0)
        x = self.parts.node(
            "Expand", [self.parts.node("Unsqueeze", [queries, self._ints(0)]), shape]
        )
        read = self._keys_and_values(tokens)
        for layer in range(self._head_layers):
            x = self._head_layer(x, f"layers.{layer}", read[2 * layer : 2 * layer + 2])
        mean = self.parts.node("Unsqueeze", [pooled, self._ints(1)])
        mean = self.parts.node("Expand", [mean, self.parts.node("Shape", [x])])
        x = self.parts.node("Concat", [x, mean], axis=-1)
        stance = self._decide(self._part(x, 1, np.iinfo(np.int64).max), "stance")
        self.parts.node("Softmax", [stance], "stance", axis=-1)
        tone = self.parts.node("Squeeze", [self._part(x, 0, 1), self._ints(1)])
        self.parts.node("Softmax", [self._decide(tone, "sentiment")], "sentiment", axis=-1)

    def _layer(self, x: str, name: str) -> str:
        heads = self._config.num_attention_heads  # type: ignore[union-attr]
        own = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        mixed = self._product(f"{name}.qkv", x, own)
        q, k, v = self.parts.split(
            "Split", [mixed], [f"{name}.{n}" for n in "qkv"], axis=-1, num_outputs=3
        )
        read = self._attend([q, k, v], heads)  # type: ignore[arg-type]
        x = self._add_and_norm(read, x, f"{name}.attention.output")
        up = self._product(f"{name}.up", x, [f"{name}.intermediate.dense"])
        return self._add_and_norm(self._gelu(up), x, f"{name}.output")

    def _add_and_norm(self, x: str, before: str, name: str) -> str:
        out = self._product(name, x, [f"{name}.dense"])
        return self._norm(self.parts.node("Add", [out, before]), f"{name}.LayerNorm", 1e-12)

    def _keys_and_values(self, tokens: str) -> list[str]:
        """Add one product for the keys and values of all layers of the head."""
        names = [f"layers.{i}.{n}" for i in range(self._head_layers) for n in ("key", "value")]
        if not names:
            return []
        mixed = self._product("head.read", tokens, names)
        results = [f"{name}.read" for name in names]
        return self.parts.split("Split", [mixed], results, axis=-1, num_outputs=len(names))

    def _head_layer(self, x: str, name: str, read: list[str]) -> str:
        q = self._product(f"{name}.query", x, [f"{name}.query"])
        found = self._attend([q, *read], self._head_count)
        found = self._product(f"{name}.out", found, [f"{name}.out"])
        x = self._norm(self.parts.node("Add", [found, x]), f"{name}.norm", 1e-5)
        up = self._gelu(self._product(f"{name}.up", x, [f"{name}.up"]))
        down = self._product(f"{name}.down", up, [f"{name}.down"])
        return self._norm(self.parts.node("Add", [down, x]), f"{name}.norm_out", 1e-5)

    def _product(self, name: str, x: str, sources: list[str]) -> str:
        self.sources[name] = sources
        weight = np.concatenate([self._state[f"{s}.weight"].T for s in sources], axis=1)
        bias = np.concatenate([self._state[f"{s}.bias"] for s in sources])
        return self._products.add(self.parts, name, x, weight=weight, bias=bias)

    def _decide(self, x: str, name: str) -> str:
        self.sources[f"{name}_logits"] = [name]
        weight, bias = self._state[f"{name}.weight"].T, self._state[f"{name}.bias"]
        return FloatProducts().add(self.parts, f"{name}_logits", x, weight=weight, bias=bias)

    def _attend(self, inputs: list[str], heads: int) -> str:
        inputs = [*inputs, "", self._mask]
        return self.parts.node("MultiHeadAttention", inputs, domain=MICROSOFT, num_heads=heads)

    def _gelu(self, x: str) -> str:
        return self.parts.node("Gelu", [x], domain=MICROSOFT)

    def _norm(self, x: str, name: str, epsilon: float) -> str:
        gain = self.parts.constant(f"{name}.weight", self._state[f"{name}.weight"])
        shift = self.parts.constant(f"{name}.bias", self._state[f"{name}.bias"])
        return self.parts.node("LayerNormalization", [x, gain, shift], axis=-1, epsilon=epsilon)

    def _part(self, x: str, start: int, end: int) -> str:
        """Cut queries `start` to `end` out of (batch, queries, width)."""
        return self.parts.node("Slice", [x, self._ints(start), self._ints(end), self._ints(1)])

    def _ints(self, *values: int) -> str:
        name = "ints_" + "_".join(map(str, values))
        return self.parts.constant(name, np.array(values, np.int64))
