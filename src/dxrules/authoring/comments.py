"""The comments of a YAML text, which its nodes know nothing of: whatever begins with `#` between the scalars."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from dxrules.language.nodes import Mapping, Node, Scalar
from dxrules.source import Source

_COMMENT = re.compile(r"#[^\r\n]*")
_BLOCK = ("|", ">")


@attrs.frozen
class Comment:
    """A comment and its place, from 1; whether it has its line to itself, and whether the one above is blank."""

    start: int
    line: int
    column: int
    alone: bool
    text: str
    blank_above: bool


def scalars(node: Node) -> Iterator[Scalar]:
    """The scalars below a node, keys among them, in the order of the text."""
    waiting: list[Node] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Scalar):
            yield each
        elif isinstance(each, Mapping):
            waiting.extend(part for entry in reversed(each.entries) for part in (entry[1], entry[0]))
        else:
            waiting.extend(reversed(each.items))


def end_of(scalar: Scalar) -> int:
    """Where the text of a scalar ends; a block scalar reaches over the blank lines behind it."""
    if scalar.style not in _BLOCK:
        return scalar.end
    return scalar.start + len(scalar.source.text[scalar.start : scalar.end].rstrip())


def comments_of(root: Node) -> list[Comment]:
    """Every comment of the text that a node is the root of, in order."""
    text = root.source.text
    found: list[Comment] = []
    at = 0
    for scalar in scalars(root):
        found += _between(scalar, at, scalar.start)
        at = end_of(scalar)
        if scalar.style in _BLOCK:  # behind its indicator a comment may stand
            head = re.compile(r"[\r\n]").search(text, scalar.start)
            found += _between(scalar, scalar.start, min(head.start() if head else len(text), at))
    found += _between(root, at, len(text))
    return found


def _between(node: Node, start: int, end: int) -> Iterator[Comment]:
    source = node.source
    for match in _COMMENT.finditer(source.text, start, end):
        line, column = source.position(match.start())
        first, _ = source.line(line)
        alone = not source.text[first : match.start()].strip()
        yield Comment(match.start(), line, column, alone, match[0].rstrip(), blank_above(source, line))


def blank_above(source: Source, line: int) -> bool:
    """Whether the line above a line is blank."""
    if line == 1:
        return False
    start, end = source.line(line - 1)
    return not source.text[start:end].strip()
