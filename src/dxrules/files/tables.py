"""The tables inside files: reading cells as `structure_text` reads them, by columns, and writing results."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pyarrow.parquet as pq

from dxrules.engines.frame.polars_tables import flag_of
from dxrules.errors import EngineError
from dxrules.schema import Fact, FactType

_TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"


def of_csv(data: bytes, columns: Sequence[str], rows: int) -> Any:
    """Whole records as a table of texts; an empty cell is null."""
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    found = pl.read_csv(
        data, has_header=False, new_columns=list(columns), schema=dict.fromkeys(columns, pl.String), quote_char='"'
    )
    if len(found) != rows:
        raise EngineError(f"{rows} lines of a CSV file were read as {len(found)} rows")
    return found


def typed(cells: Any, fact_type: FactType) -> Any:
    """A table of texts with the columns of facts read, and beside each one that tells where it could not be."""
    columns: list[pl.Expr] = []
    for name in cells.columns:
        fact = fact_type.facts.get(name)
        if fact is not None and fact.type.kind not in ("group", "unreadable"):
            columns += _typed(fact)
    return cells.select(columns)


def _typed(fact: Fact) -> list[pl.Expr]:
    text = pl.col(fact.name).str.strip_chars()
    cell = pl.when(text != "").then(text)
    match fact.type.kind:
        case "bool":
            low = cell.str.to_lowercase()
            value = pl.when(low == "true").then(True).when(low == "false").then(False)
        case "int":
            value = pl.when(cell.str.contains(r"^-?[0-9]{1,400}$")).then(cell).cast(pl.Int64, strict=False)
        case "float":
            form = r"^-?[0-9]{1,400}(\.[0-9]{1,400})?$"
            value = pl.when(cell.str.contains(form)).then(cell).cast(pl.Float64, strict=False)
        case "date":
            form = r"^\d{4}-\d{2}-\d{2}$"
            value = pl.when(cell.str.contains(form)).then(cell).str.to_date("%Y-%m-%d", strict=False)
        case "datetime":
            value = _moment(pl.when(cell.str.contains(_TIME)).then(cell))
        case _:
            return [cell.alias(fact.name)]
    lost = pl.when(value.is_null() & cell.is_not_null()).then(pl.format("'{}'", cell))
    return [value.alias(fact.name), lost.alias(flag_of(fact.name))]


def _moment(cell: Any) -> Any:
    """A date and time, with seconds and parts of them or without."""
    plain = cell.str.replace("T", " ", literal=True)
    long = pl.when(plain.str.len_bytes() == 16).then(plain + ":00").otherwise(plain)
    return long.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)


def parquet_rows(path: Path) -> tuple[int, Any]:
    """How many rows a Parquet file has, and a table of its columns without rows."""
    file = pq.ParquetFile(path)
    try:
        return file.metadata.num_rows, pl.from_arrow(file.schema_arrow.empty_table())
    finally:
        file.close()


def parquet(path: Path, rows: int) -> Iterator[Any]:
    """The rows of a Parquet file, some at a time."""
    file = pq.ParquetFile(path, pre_buffer=False)
    try:
        for batch in file.iter_batches(batch_size=rows, use_threads=True):
            yield pl.from_arrow(batch)
    finally:
        file.close()


def of_rows(rows: Sequence[Mapping[str, Any]], fact_type: FactType, results: Mapping[str, bool]) -> Any:
    """Facts as plain data with their results, as a table: groups have dotted names, sets are lists."""
    dtypes = {
        "bool": pl.Boolean(), "int": pl.Int64(), "float": pl.Float64(), "text": pl.String(), "enum": pl.String(),
        "date": pl.String(), "datetime": pl.String(), "set": pl.List(pl.String()),
    }  # fmt: skip
    schema = {name: dtypes[fact.type.kind] for name, fact in fact_type.facts.items() if fact.type.kind in dtypes}
    schema |= {name: pl.Boolean() if truth else pl.String() for name, truth in results.items()}
    return pl.DataFrame([[row.get(name) for name in schema] for row in rows], schema=schema, orient="row")


class Writer(Protocol):
    """Something that rows are written to."""

    def write(self, table: Any) -> None:
        """Add the rows of a table."""

    def close(self) -> None:
        """Finish."""


def writer(path: Path, form: str) -> Writer:
    """A writer of a form: `csv`, `jsonl` or `parquet`."""
    makers: dict[str, Callable[[Path], Writer]] = {"csv": _Csv, "jsonl": _Lines, "parquet": _Parquet}
    return makers[form](path)


class _Csv:
    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.columns: list[str] | None = None

    def write(self, table: Any) -> None:
        table = _flat(table)
        _alike(self.columns, table.columns)
        table.write_csv(self.file, include_header=self.columns is None)
        self.columns = table.columns

    def close(self) -> None:
        self.file.close()


class _Lines:
    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")

    def write(self, table: Any) -> None:
        table.write_ndjson(self.file)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add one row of plain data."""
        self.file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        self.file.close()


class _Parquet:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: Any = None

    def write(self, table: Any) -> None:
        made = table.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self.file is None:
            self.file = pq.ParquetWriter(self.path, made.schema)
        _alike(self.file.schema.names, made.schema.names)
        if len(table):
            self.file.write_table(made.cast(self.file.schema))

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def _alike(before: Sequence[str] | None, columns: Sequence[str]) -> None:
    if before is not None and list(before) != list(columns):
        raise EngineError(f"the files have different columns: {', '.join(before)} and {', '.join(columns)}")


def _flat(table: Any) -> Any:
    """A table as CSV can hold it: sets with bars between their members, groups in columns of their own."""
    while any(isinstance(dtype, pl.Struct) for dtype in table.schema.values()):
        columns: list[pl.Expr] = []
        for name, dtype in table.schema.items():
            if isinstance(dtype, pl.Struct):
                parts = [pl.col(name).struct.field(each.name).alias(f"{name}.{each.name}") for each in dtype.fields]
                columns += parts
            else:
                columns.append(pl.col(name))
        table = table.select(columns)
    lists = [name for name, dtype in table.schema.items() if isinstance(dtype, pl.List)]
    joined = [
        pl.when(pl.col(name).list.len() == 0)
        .then(pl.lit("|"))
        .otherwise(pl.col(name).cast(pl.List(pl.String)).list.join("|"))
        .alias(name)
        for name in lists
    ]
    return table.with_columns(joined)
