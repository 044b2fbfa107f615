"""Text in columns: how wide it is on a terminal, and how it is broken into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Marks that do not begin a line of Chinese, and those that do not end one (Unicode Standard Annex 14, classes CL, NS
# and OP).
_NOT_FIRST = "、。，．：；？！）］｝〉》」』】〕”’…%"
_NOT_LAST = "（［｛〈《「『【〔“‘"
_PIECE = re.compile(r"\s+|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|.", re.DOTALL)


def columns(text: str) -> int:
    """Terminal columns that a text takes: Chinese characters take two, combining accents none.

    >>> columns("欠费 0")
    6
    """
    if text.isascii():
        return len(text)
    wide = sum(1 for char in text if unicodedata.east_asian_width(char) in "WF")
    return len(text) + wide - sum(1 for char in text if unicodedata.combining(char))


def printable(text: str) -> str:
    r"""The same number of characters, none of which moves the cursor.

    >>> printable("a\tb\x1b")
    'a b�'
    """
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)


def pad(text: str, width: int) -> str:
    """A text with blanks behind it, up to some columns.

    >>> pad("未知", 6) + "|"
    '未知  |'
    """
    return text + " " * (width - columns(text))


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of at most so many columns: broken at blanks, and between Chinese characters.

    A word that is longer than a line is left whole.

    >>> wrap("one two three", 9)
    ['one two', 'three']
    >>> wrap("结清前不能注销（不影响挂失停机）。", 16)
    ['结清前不能注销', '（不影响挂失停', '机）。']
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and columns(lines[-1]) + columns(piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> Iterator[str]:
    """What is not broken: words, Chinese characters, and either with the marks that cling to them."""
    held = ""
    for piece in _PIECE.findall(text):
        clings = held and (piece in _NOT_FIRST or piece[0] in _NOT_FIRST or held[-1] in _NOT_LAST or piece.isspace())
        if held and not clings:
            yield held
            held = ""
        held += piece
    if held:
        yield held
