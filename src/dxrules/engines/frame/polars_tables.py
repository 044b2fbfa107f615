"""Polars: the embedded default, and what other tables in memory become on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, cast

import polars as pl

from dxrules.engines.frame import nw
from dxrules.engines.frame.backend import FEW, Added, Test, Wanted, balanced, flag
from dxrules.engines.frame.layout import Shape, Source, columns_for
from dxrules.schema import FactType

_BITS = 12  # labels that one table of joined texts is made for: it has 4,096 rows
# Of the ways to improve a plan, those that help one of nothing but columns added to columns: it leaves out what is not
# read, and makes what occurs twice once. Looking for the others takes a millisecond, a tenth of the work.
_OPTIMIZATIONS = pl.QueryOptFlags(
    predicate_pushdown=False, slice_pushdown=False, simplify_expression=False, comm_subplan_elim=False,
    cluster_with_columns=False,
)  # fmt: skip
_TYPES = {8: pl.UInt8, 16: pl.UInt16}


class _Words:
    """Polars' own words for expressions."""

    Boolean, Float64, Int64, String = pl.Boolean, pl.Float64, pl.Int64, pl.String
    col, concat_str = pl.col, staticmethod(pl.concat_str)
    lit, when = staticmethod(pl.lit), staticmethod(pl.when)

    def one_of(self, tests: Sequence[pl.Expr]) -> pl.Expr:
        """Whether any holds of tests that exclude each other."""
        return cast("pl.Expr", balanced(or_, tests))

    def beyond(self, value: pl.Expr, low: float, high: float) -> pl.Expr:
        """Whether a number lies outside two bounds."""
        return (value > high) | (value < low)

    def unless(self, bad: pl.Expr, value: pl.Expr, *, truth: bool = False) -> pl.Expr:  # noqa: ARG002
        """A value, or null where something is true."""
        return pl.when(~bad).then(value)

    def sure(self, test: pl.Expr) -> pl.Expr:
        """A test, false where it is null."""
        return test.fill_null(value=False)

    def with_columns(self, frame: Any, columns: Mapping[str, Any]) -> Any:
        """A lazy frame with columns added."""
        return frame.with_columns(**columns)


class Recorder:
    """Stands for a lazy frame, and notes which columns are added to it, to add them to others with its columns."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._steps: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def collect_schema(self) -> Any:
        """The columns that the frame came with."""
        return self._schema

    def with_columns(self, *columns: Any, **named: Any) -> Recorder:
        """Note some columns."""
        self._steps.append((columns, named))
        return self

    def replay(self, frame: Any) -> Any:
        """A lazy frame with all the columns."""
        for columns, named in self._steps:
            frame = frame.with_columns(*columns, **named)
        return frame


class PolarsBackend:
    """Polars frames, lazy ones throughout."""

    raises = False
    folds = False
    words = _Words()

    def shapes(self, frame: Any) -> Mapping[str, Shape]:
        """The frame's columns, with what they hold."""
        schema = frame.collect_schema()
        found = nw.shapes(frame)
        nulls = {name: Shape("null", "Null") for name, dtype in schema.items() if dtype == pl.Null}
        noted = {flag_of(name) for name in schema}
        return {name: nulls.get(name, shape) for name, shape in found.items() if name not in noted}

    def recorder(self, frame: Any) -> Recorder:
        """A stand-in for a frame."""
        return Recorder(frame.collect_schema())

    def signature(self, frame: Any) -> Any:
        """What tells the columns of one frame from those of another."""
        return tuple(
            (name, str(dtype) if dtype.is_nested() else dtype) for name, dtype in frame.collect_schema().items()
        )

    def add(self, frame: Any, wanted: Sequence[Wanted]) -> Added:
        """The frame with the wanted columns added."""
        schema = frame.collect_schema()
        columns: list[pl.Expr] = []
        flagged: set[str] = set()
        checked: set[str] = set()
        told: set[str] = set()
        for each in wanted:
            dtype = schema[each.source.column]
            for step in each.source.path:
                dtype = next((field.dtype for field in getattr(dtype, "fields", ()) if field.name == step), pl.Null())
            value, bad = _value(each, dtype)
            said: pl.Expr | None = None
            if each.kind == "enum" and bad is not None:
                checked.add(each.name)
                said = pl.format("'{}'", _raw(each.source).cast(pl.String))
            noted = flag_of(each.source.column)
            if noted in schema and not each.source.path:
                said = pl.coalesce(pl.col(noted), said) if said is not None else pl.col(noted)
                wrong = pl.col(noted).is_not_null()
                bad = wrong if bad is None else bad | wrong
            columns.append(value.alias(each.name))
            if bad is not None:
                columns.append(bad.alias(flag(each.name)))
                flagged.add(each.name)
            if said is not None:
                columns.append(said.alias(f"{each.name}t"))
                told.add(each.name)
        return Added(frame.with_columns(columns), frozenset(flagged), frozenset(checked), frozenset(told))

    def left_join(self, frame: Any, other: Any, key: str) -> Any:
        """The frame with the columns of another, in its own order."""
        text = pl.col(key).cast(pl.String)
        other = other.select(text.alias("__dxkey"), pl.exclude(key))
        found = frame.with_columns(text.alias("__dxkey"))
        return found.join(other, on="__dxkey", how="left", maintain_order="left").drop("__dxkey")

    def bare(self, frame: Any) -> Any:
        """The lazy frame without the columns that are the engine's own."""
        return frame.select(pl.exclude("^__dx.*$"))

    def collected(self, frame: Any, keep: Sequence[Any]) -> Any:
        """Some columns of a lazy frame over data in memory."""
        return frame.select(keep).collect(optimizations=_OPTIMIZATIONS)

    def with_texts(self, frame: Any, texts: Mapping[str, Sequence[str | None]], columns: Sequence[str]) -> Any:
        """Some columns of a frame and of texts."""
        return frame.with_columns(**{name: pl.Series(each, dtype=pl.String) for name, each in texts.items()}).select(
            columns
        )

    def bad_rows(self, frame: Any, asked: Sequence[tuple[pl.Expr, pl.Expr]]) -> list[tuple[int, int, str]]:
        """For each test: how often it holds, where first, and what another expression shows there."""
        tests = frame.with_columns(**{f"__dxf{place}": test for place, (test, _) in enumerate(asked)})
        wanted = []
        for place, (_, shown) in enumerate(asked):
            bad = pl.col(f"__dxf{place}").fill_null(value=False)
            wanted += [bad.sum().alias(f"c{place}"), bad.arg_true().first().alias(f"r{place}")]
            wanted.append(shown.filter(bad).first().alias(f"v{place}"))
        row = tests.select(wanted).collect().row(0, named=True)
        return [(row[f"c{place}"], row[f"r{place}"], row[f"v{place}"]) for place in range(len(asked))]

    def joined(self, frame: Any, columns: Mapping[str, Sequence[Test]], unless: str | None) -> Any:
        """The frame with columns of joined labels: a bit mask, and a table from masks to texts."""
        made = {name: _joined(tests) for name, tests in columns.items()}
        if unless is not None:
            made = {name: pl.when(~pl.col(unless)).then(expr) for name, expr in made.items()}
        return frame.with_columns(**made)


def _joined(tests: Sequence[Test]) -> pl.Expr:
    parts = [_part(tests[start : start + _BITS]) for start in range(0, len(tests), _BITS)]
    if len(parts) <= 1:
        return parts[0] if parts else pl.lit("")
    none = [pl.when(part != "").then(part) for part in parts]
    return pl.concat_str(none, separator=",", ignore_nulls=True)


def _raw(source: Source) -> pl.Expr:
    expr = pl.col(source.column)
    for step in source.path:
        expr = expr.struct.field(step)
    return expr


def _value(wanted: Wanted, dtype: Any) -> tuple[pl.Expr, pl.Expr | None]:
    """A wanted column, and the truth value that tells where it could not hold the value."""
    raw, shape = _raw(wanted.source), wanted.source.shape
    match wanted.kind:
        case "present":
            return raw.is_not_null(), None
        case "int" if shape.bits < 64 or (shape.bits == 64 and shape.signed):
            return raw.cast(pl.Int64), None
        case "int":
            value = raw.cast(pl.Int64, strict=False)
            return value, value.is_null() & raw.is_not_null()
        case "float":
            return raw.cast(pl.Float64), None
        case "enum":
            return _enum(raw, dtype, wanted.members)
        case "text":
            return raw.cast(pl.String), None
        case "date":
            return raw.to_physical().cast(pl.Int64), None
        case "datetime":
            value = raw.cast(pl.Datetime("us")).to_physical()
            return value, (raw.to_physical() % 1000 != 0) if shape.unit == "ns" else None
        case "set" if shape.kind == "text":
            cell = raw.cast(pl.String).str.strip_chars()
            parts = cell.str.split("|").list.eval(pl.element().str.strip_chars())
            empty = pl.lit([], dtype=pl.List(pl.String))
            return pl.when(cell == "|").then(empty).when(cell != "").then(parts), None
        case "set":
            return raw.cast(pl.List(pl.String)), None
        case _:
            return raw, None


def _enum(raw: pl.Expr, dtype: Any, members: tuple[str, ...]) -> tuple[pl.Expr, pl.Expr | None]:
    if isinstance(dtype, pl.Enum) and set(members) <= set(dtype.categories):
        return raw, None
    text = raw.cast(pl.String)
    if len(members) <= FEW:
        return text, None
    value = text.cast(pl.Enum(members), strict=False)
    return value, value.is_null() & raw.is_not_null()


def _part(tests: Sequence[Test]) -> pl.Expr:
    """The joined labels of a few tests."""
    integer = _TYPES[8 if len(tests) <= 8 else 16]
    texts = [""]
    bits = []
    for place, (label, column, holds) in enumerate(tests):
        texts += [f"{before},{label}" if before else label for before in texts]
        test = pl.col(column) if holds else pl.col(column).is_null()
        # Half as dear as casting the truth values and multiplying them.
        bits.append(pl.when(test).then(pl.lit(1 << place, integer)).otherwise(pl.lit(0, integer)))
    return pl.lit(pl.Series(texts, dtype=pl.String)).gather(reduce(pl.Expr.or_, bits))


# Frames as they come, and tables of other kinds that become one


def names(frame: Any) -> list[str]:
    """The frame's columns."""
    return list(frame.columns)


def to_polars(frame: Any, fact_type: FactType) -> Any:
    """The columns that hold facts."""
    return frame.select(columns_for(fact_type, frame.columns))


def build(found: Any) -> Any:
    """A frame of results."""
    return found


def attach(frame: Any, found: Any) -> Any:
    """The frame with the columns added."""
    if set(found.columns) & set(frame.columns):
        return frame.with_columns(found.get_columns())
    return frame.hstack(found.get_columns())


def flag_of(name: str) -> str:
    """The column that shows a value that was found wrong, where one was, and is null elsewhere."""
    return f"{name} is wrong"


def of_columns(columns: Mapping[str, Any], height: int) -> Any:
    """A frame of columns made below."""
    return pl.DataFrame(dict(columns), height=height) if columns else pl.DataFrame(height=height)


def of_arrow(columns: Mapping[str, Any], height: int) -> Any:
    """A frame of Arrow columns."""
    return of_columns({name: pl.Series(name, column) for name, column in columns.items()}, height)


def to_arrow(frame: Any) -> dict[str, Any]:
    """The columns of a frame as Arrow arrays."""
    return {column.name: column.to_arrow(compat_level=pl.CompatLevel.oldest()) for column in frame.get_columns()}


def of_pandas(series: Any) -> Any:
    """A pandas column, NaN staying what it is."""
    return pl.from_pandas(series, nan_to_null=False)


def of_numpy(values: Any, missing: Any) -> Any:
    """A NumPy array, with nulls where it is missing."""
    made = pl.Series(values)
    return made if missing is None else made.set(pl.Series(missing), None)


def of_nothing(height: int) -> Any:
    """A column of nulls."""
    return pl.Series([None] * height, dtype=pl.Null)


_DTYPES = {
    "bool": pl.Boolean(), "int": pl.Int64(), "float": pl.Float64(), "text": pl.String(), "enum": pl.String(),
    "date": pl.Date(), "datetime": pl.Datetime("us"), "set": pl.List(pl.String()),
}  # fmt: skip


def of_values(values: Sequence[Any], kind: str) -> Any:
    """Python values of facts of a kind, or None."""
    return pl.Series(values, dtype=_DTYPES[kind])


def of_rows(rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> Any:
    """Columns of results, row by row."""
    schema = {name: pl.Boolean() if name.startswith("dx_rule_") else pl.String() for name in columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def of_objects(values: Sequence[Any]) -> Any:
    """Python objects; objects where they are not alike."""
    try:
        return pl.Series(values, strict=True)
    except (TypeError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return pl.Series(values, dtype=pl.Object)


def of_groups(columns: Mapping[str, Any], cells: Sequence[Any]) -> Any:
    """Groups, from the columns of their facts; null where a cell is None, and objects where a fact is no column."""
    if any(column.dtype == pl.Object for column in columns.values()):
        return pl.Series(cells, dtype=pl.Object)
    there = pl.Series([cell is not None for cell in cells])
    return pl.DataFrame(columns).select(pl.when(there).then(pl.struct(pl.all()))).to_series()


__all__ = [
    "PolarsBackend", "attach", "build", "flag_of", "names", "of_arrow", "of_columns", "of_groups", "of_nothing",
    "of_numpy", "of_objects", "of_pandas", "of_rows", "of_values", "to_arrow", "to_polars",
]  # fmt: skip
