"""Random tables of facts, what each row of them means by `structure`, and the same table in every kind of frame."""

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

import attrs

from dxrules import FactError, structure
from dxrules.schema import MAX_INT, Fact, FactType, Type, describe
from generate import facts as random_facts
from generate.conditions import Constants

ABSENT = object()  # what a row means that is no fact


@attrs.frozen
class Table:
    """Rows by column name. A struct column holds mappings; every other, values of the fact of its name."""

    fact_type: FactType
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]

    def facts(self) -> list[Any]:
        """What every row means: a fact, or ABSENT."""
        return [self._fact(row) for row in self.rows]

    def _fact(self, row: dict[str, Any]) -> Any:
        given = meant(self.fact_type.cls, "", row)
        try:
            return structure(given, self.fact_type.cls)
        except FactError:
            return ABSENT


def meant(cls: type, prefix: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row as a mapping for `structure`: written from the rules for tables, not from the engine."""
    found: dict[str, Any] = {}
    for name, fact in _direct(cls):
        full = prefix + name
        if fact.type.kind == "group":
            cell = _group(fact, full, row)
            if cell is not _NO_COLUMN:
                found[name] = cell
        elif fact.type.kind == "unreadable":
            if fact.required:
                found[name] = _placeholder(cls, name)
        elif full in row:
            cell = row[full]
            has_unknown = fact.type.kind == "enum" and "unknown" in fact.type.members
            if cell is not None or fact.optional or fact.required or not has_unknown:
                found[name] = cell
    return found


_NO_COLUMN = object()


def _group(fact: Fact, full: str, row: dict[str, Any]) -> Any:
    assert fact.type.python is not None
    if full in row:
        held = row[full]
        return None if held is None else meant(fact.type.python, "", held)
    below = {name: cell for name, cell in row.items() if name.startswith(f"{full}.")}
    if not below:
        return _NO_COLUMN
    if fact.optional and all(_is_null(cell) for cell in below.values()):
        return None
    return meant(fact.type.python, f"{full}.", row)


def _is_null(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _direct(cls: type) -> Iterator[tuple[str, Fact]]:
    described = describe(cls)
    for field in attrs.fields(cls):
        yield field.name, described.facts[field.name]


def _placeholder(cls: type, name: str) -> Any:
    hint = str(attrs.fields_dict(cls)[name].type)
    choices = {"list": [1], "complex": 1j, "int | str": 1, "dict": {"k": 1}, "bytes": b"b"}
    return next((value for key, value in choices.items() if key in hint), None)


def table(rng: Random, fact_type: FactType, constants: Constants, *, rows: int, nan: bool = True) -> Table:
    """A random table, in half of the tables with a few cells that are no values of their facts.

    With `nan`, NaN and null are two things: else floats that exclude None are neither.
    """
    structs = {fact.name for fact in fact_type.facts.values() if fact.type.kind == "group" and rng.random() < 0.4}
    maker = _Cells(rng, constants, rng.choice((0.0, 0.1, 0.4, 0.8)), rng.choice((0.0, 0.03)), nan)
    columns = list(_columns(fact_type.cls, "", structs))
    columns = [(name, fact) for name, fact in columns if fact.type.kind != "unreadable"]
    kept = {name.split(".")[0]: name for name, _ in reversed(columns) if "." in name}  # one column a group
    kept[""] = columns[0][0] if columns else ""
    left_out = {
        name
        for name, fact in columns
        if rng.random() < 0.15 and not (fact.required and "." not in name) and name not in kept.values()
    }
    columns = [(name, fact) for name, fact in columns if name not in left_out]
    made = []
    for _ in range(rows):
        nothing = {fact.name for fact in fact_type.facts.values() if fact.type.kind == "group" and rng.random() < 0.3}
        made.append({
            name: None if any(name.startswith(f"{each}.") for each in nothing) else maker.cell(fact)
            for name, fact in columns
        })  # fmt: skip
    return Table(fact_type, tuple(name for name, _ in columns), tuple(made))


def _columns(cls: type, prefix: str, structs: set[str]) -> Iterator[tuple[str, Fact]]:
    for name, fact in _direct(cls):
        full = prefix + name
        if fact.type.kind == "group" and full not in structs:
            assert fact.type.python is not None
            yield from _columns(fact.type.python, f"{full}.", structs)
        else:
            yield full, fact


@attrs.frozen
class _Cells:
    rng: Random
    constants: Constants
    unknown: float
    wrong: float
    nan: bool

    def cell(self, fact: Fact) -> Any:
        rng = self.rng
        if fact.type.kind == "group":
            assert fact.type.python is not None
            if fact.optional and rng.random() < self.unknown:
                return None
            members = [(name, each) for name, each in _direct(fact.type.python) if each.type.kind != "unreadable"]
            return {name: self.cell(each) for name, each in members}
        if rng.random() < self.wrong:
            return self._wrong(fact)
        if rng.random() < self.unknown and (fact.optional or "unknown" in fact.type.members):
            return None
        value = random_facts._value(rng, fact.type, self.constants, self.unknown if self.nan or fact.optional else 0)
        if fact.type.kind == "set":
            return sorted(str.__str__(each) for each in value)
        if fact.type.kind == "float":
            return float(value)
        return str.__str__(value) if isinstance(value, str) else value

    def _wrong(self, fact: Fact) -> Any:
        choices: dict[str, tuple[Any, ...]] = {
            "int": (MAX_INT + 1, -MAX_INT - 1, 2**63 - 1, -(2**63)),
            "float": (math.inf, -math.inf),
            "enum": ("no member", ""),
            "set": (["no member"], [fact.type.members[:1][0]] * 2 if fact.type.members else [], [None]),
        }
        null = () if fact.type.kind == "float" and not self.nan else (None,)
        return self.rng.choice((*null, *choices.get(fact.type.kind, ())))


def nan_for_null(found: Table) -> Table:
    """The table as NumPy's floats hold it, which have only NaN for what is missing."""
    floats = [name for name in found.columns if found.fact_type.facts[name].type.kind == "float"]
    rows = tuple({**row, **{name: math.nan for name in floats if row[name] is None}} for row in found.rows)
    return attrs.evolve(found, rows=rows)


def can_be_held(fact_type: FactType) -> bool:
    """Whether every required group has a fact that a column can hold."""
    for group in fact_type.facts.values():
        if group.type.kind == "group" and group.required:
            inside = [fact for name, fact in fact_type.facts.items() if name.startswith(f"{group.name}.")]
            if all(fact.type.kind in ("unreadable", "group") for fact in inside):
                return False
    return True


# The same table in every kind of frame


def polars_dtype(type_: Type, pl: Any) -> Any:
    simple = {
        "bool": pl.Boolean, "int": pl.Int64, "float": pl.Float64, "text": pl.String, "enum": pl.String,
        "date": pl.Date, "datetime": pl.Datetime("us"), "set": pl.List(pl.String),
    }  # fmt: skip
    if type_.kind != "group":
        return simple[type_.kind]
    members = [(name, fact) for name, fact in _direct(type_.python) if fact.type.kind != "unreadable"]
    return pl.Struct({name: polars_dtype(fact.type, pl) for name, fact in members})


def as_polars(found: Table, rng: Random | None = None) -> Any:
    import polars as pl

    series = []
    for name in found.columns:
        type_ = found.fact_type.facts[name].type
        made = pl.Series(name, [row[name] for row in found.rows], dtype=polars_dtype(type_, pl))
        if rng is not None and type_.kind in ("enum", "text") and rng.random() < 0.3:
            made = made.cast(rng.choice((pl.Categorical(), pl.Enum(made.drop_nulls().unique(maintain_order=True)))))
        if rng is not None and type_.kind == "int" and rng.random() < 0.3:
            smaller = rng.choice((pl.Int8, pl.UInt8, pl.Int32, pl.UInt32, pl.UInt64, pl.Int128))
            small = made.cast(smaller, strict=False)
            made = small if small.null_count() == made.null_count() else made
        if rng is not None and type_.kind == "datetime" and rng.random() < 0.2 and _fits_ns(made):
            made = made.cast(pl.Datetime("ns"))
        series.append(made)
    return pl.DataFrame(series, height=len(found.rows))


def _fits_ns(column: Any) -> bool:
    low, high = dt.datetime(1700, 1, 1), dt.datetime(2250, 1, 1)
    return all(low < each < high for each in column.drop_nulls())


def as_arrow(found: Table) -> Any:
    return as_polars(found).to_arrow()


def as_duckdb(found: Table, connection: Any) -> Any:
    return connection.from_arrow(as_arrow(found))


def as_pandas_arrow(found: Table) -> Any:
    return as_polars(found).to_pandas(use_pyarrow_extension_array=True)


def as_pandas_objects(found: Table) -> Any:
    import pandas as pd

    data = {name: pd.Series([row[name] for row in found.rows], dtype=object) for name in found.columns}
    return pd.DataFrame(data).set_axis(range(5, 5 + len(found.rows)))


def as_pandas_nullable(found: Table) -> Any:
    import pandas as pd

    dtypes = {"bool": "boolean", "int": "Int64", "float": "Float64", "text": "string", "enum": "string",
              "date": "datetime64[us]", "datetime": "datetime64[us]"}  # fmt: skip
    data = {}
    for name in found.columns:
        kind = found.fact_type.facts[name].type.kind
        cells = [row[name] for row in found.rows]
        data[name] = pd.Series(cells, dtype=dtypes.get(kind, object))
    return pd.DataFrame(data).set_axis([0] * len(found.rows))


def as_pandas_numpy(found: Table) -> Any:
    """As pandas itself reads most files: integers with gaps are floats."""
    import numpy as np

    frame = as_pandas_nullable(found)
    for name in found.columns:
        kind = found.fact_type.facts[name].type.kind
        cells = [row[name] for row in found.rows]
        small = all(cell is None or abs(cell) < MAX_INT for cell in cells) if kind == "int" else True
        if kind in ("int", "float") and small:
            frame[name] = np.array([np.nan if cell is None else cell for cell in cells], dtype="float64")
        elif kind == "bool":
            frame[name] = np.array(cells, dtype=object)
    return frame


Maker = Callable[[Table], Any]
PANDAS: dict[str, Maker] = {
    "pandas objects": as_pandas_objects,
    "pandas nullable": as_pandas_nullable,
    "pandas arrow": as_pandas_arrow,
    "pandas numpy": as_pandas_numpy,
}


def rows_of(frame: Any, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Some columns of a frame of any kind, row by row, with None for null."""
    head = type(frame).__module__.split(".")[0]
    if head == "polars":
        frame = frame.collect() if type(frame).__name__ == "LazyFrame" else frame
        return frame.select(columns).rows()
    if head == "pyarrow":
        return [tuple(row.values()) for row in frame.select(list(columns)).to_pylist()]
    if head == "pandas":
        return [
            tuple(None if _missing(cell) else cell for cell in row)
            for row in frame[list(columns)].to_numpy(dtype=object)
        ]
    if head == "pyspark":
        return [tuple(row) for row in frame.select(*columns).collect()]
    return frame.select(", ".join(columns)).fetchall()


def _missing(cell: Any) -> bool:
    return cell is None or type(cell).__name__ == "NAType" or _is_null(cell)
