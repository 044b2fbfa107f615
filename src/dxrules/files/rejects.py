"""Rows that could not be decided: where they stand, and why."""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen
class Reject:
    """A row that is left out. `line` counts lines from 1; of a Parquet file, which has none, rows."""

    file: str
    line: int
    reason: str
    row: Any
