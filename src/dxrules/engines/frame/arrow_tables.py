"""PyArrow tables: they become Polars frames, mostly without a copy, and get their new columns back."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from dxrules.engines.frame import polars_tables
from dxrules.engines.frame.layout import columns_for
from dxrules.errors import EngineError
from dxrules.schema import FactType


def names(frame: Any) -> list[str]:
    """The table's columns."""
    return list(frame.column_names)


def to_polars(frame: Any, fact_type: FactType) -> Any:
    """The columns that hold facts, as a Polars frame."""
    wanted = columns_for(fact_type, frame.column_names)
    twice = [name for name in wanted if frame.column_names.count(name) > 1]
    if twice:
        raise EngineError(f"the table has two columns `{twice[0]}`: keep one")
    columns = {name: _plain(frame.column(name)) for name in wanted}
    return polars_tables.of_arrow(columns, frame.num_rows)


def _plain(column: Any) -> Any:
    if pa.types.is_date64(column.type):  # a date that Polars takes for a time
        return column.cast(pa.date32())
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column


def build(found: Any) -> Any:
    """A table of a Polars frame."""
    return pa.table(polars_tables.to_arrow(found))


def attach(frame: Any, found: Any) -> Any:
    """The table with the columns added."""
    for name, column in polars_tables.to_arrow(found).items():
        place = frame.column_names.index(name) if name in frame.column_names else -1
        frame = frame.append_column(name, column) if place < 0 else frame.set_column(place, name, column)
    return frame
