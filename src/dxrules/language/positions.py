"""Where in the source each character of a YAML scalar is written.

The parser gives a scalar's text and the place of the whole; a mistake in the middle of a condition needs
the place of that character. So the stretch is read once more, following the rules of YAML for folded lines,
doubled quotes, escapes and block indentation, this time noting where each character comes from. The result
counts only when it spells exactly the parser's text.
"""

from __future__ import annotations

import re

import attrs

_BREAK = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(r"[|>]([-+0-9]*)[^\r\n]*")
_LINE = re.compile(r"( *)([^\r\n]*)(\r\n|\r|\n|\Z)")
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "'": "'", "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def places(text: str, start: int, end: int, style: str, value: str) -> list[tuple[int, int]] | None:
    r"""The stretch of `text` behind each character of `value`, a scalar written at `text[start:end]`.

    None when the second reading does not come to `value`. `style` is the scalar's: empty when plain, a
    quote, `|` or `>`.

    >>> places('key: "a\\tb"', 5, 11, '"', 'a\tb')
    [(6, 7), (7, 9), (9, 10)]
    """
    written = text[start:end]
    if style in ("|", ">"):
        reading = _block(written, style == ">", value)
    elif style:
        reading = _flow(written[1:-1], style)
        start += 1
    else:
        reading = _flow(written, style)
    if "".join(reading.characters) != value:
        return None
    return [(start + first, start + last) for first, last in reading.spans]


@attrs.define(eq=False)
class _Reading:
    """Characters so far, each with its stretch of the source."""

    characters: list[str] = attrs.field(factory=list)
    spans: list[tuple[int, int]] = attrs.field(factory=list)

    def add(self, character: str, start: int, end: int) -> None:
        self.characters.append(character)
        self.spans.append((start, end))

    def copy(self, text: str, start: int, end: int) -> None:
        self.characters += text[start:end]
        self.spans += zip(range(start, end), range(start + 1, end + 1), strict=True)


def _flow(text: str, style: str) -> _Reading:
    """Read a plain or quoted scalar, without its quotes."""
    reading = _Reading()
    at = 0
    while at < len(text):
        character = text[at]
        if character in " \t":
            blanks = at
            while at < len(text) and text[at] in " \t":
                at += 1
            if at == len(text) or text[at] not in "\r\n":  # blanks before the end of a line are dropped
                reading.copy(text, blanks, at)
        elif character in "\r\n":
            at = _fold(reading, text, at, " ")
        elif style == "'" and character == "'":
            reading.add("'", at, at + 2)
            at += 2
        elif style == '"' and character == "\\":
            if text[at + 1 : at + 2] in ("\r", "\n"):
                at = _fold(reading, text, at + 1, "")
            else:
                meaning, width = _escape(text, at)
                reading.add(meaning, at, at + width)
                at += width
        else:
            reading.copy(text, at, at + 1)
            at += 1
    return reading


def _fold(reading: _Reading, text: str, at: int, joint: str) -> int:
    """Pass the line breaks at `at`: one alone reads as `joint`, of several each but the first as a break."""
    ends = _line_end(text, at)
    first = (at, ends)
    alone = True
    while True:
        at = ends
        while at < len(text) and text[at] in " \t":
            at += 1
        ends = _line_end(text, at)
        if ends == at:
            break
        reading.add("\n", at, ends)
        alone = False
    if alone and joint:
        reading.add(joint, *first)
    return at


def _line_end(text: str, at: int) -> int:
    found = _BREAK.match(text, at)
    return found.end() if found else at


def _escape(text: str, at: int) -> tuple[str, int]:
    """What the escape at `at` means, and its width; nothing when it is not one."""
    letter = text[at + 1 : at + 2]
    digits = _HEX_DIGITS.get(letter)
    if digits is None:
        return _ESCAPES.get(letter, ""), 2
    try:
        return chr(int(text[at + 2 : at + 2 + digits], 16)), 2 + digits
    except (ValueError, OverflowError):
        return "", 2


def _block(text: str, folded: bool, value: str) -> _Reading:
    """Read a block scalar from its indicator on.

    How far its lines are indented may be counted from the surrounding node, which does not stand in the
    scalar. But `value` tells: its first line that is not empty is written with the indentation before it.
    """
    header = _HEADER.match(text)
    begin = _line_end(text, header.end()) if header else len(text)
    lines = [line for line in _LINE.finditer(text, begin) if line.start() < len(text)]
    filled = value.lstrip("\n")
    number = len(value) - len(filled)
    indent = len(text)
    if filled and number < len(lines):
        indent = max(0, len(lines[number][1]) - (len(filled) - len(filled.lstrip(" "))))
    chomping = header[1] if header else ""
    return _unfold(text, lines, indent, folded, "+" if "+" in chomping else "-" if "-" in chomping else "")


def _unfold(text: str, lines: list[re.Match[str]], indent: int, folded: bool, chomping: str) -> _Reading:
    reading = _Reading()
    broken: tuple[int, int] | None = None  # the break after the last line, not yet read as a break or as a space
    empty: list[tuple[int, int]] = []  # the breaks of the empty lines since
    spaced = False  # whether the last line began with a blank, which keeps the break behind it
    for line in lines:
        first = line.start() + indent
        if line.end(2) <= first:  # nothing beyond the indentation
            if line[3]:
                empty.append(line.span(3))
            continue
        begins_blank = text[first] in " \t"
        if folded and broken and not spaced and not begins_blank:
            if not empty:
                reading.add(" ", *broken)
        elif broken:
            reading.add("\n", *broken)
        for each in empty:
            reading.add("\n", *each)
        empty = []
        spaced = begins_blank
        reading.copy(text, first, line.end(2))
        broken = line.span(3) if line[3] else None
    if broken and chomping != "-":
        reading.add("\n", *broken)
    if chomping == "+":
        for each in empty:
            reading.add("\n", *each)
    return reading
