"""Colours, tables that fit a terminal, and progress: the one place that knows rich."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dxrules.cli.output import Piece

_STYLES = {"good": "green", "bad": "bold red", "warn": "yellow", "dim": "dim", "strong": "bold cyan", "head": "bold"}


class Painter:
    """Writes styled text to a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False, soft_wrap=False)

    def line(self, pieces: Iterable[Piece]) -> None:
        """A line of text, wrapped between words where the terminal ends."""
        self._console.print(_painted(pieces), soft_wrap=True)

    def table(self, rows: Sequence[Sequence[Piece]], heads: Sequence[str]) -> None:
        """Rows in columns that fit the terminal; the last column is wrapped."""
        table = Table(box=None, show_header=bool(heads), pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        count = len(heads) or len(rows[0])
        for place in range(count):
            last = place == count - 1
            table.add_column(heads[place] if heads else "", no_wrap=not last, overflow="fold")
        for row in rows:
            table.add_row(*(_painted([cell]) for cell in row))
        self._console.print(table)


def _painted(pieces: Iterable[Piece]) -> Text:
    text = Text()
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
        else:
            text.append(piece[0], _STYLES[piece[1]])
    return text


class Bar:
    """How far some work is, on standard error; gone when it ends."""

    def __init__(self, what: str, total: int | None) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(what, total=total)
        self._progress.start()

    def show(self, count: int) -> None:
        """So many are done."""
        self._progress.update(self._task, completed=count)

    def end(self) -> None:
        """Take the bar away."""
        self._progress.stop()
