"""Progress on a terminal, for work that takes longer than a second."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from dxrules.cli.output import has_colours

T = TypeVar("T")
_PATIENCE = 1.0  # seconds without a word


def followed(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The same items; on a terminal, how many were done is shown on standard error while it lasts."""
    if not has_colours(sys.stderr):
        yield from items
        return
    start = monotonic()
    bar = None
    try:
        for count, item in enumerate(items, start=1):
            yield item
            if bar is not None:
                bar.show(count)
            elif monotonic() - start > _PATIENCE:
                from dxrules.cli.console import Bar

                bar = Bar(what, total)
    finally:
        if bar is not None:
            bar.end()
