"""pandas frames: their columns become Polars columns by the facts that they hold, and the results come back.

pandas has ways of its own to hold what is missing: NaN in a column of floats, which may have been integers; NaT;
None, NaN and `pd.NA` among Python objects. All of them are unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dxrules.engines.frame import polars_tables
from dxrules.engines.frame.layout import columns_for
from dxrules.errors import EngineError, shown
from dxrules.schema import MAX_INT, Fact, FactType, describe
from dxrules.values import BadValueError, plain

_DAY = np.timedelta64(1, "D")


def names(frame: Any) -> list[str]:
    """The frame's columns."""
    return [name for name in frame.columns if isinstance(name, str)]


def to_polars(frame: Any, fact_type: FactType) -> Any:
    """The columns that hold facts, as a Polars frame."""
    wanted = columns_for(fact_type, names(frame))
    if len(set(wanted)) < len(wanted):
        twice = next(name for name in wanted if wanted.count(name) > 1)
        raise EngineError(f"the table has two columns `{twice}`: keep one")
    columns: dict[str, Any] = {}
    for name in wanted:
        columns.update(_column(frame[name], fact_type.facts[name]))
    return polars_tables.of_columns(columns, len(frame))


def build(found: Any) -> Any:
    """A frame of a Polars frame."""
    return attach(pd.DataFrame(index=range(len(found))), found)


def attach(frame: Any, found: Any) -> Any:
    """The frame with the columns added, by position."""
    added = {name: _back(column) for name, column in polars_tables.to_arrow(found).items()}
    return frame.assign(**{name: pd.Series(values, index=frame.index) for name, values in added.items()})


def _back(column: Any) -> Any:
    if str(column.type) == "bool":
        return pd.array(column.to_pylist(), dtype="boolean") if column.null_count else column.to_pandas().to_numpy()
    if column.null_count and str(column.type).startswith("int"):
        return pd.array(column.to_pylist(), dtype="Int64")
    values = column.to_pandas().to_numpy()
    return values if str(column.type).startswith(("int", "double")) else values.astype(object)


def _column(series: Any, fact: Fact) -> dict[str, Any]:
    """The Polars column of a pandas one, and beside it one that tells which values are wrong, if any can be."""
    if isinstance(series.dtype, pd.SparseDtype):
        series = series.sparse.to_dense()
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "Oc":
        return _objects(series, fact)
    kind = fact.type.kind
    if isinstance(dtype, np.dtype) and dtype.kind == "f" and kind != "float":
        return _whole(series, fact)
    if kind == "date" and pd.api.types.is_datetime64_dtype(dtype):
        return _days(series, fact)
    if (
        kind == "date"
        and isinstance(dtype, pd.ArrowDtype)
        and str(dtype).startswith("timestamp")
        and "tz" not in str(dtype)
    ):
        return _days(series.astype("datetime64[us]"), fact)
    if isinstance(dtype, pd.CategoricalDtype):
        return _objects(series.astype(object), fact)
    return {fact.name: polars_tables.of_pandas(series)}


def _whole(series: Any, fact: Fact) -> dict[str, Any]:
    """A column of floats for a fact that is none: integers that had to make room for NaN, or all missing."""
    values = series.to_numpy()
    missing = np.isnan(values)
    if fact.type.kind != "int":
        return {fact.name: polars_tables.of_nothing(len(values)) if missing.all() else polars_tables.of_pandas(series)}
    sound = (
        ~missing
        & (np.abs(np.where(missing, 0, values)) <= MAX_INT)
        & (np.mod(np.where(np.isfinite(values), values, 0), 1) == 0)
    )
    whole = np.where(sound, values, 0).astype(np.int64)
    return {fact.name: polars_tables.of_numpy(whole, ~sound), **_told(fact, ~missing & ~sound, values)}


def _told(fact: Fact, wrong: Any, values: Any) -> dict[str, Any]:
    """The values that are wrong, as text, if there are any."""
    if not wrong.any():
        return {}
    texts = [str(value) if bad else None for bad, value in zip(wrong, values, strict=True)]
    return {polars_tables.flag_of(fact.name): polars_tables.of_values(texts, "text")}


def _days(series: Any, fact: Fact) -> dict[str, Any]:
    """A column of times for a date: pandas has no dates, so midnight stands for one."""
    values = series.to_numpy().astype("datetime64[us]")
    days = values.astype("datetime64[D]")
    wrong = ~np.isnat(values) & (days.astype("datetime64[us]") != values)
    return {fact.name: polars_tables.of_numpy(days, None), **_told(fact, wrong, values)}


def _objects(series: Any, fact: Fact) -> dict[str, Any]:
    """A column of Python objects: each is read as the fact is when it is built."""
    kind = fact.type.kind
    keep_nan = kind == "float"
    cells = [None if _missing(cell) and not (keep_nan and isinstance(cell, float)) else cell for cell in series.array]
    if kind == "group" and fact.type.python is not None:
        return {fact.name: _group(cells, fact.type.python)}
    if kind in ("group", "unreadable"):
        return {fact.name: polars_tables.of_objects(cells)}
    read = _set if kind == "set" else _cell
    values: list[Any] = []
    wrong: list[str | None] = []
    for cell in cells:
        try:
            values.append(None if cell is None else read(cell, fact))
            wrong.append(None)
        except BadValueError:
            values.append(None)
            wrong.append(shown(cell))
    found = {fact.name: polars_tables.of_values(values, kind)}
    if any(each is not None for each in wrong):
        found[polars_tables.flag_of(fact.name)] = polars_tables.of_values(wrong, "text")
    return found


def _group(cells: Sequence[Any], cls: type) -> Any:
    """A column of mappings, made fact by fact: of whole mappings Polars guesses the type, and fails on empty lists."""
    found = [cell for cell in cells if cell is not None]
    names = dict.fromkeys(name for cell in found if isinstance(cell, Mapping) for name in cell)
    if not names or not all(isinstance(cell, Mapping) for cell in found) or not all(map(_is_text, names)):
        return polars_tables.of_objects(cells)
    facts = describe(cls).facts
    columns = {
        name: _part([None if cell is None else cell.get(name) for cell in cells], facts.get(name)) for name in names
    }
    return polars_tables.of_groups(columns, cells)


def _part(values: Sequence[Any], fact: Fact | None) -> Any:
    """A column of one fact of a group, with integers that became floats beside NaN made integers again."""
    values = [list(value) if isinstance(value, np.ndarray) else None if _missing(value) else value for value in values]
    if fact is None:
        return polars_tables.of_objects(values)
    if fact.type.kind == "group" and fact.type.python is not None:
        return _group(values, fact.type.python)
    if fact.type.kind == "int":
        values = [int(each) if isinstance(each, float) and each.is_integer() else each for each in values]
    if fact.type.kind == "date":
        values = [_day(each) if isinstance(each, dt.datetime) else each for each in values]
    if fact.type.kind == "set" and all(_is_texts(each) for each in values if each is not None):
        return polars_tables.of_values(values, "set")
    return polars_tables.of_objects(values)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and cell != cell)  # noqa: PLR0124


def _cell(cell: Any, fact: Fact) -> Any:
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, pd.Timestamp):
        if cell.nanosecond:
            raise BadValueError("a date and time in whole microseconds")
        cell = cell.to_pydatetime()
    if fact.type.kind == "date" and type(cell) is dt.datetime:
        cell = _day(cell)
    if fact.type.kind == "enum" and isinstance(cell, str):
        return str.__str__(cell)  # whether it is a member is told later, with the text
    if isinstance(cell, float) and fact.type.kind == "float":
        return cell  # infinities too: what is out of bounds is told later, and NaN is unknown
    return plain(fact.type, cell)


def _day(moment: dt.datetime) -> dt.date:
    """The day that midnight stands for; another time is none."""
    midnight = moment == dt.datetime.combine(moment.date(), dt.time())
    return moment.date() if midnight else moment


def _set(cell: Any, fact: Fact) -> Any:
    if isinstance(cell, str):
        text = cell.strip()
        return None if not text else [] if text == "|" else [part.strip() for part in text.split("|")]
    if isinstance(cell, (list, tuple, set, frozenset, np.ndarray)) and all(isinstance(each, str) for each in cell):
        return [str.__str__(each) for each in cell]
    raise BadValueError(fact.type.words())
