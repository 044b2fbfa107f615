"""Facts in Parquet files, read by Polars."""

from __future__ import annotations

from collections.abc import Iterator

from dxrules.cli.exits import UsageError
from dxrules.cli.records import Record
from dxrules.errors import MissingExtraError

_ROWS = 10_000  # at a time


def read_parquet(path: str) -> Iterator[Record]:
    """The rows of a file, each with its number for its line.

    Raises:
        MissingExtraError: Polars is not installed.
        UsageError: it is not a Parquet file.
    """
    try:
        import polars as pl
    except ImportError:
        raise MissingExtraError("Parquet files take Polars: pip install 'dxrules[frame]'") from None
    if path == "-":
        raise UsageError("Parquet is read from files, not from standard input")
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise UsageError(f"{path}: this is not a Parquet file: {error}") from None
    number = 0
    for part in frame.iter_slices(_ROWS):
        for row in part.iter_rows(named=True):
            number += 1
            yield Record(number, number, row)
