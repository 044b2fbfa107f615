"""Source texts and places in them: how an offset becomes path, line, column and caret."""

from __future__ import annotations

import re
from bisect import bisect_right

import attrs

from dxrules.errors import Diagnostic

_EXCERPT = 160  # a longer line is shown in part
_LINE_END = re.compile(r"\r\n|\r|\n")


@attrs.define(eq=False)
class Source:
    r"""A rule text and its name.

    Lines end at `\n`, `\r\n` or `\r` and nowhere else, as editors count them.
    """

    path: str
    text: str
    _starts: list[int] | None = attrs.field(default=None, init=False, repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> tuple[int, int]:
        """Where a line, counted from 1, starts and ends, its line end left out."""
        starts = self._line_starts()
        end = starts[number] if number < len(starts) else len(self.text)
        while end > starts[number - 1] and self.text[end - 1] in "\r\n":
            end -= 1
        return starts[number - 1], end

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._starts


@attrs.frozen(eq=False)
class Span:
    """A stretch of a source: `start` inclusive, `end` exclusive, in characters."""

    source: Source
    start: int
    end: int

    def diagnostic(self, code: str, message: str, help: str | None = None) -> Diagnostic:
        """A diagnostic whose caret underlines this stretch, as far as it lies on its first line."""
        text = self.source.text
        line, column = self.source.position(self.start)
        first, last = self.source.line(line)
        left, right = max(first, self.start - 60), min(last, self.start + 100)
        if last - first <= _EXCERPT:
            left, right = first, last
        lead, tail = "…" if left > first else "", "…" if right < last else ""
        width = max(1, min(self.end, right) - self.start)
        caret = len(lead) + self.start - left
        excerpt = f"{lead}{text[left:right]}{tail}"
        return Diagnostic(self.source.path, line, column, code, message, help, excerpt, caret, width)
