"""Facts in Parquet files, a part of the rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dxrules.cli.exits import UsageError
from dxrules.cli.records import Record
from dxrules.errors import MissingExtraError

_ROWS = 10_000  # at a time


def read_parquet(path: str) -> Iterator[Record]:
    """The rows of a file, each with its number for its line.

    Raises:
        MissingExtraError: what reads Parquet is not installed.
        UsageError: it is not a Parquet file.
    """
    try:
        from dxrules.files.tables import parquet
    except ImportError as error:
        raise MissingExtraError(f'Parquet files take an extra ({error}): pip install "dxrules[frames]"') from None
    if path == "-":
        raise UsageError("Parquet is read from files, not from standard input")
    number = 0
    try:
        for part in parquet(Path(path), _ROWS):
            for row in part.iter_rows(named=True):
                number += 1
                yield Record(number, number, row)
    except ValueError as error:  # as PyArrow says that a file is damaged
        raise UsageError(f"{path}: this is not a Parquet file: {error}") from None
