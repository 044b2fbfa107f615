"""What commands print: plain text into files and pipes, colours on a terminal, JSON for machines.

A text is made of pieces: strings, or strings with a style (`good`, `bad`, `warn`, `dim`, `strong`, `head`). Without a
terminal, or with `NO_COLOR` set (https://no-color.org), styles are left out and nothing is wrapped or cut.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from dxrules.cli.console import Painter

Piece = str | tuple[str, str]


def has_colours(stream: TextIO) -> bool:
    """Whether colours are wanted there."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Output:
    """Where a command writes to; standard output unless `errors` asks for the other."""

    def __init__(self, *, errors: bool = False) -> None:
        self._stream = sys.stderr if errors else sys.stdout
        self._painter: Painter | None = None
        if has_colours(self._stream):
            from dxrules.cli.console import Painter  # rich takes as long to import as all the rest

            self._painter = Painter(self._stream)

    def line(self, *pieces: Piece) -> None:
        """A line of text."""
        if self._painter is not None:
            self._painter.line(pieces)
        else:
            self._stream.write("".join(map(_text, pieces)) + "\n")

    def table(self, rows: Sequence[Sequence[Piece]], heads: Sequence[str] = ()) -> None:
        """Rows whose cells are aligned, below their heads if there are any."""
        if self._painter is not None:
            self._painter.table(rows, heads)
            return
        texts = [[_text(cell) for cell in row] for row in ([heads, *rows] if heads else rows)]
        widths = [max(map(_columns, column)) for column in zip(*texts, strict=True)]
        for row in texts:
            cells = [cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True)]
            self._stream.write("  ".join(cells).rstrip() + "\n")

    def data(self, value: Any) -> None:
        """A JSON document on a line of its own."""
        self._stream.write(json.dumps(value, ensure_ascii=False) + "\n")


def _text(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece[0]


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from dxrules.layout import columns

    return columns(text)
