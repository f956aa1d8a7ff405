"""Int8 that keeps its labels: smoothed activations, weights per channel, embeddings per row.

ONNX Runtime quantises an activation with one scale for the whole tensor, so a few loud channels
drown the rest. SmoothQuant (Xiao et al., ICML 2023) divides channel j of a product's input by
s_j = max|x_j|^a / max|w_j|^(1-a) and multiplies row j of the weights by it, which changes nothing
in float32. max|x_j| is taken over calibration statements of the training split. An embedding table
gets one scale a row, since one scale for all its words cost more labels than all else together.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.products import smoothing

Feeds = list[dict[str, npt.NDArray[np.generic]]]
Array = npt.NDArray[np.float32]

SMOOTHING = 0.8
"""The exponent a; chosen on validation statements among 0.4 to 1.0 (docs/DECISIONS.md)."""


def quantise(source: Path, path: Path, feeds: Feeds) -> None:
    """Write the float32 graph `source` with int8 weights; `feeds` are calibration inputs."""
    model = onnx.load(str(source))
    products = _products(model)
    largest = _largest_inputs(model, products, feeds)
    _smooth(model, products, largest)
    _quantise_tables(model)
    smoothed = path.with_suffix(".smoothed.onnx")
    onnx.save(model, str(smoothed))
    quantize_dynamic(
        str(smoothed),
        str(path),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
    )
    smoothed.unlink()


def _weights(model: onnx.ModelProto) -> dict[str, onnx.TensorProto]:
    return {tensor.name: tensor for tensor in model.graph.initializer}


def _products(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """Return the matrix products of an activation and a constant weight."""
    constant = _weights(model)
    return [n for n in model.graph.node if n.op_type == "MatMul" and n.input[1] in constant]


def _largest_inputs(
    model: onnx.ModelProto, products: list[onnx.NodeProto], feeds: Feeds
) -> dict[str, Array]:
    """Return the largest magnitude of each channel of each product's input over the feeds."""
    names = sorted({node.input[0] for node in products})
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    session = onnxruntime.InferenceSession(
        probe.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    largest: dict[str, Array] = {}
    for feed in feeds:
        for name, value in zip(names, session.run(names, feed), strict=True):
            found = np.abs(value).reshape(-1, value.shape[-1]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, 0.0), found)
    return largest


def _smooth(
    model: onnx.ModelProto, products: list[onnx.NodeProto], largest: dict[str, Array]
) -> None:
    """Put one division before the products that share an input, and scale their weights."""
    weights = _weights(model)
    by_input: dict[str, list[onnx.NodeProto]] = {}
    for node in products:
        by_input.setdefault(node.input[0], []).append(node)
    for name, nodes in by_input.items():
        tables = [numpy_helper.to_array(weights[node.input[1]]) for node in nodes]
        scale = smoothing(largest[name], np.concatenate(tables, axis=1), SMOOTHING)
        smooth = f"{name}_smooth"
        model.graph.initializer.append(numpy_helper.from_array(1 / scale, f"{smooth}_factor"))
        place = min(_index(model, node) for node in nodes)
        divide = helper.make_node("Mul", [name, f"{smooth}_factor"], [smooth], name=smooth)
        model.graph.node.insert(place, divide)
        for node, table in zip(nodes, tables, strict=True):
            scaled = numpy_helper.from_array(table * scale[:, None], node.input[1])
            weights[node.input[1]].CopyFrom(scaled)
            node.input[0] = smooth


def _quantise_tables(model: onnx.ModelProto, least_rows: int = 150) -> None:
    """Store embedding tables as int8 with a scale for each row, multiplied after the look-up."""
    weights = _weights(model)
    for node in list(model.graph.node):
        table = weights.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.dims[0] < least_rows:
            continue
        values = numpy_helper.to_array(table)
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, 1e-12)
        name, out = table.name, node.output[0]
        model.graph.initializer.extend(
            [
                numpy_helper.from_array(np.round(values / scale).astype(np.int8), f"{name}_int8"),
                numpy_helper.from_array(scale.astype(np.float32), f"{name}_row_scale"),
            ]
        )
        place = _index(model, node)
        model.graph.node.remove(node)
        make = helper.make_node
        parts = [
            make("Gather", [f"{name}_int8", node.input[1]], [f"{out}_int8"]),
            make("Gather", [f"{name}_row_scale", node.input[1]], [f"{out}_scale"]),
            make("Cast", [f"{out}_int8"], [f"{out}_float"], to=TensorProto.FLOAT),
            make("Mul", [f"{out}_float", f"{out}_scale"], [out]),
        ]
        for number, part in enumerate(parts):  # each name once
            part.name = f"{name}_look_up_{number}"
        for offset, part in enumerate(parts):
            model.graph.node.insert(place + offset, part)
        model.graph.initializer.remove(table)


def _index(model: onnx.ModelProto, node: onnx.NodeProto) -> int:
    return next(i for i, other in enumerate(model.graph.node) if other is node or other == node)
