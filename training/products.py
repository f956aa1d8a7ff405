"""Matrix products of a hand-built graph: in float32, or int8 with ranges fixed beforehand.

Fixed ranges, because ONNX Runtime's dynamic quantisation takes one scale for the whole batch: a
statement's answer then depends on its neighbours (2 % of the labels of the first network differed
between a statement alone and in a batch). With fixed ranges it depends on nothing but itself.
Loud channels are smoothed as in SmoothQuant (Xiao et al., ICML 2023).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, helper, numpy_helper

Array = npt.NDArray[np.float32]
MICROSOFT = "com.microsoft"
SMOOTHING = 0.87
"""The exponent a of s_j = max|x_j|^a / max|w_j|^(1-a); see docs/DECISIONS.md."""


@dataclass
class Parts:
    """Nodes and constants of a graph in the making; every method returns the name of its result."""

    nodes: list[NodeProto] = field(default_factory=list)
    tensors: dict[str, TensorProto] = field(default_factory=dict)

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """Add a constant once."""
        if name not in self.tensors:
            self.tensors[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, kind: str, inputs: list[str], name: str = "", **attributes: Any) -> str:  # noqa: ANN401
        """Add a node with one result."""
        return self.split(kind, inputs, [name or f"{kind}_{len(self.nodes)}"], **attributes)[0]

    def split(self, kind: str, inputs: list[str], names: list[str], **attributes: Any) -> list[str]:  # noqa: ANN401
        """Add a node with several results."""
        label = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, names, name=label, **attributes))
        return names


class Products(Protocol):
    """How a graph multiplies an activation with a weight (in, out) and adds a bias (out)."""

    def add(self, parts: Parts, name: str, x: str, *, weight: Array, bias: Array) -> str:
        """Add the product and return the name of its result."""
        ...

    def look_up(self, parts: Parts, name: str, table: Array, ids: str) -> str:
        """Add a look-up of rows of a table and return the name of its result."""
        ...


@dataclass
class FloatProducts:
    """Products in float32; `inputs` remembers what each was given, to measure its range."""

    inputs: dict[str, str] = field(default_factory=dict)

    def add(self, parts: Parts, name: str, x: str, *, weight: Array, bias: Array) -> str:
        """Add the product and return the name of its result."""
        self.inputs[name] = x
        product = parts.node("MatMul", [x, parts.constant(f"{name}.weight", weight)])
        return parts.node("Add", [product, parts.constant(f"{name}.bias", bias)])

    def look_up(self, parts: Parts, name: str, table: Array, ids: str) -> str:
        """Add a look-up of rows of a table and return the name of its result."""
        return parts.node("Gather", [parts.constant(name, table), ids])


@dataclass(frozen=True)
class Int8Products:
    """Products in int8; `ranges` has the least and the greatest input of each channel."""

    ranges: dict[str, tuple[Array, Array]]

    def add(self, parts: Parts, name: str, x: str, *, weight: Array, bias: Array) -> str:
        """Add the product and return the name of its result."""
        least, greatest = self.ranges[name]
        smooth = smoothing(np.maximum(-least, greatest), weight, SMOOTHING)
        x = parts.node("Mul", [x, parts.constant(f"{name}.smooth", 1 / smooth)])
        low, high = min((least / smooth).min(), 0.0), max((greatest / smooth).max(), 0.0)
        step = (high - low) / 255
        values, steps = _per_column(weight * smooth[:, None])
        inputs = [
            parts.node("QuantizeLinear", [x, *_grid(parts, name, step, round(-low / step))]),
            parts.constant(f"{name}.weight", values),
            f"{name}.input_scale",
            parts.constant(f"{name}.weight_scale", steps),
            f"{name}.input_zero",
            parts.constant(f"{name}.weight_zero", np.zeros(len(steps), np.int8)),
            parts.constant(f"{name}.bias", bias),
        ]
        return parts.node("MatMulIntegerToFloat", inputs, domain=MICROSOFT)

    def look_up(self, parts: Parts, name: str, table: Array, ids: str) -> str:
        """Add a look-up in the table, stored as int8 with a scale for each row."""
        largest = np.abs(table).max(axis=1, keepdims=True)
        scale = np.maximum(largest / 127, 1e-12).astype(np.float32)
        rows = parts.constant(f"{name}.rows", np.round(table / scale).astype(np.int8))
        found = parts.node("Cast", [parts.node("Gather", [rows, ids])], to=TensorProto.FLOAT)
        scales = parts.node("Gather", [parts.constant(f"{name}.scale", scale), ids])
        return parts.node("Mul", [found, scales])


def restored(
    constants: Mapping[str, npt.NDArray[Any]], name: str
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return weight (in, out) and bias (out) of a product, whether it was added as float or int8.

    `constants` are those of the graph. Raises KeyError where the product is not in it.
    """
    weight, bias = constants[f"{name}.weight"], constants[f"{name}.bias"]
    if f"{name}.smooth" in constants:
        # `smooth` is what the input is multiplied with, so the weight is still divided by it.
        weight = weight * constants[f"{name}.weight_scale"] * constants[f"{name}.smooth"][:, None]
    return weight, bias


def _grid(parts: Parts, name: str, step: float, zero: int) -> list[str]:
    """Add the scale and zero point of a product's input."""
    scale = parts.constant(f"{name}.input_scale", np.array(step, np.float32))
    return [scale, parts.constant(f"{name}.input_zero", np.array(zero, np.uint8))]


def smoothing(loud: Array, weight: Array, exponent: float) -> Array:
    """Return s_j = loud_j^a / max|w_j|^(1-a), scaled to a geometric mean of one (SmoothQuant).

    `loud` (in) is the largest magnitude of each input channel, `weight` is (in, out).
    """
    loud, rows = np.maximum(loud, 1e-5), np.maximum(np.abs(weight).max(axis=1), 1e-5)
    scale = loud**exponent / rows ** (1 - exponent)
    result: Array = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
    return result


def _per_column(weight: Array) -> tuple[npt.NDArray[np.int8], Array]:
    steps = np.maximum(np.abs(weight).max(axis=0) / 127, 1e-12).astype(np.float32)
    return np.round(weight / steps).clip(-127, 127).astype(np.int8), steps
