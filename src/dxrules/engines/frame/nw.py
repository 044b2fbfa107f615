"""narwhals, for the modules of this engine: the one place that imports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import or_
from typing import Any

import narwhals
from narwhals import Boolean, Expr, Float64, Int64, LazyFrame, String, coalesce, col, concat_str, lit, when

from dxrules.engines.frame.backend import balanced
from dxrules.engines.frame.layout import Shape


def lazy(frame: Any) -> LazyFrame[Any]:
    """A native lazy frame, relation or distributed frame, as narwhals sees it."""
    found: LazyFrame[Any] = narwhals.from_native(frame).lazy()
    return found


def shapes(frame: Any) -> dict[str, Shape]:
    """The columns of a native frame, by name, with what they hold."""
    schema = narwhals.from_native(frame).collect_schema()
    return {name: shape_of(dtype) for name, dtype in schema.items()}


def shape_of(dtype: Any) -> Shape:
    """What a column of a dtype holds."""
    words = str(dtype)
    if isinstance(dtype, narwhals.Boolean):
        return Shape("bool", words)
    if dtype.is_integer():
        signed = dtype.is_signed_integer()
        bits = int("".join(filter(str.isdigit, words)) or 64)
        return Shape("int", words, bits=bits, signed=signed)
    if dtype.is_float():
        return Shape("float", words)
    if isinstance(dtype, (narwhals.String, narwhals.Categorical, narwhals.Enum)):
        return Shape("text", words)
    if isinstance(dtype, narwhals.Date):
        return Shape("date", words)
    if isinstance(dtype, narwhals.Datetime):
        return Shape("other" if dtype.time_zone else "datetime", words, unit=dtype.time_unit)
    if isinstance(dtype, (narwhals.List, narwhals.Array)):
        inner = shape_of(dtype.inner)
        return Shape("list" if inner.kind in ("text", "null") else "other", words)
    if isinstance(dtype, narwhals.Struct):
        return Shape("struct", words, {each.name: shape_of(each.dtype) for each in dtype.fields})
    return Shape("null" if isinstance(dtype, narwhals.Unknown) else "other", words)


class Words:
    """narwhals' words for expressions."""

    Boolean, Float64, Int64, String = Boolean, Float64, Int64, String
    col, concat_str, lit, when = staticmethod(col), staticmethod(concat_str), staticmethod(lit), staticmethod(when)

    def one_of(self, tests: Sequence[Expr]) -> Expr:
        """Whether any holds of tests that exclude each other."""
        made: Expr = balanced(or_, tests)
        return made

    def beyond(self, value: Expr, low: float, high: float) -> Expr:
        """Whether a number lies outside two bounds."""
        return (value > high) | (value < low)

    def unless(self, bad: Expr, value: Expr, *, truth: bool = False) -> Expr:  # noqa: ARG002
        """A value, or null where something is true."""
        made: Expr = when(~bad).then(value)
        return made

    def sure(self, test: Expr) -> Expr:
        """A test, false where it is null."""
        made: Expr = test.fill_null(value=False)
        return made

    def with_columns(self, frame: Any, columns: Mapping[str, Expr]) -> Any:
        """A native table with columns added."""
        return lazy(frame).with_columns(**columns).to_native()


WORDS = Words()


__all__ = [
    "WORDS", "Boolean", "Expr", "Float64", "Int64", "LazyFrame", "String", "coalesce", "col", "concat_str", "lazy",
    "lit", "shape_of", "shapes", "when",
]  # fmt: skip
