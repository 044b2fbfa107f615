"""What YAML text is read into: scalars, sequences and mappings that know their place in the source.

Nodes keep offsets, and make a `Span` only when one is asked for: a large rulebook has 100,000 nodes, and
only the few with a mistake in them ever show where they stand.
"""

from __future__ import annotations

import re
from typing import Literal

import attrs

from dxrules.language.positions import places
from dxrules.source import Source, Span

Style = Literal["", "'", '"', "|", ">"]
"""How a scalar is written: plain, in quotes, or as a literal or folded block."""

Value = None | bool | int | float | str

_COMMENT = re.compile(r"[ \t]+#")


@attrs.frozen(eq=False)
class Scalar:
    """A single text, and the value that YAML 1.2 gives it."""

    source: Source = attrs.field(repr=False)
    start: int
    end: int
    text: str
    style: Style
    value: Value
    _places: list[tuple[int, int]] | None = attrs.field(default=None, init=False, repr=False)

    @property
    def span(self) -> Span:
        """The whole scalar, its quotes or block indicator included."""
        return Span(self.source, self.start, self.end)

    @property
    def plain(self) -> bool:
        """Whether it is written without quotes and not as a block."""
        return not self.style

    @property
    def cut_by_comment(self) -> bool:
        """Whether a comment stands behind it: YAML ends plain text at ` #` without a word."""
        return self.plain and _COMMENT.match(self.source.text, self.end) is not None

    def span_of(self, start: int, end: int) -> Span:
        """The stretch of the source in which `text[start:end]` is written.

        Where that cannot be told, it is the whole scalar: coarse, but never wrong.
        """
        length = len(self.text)
        start = min(max(start, 0), length)
        end = min(max(end, start), length)
        # YAML never makes a text longer than it is written, so text that stands in the source as it is has
        # no folds and no escapes in it: the usual case, and one without any table.
        first = self.start + (1 if self.style in ("'", '"') else 0)
        if self.style not in ("|", ">") and self.source.text.startswith(self.text, first):
            last = self.end - (first - self.start)
            if last - first == length:
                return Span(self.source, first + start, first + end)
        table = self._table()
        if not table:
            return self.span
        if start == end:
            at = table[start][0] if start < length else table[-1][1]
            return Span(self.source, at, at)
        return Span(self.source, table[start][0], table[end - 1][1])

    def _table(self) -> list[tuple[int, int]]:
        if self._places is None:
            found = places(self.source.text, self.start, self.end, self.style, self.text)
            object.__setattr__(self, "_places", found or [])
        return self._places or []


@attrs.frozen(eq=False)
class Sequence:
    """Items in their order. `flow` tells `[a, b]` from a list with dashes."""

    source: Source = attrs.field(repr=False)
    start: int
    end: int
    flow: bool
    items: tuple[Node, ...]

    @property
    def span(self) -> Span:
        """From the first item, or the bracket, to the end of the last."""
        return Span(self.source, self.start, self.end)


@attrs.frozen(eq=False)
class Mapping:
    """Entries in their order, no key twice. `flow` tells `{a: b}` from entries on lines of their own."""

    source: Source = attrs.field(repr=False)
    start: int
    end: int
    flow: bool
    entries: tuple[tuple[Scalar, Node], ...]

    @property
    def span(self) -> Span:
        """From the first key, or the brace, to the end of the last value."""
        return Span(self.source, self.start, self.end)


Node = Scalar | Sequence | Mapping

_WORDS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_NUMERIC_START = frozenset("0123456789+-.")
_INT = re.compile(r"[-+]?[0-9]+")
_PREFIXED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 400  # Python refuses to print an int of more than 4300 digits; nothing real comes near


def resolve(text: str) -> Value:
    """The value of a plain scalar, by the core schema of YAML 1.2.

    Words such as `yes` and `on`, and dates, are text. So is a number of more than 400 characters.

    >>> [resolve(text) for text in ("", "true", "yes", "0x1F", "1e3", "2024-01-01")]
    [None, True, 'yes', 31, 1000.0, '2024-01-01']
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START or len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text
