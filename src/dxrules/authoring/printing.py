"""Printing nodes and comments in the one layout.

Nodes are printed in the order of the text, and comments are taken up on the way: those above an entry stand above it,
one behind it stays behind it, and those below the last entry of a collection belong to it as far as they are indented
like it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import attrs

from dxrules.authoring.comments import Comment, blank_above, end_of, scalars
from dxrules.authoring.inline import BLOCK_STYLES, WIDTH, Line, filled, inline, key_text
from dxrules.authoring.shapes import Shape
from dxrules.language.nodes import Mapping, Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.layout import columns
from dxrules.source import Source


@attrs.frozen
class _Entry:
    """An entry of a mapping or an item of a list: its key, whether a blank line is above, its comments, its lines."""

    key: str | None
    blank: bool
    lead: list[str]
    lines: list[Line]
    plain: bool  # a scalar on one line


class Printer:
    """Prints the nodes of one text."""

    def __init__(self, source: Source, root: Node, comments: list[Comment]) -> None:
        self._source = source
        self._root = root
        self._comments = comments
        self._next = 0  # the first comment that was not taken up yet
        self._starts = [each.start for each in scalars(root)]

    def whole(self, shape: Shape) -> list[Line]:
        """The lines of the whole text."""
        root = self._root
        if isinstance(root, Scalar):
            _, lead = self._lead(root.start)
            lines = self._scalar(root, 0, "")
            lead += self._trail(lines, root)
            return [*_commented(lead, 0), *lines, *_commented(self._foot(root, -1), 0)]
        if not _children(root):
            _, lead = self._lead(len(self._source.text) + 1)
            return [*_commented(lead, 0), *filled(root, 0, "")]
        return [*self._header(), *self._block(root, shape, 0, -1)]

    def _header(self) -> list[Line]:
        """What is said of the whole file: the comments at its top, as far as there is a blank line below them."""
        first = self._starts[0]
        above = [each for each in self._comments if each.start < first]
        ends = [place for place, each in enumerate(above) if place and each.blank_above]
        if blank_above(self._source, self._source.position(first)[0]):
            ends.append(len(above))
        self._next = max(ends, default=0)
        lines: list[Line] = []
        for comment in above[: self._next]:
            lines += [Line(0, "")] if comment.blank_above and lines else []
            lines.append(Line(0, comment.text))
        return [*lines, Line(0, "")] if lines else []

    # Collections

    def _block(self, node: Mapping | SeqNode, shape: Shape, indent: int, outside: int) -> list[Line]:
        """An entry a line. What stands, in the text, to the right of the column `outside` belongs to the collection."""
        if isinstance(node, Mapping):
            entries = [self._entry(key, value, shape, indent) for key, value in node.entries]
        else:
            entries = [self._item(item, shape, indent) for item in node.items]
        foot = self._foot(node, outside)
        return [*_joined(_ordered(entries, shape), shape, indent), *_commented(foot, indent)]

    def _entry(self, key: Scalar, value: Node, shape: Shape, indent: int) -> _Entry:
        blank, lead = self._lead(key.start)
        line, _ = self._source.position(end_of(key))
        all_above = isinstance(value, Scalar) or value.flow  # else they are above its first entry
        behind = ""
        while (comment := self._waiting(value.start)) is not None and (all_above or comment.line == line):
            if comment.line == line:
                behind = comment.text
            else:
                lead.append(comment.text)
            self._next += 1
        lines = self._value(value, shape.below(key.text), indent, f"{key_text(key)}:", self._column(key.start))
        if behind and not lines[0].comment:
            lines[0].comment = behind
        elif behind:
            lead.append(behind)
        lead += self._trail(lines, value)
        return _Entry(key.text, blank, lead, lines, isinstance(value, Scalar) and len(lines) == 1)

    def _item(self, item: Node, shape: Shape, indent: int) -> _Entry:
        blank, lead = self._lead(item.start)
        inner = shape.below(None)
        if isinstance(item, Scalar) or self._in_brackets(item, inner, indent, "-"):
            lines = self._value(item, inner, indent, "-", self._dash(item))
        else:
            lines = self._block(item, inner, indent + 2, self._dash(item))
            first = next(place for place, line in enumerate(lines) if line.text and not line.text.startswith("#"))
            lead += [line.text for line in lines[:first] if line.text]
            lines = [Line(indent, f"- {lines[first].text}", lines[first].comment), *lines[first + 1 :]]
        lead += self._trail(lines, item)
        return _Entry(None, blank, lead, lines, isinstance(item, Scalar) and len(lines) == 1)

    def _value(self, node: Node, shape: Shape, indent: int, head: str, column: int) -> list[Line]:
        """What stands behind a key or a dash, with these."""
        if isinstance(node, Scalar):
            return self._scalar(node, indent, head)
        if self._in_brackets(node, shape, indent, head):
            return filled(node, indent, head)
        return [Line(indent, head), *self._block(node, shape, indent + 2, column)]

    def _in_brackets(self, node: Mapping | SeqNode, shape: Shape, indent: int, head: str) -> bool:
        if not _children(node):
            return True
        if shape.style == "block" or self._waiting(_end(node)) is not None:
            return False
        text = inline(node)
        if text is None or (shape.style == "kept" and not node.flow):
            return False
        return shape.style == "flow" or indent + columns(f"{head} {text}") <= WIDTH

    # Scalars

    def _scalar(self, node: Scalar, indent: int, head: str) -> list[Line]:
        if node.style in BLOCK_STYLES:
            return self._block_scalar(node, indent, head)
        text = inline(node)
        written = self._written(node)
        if text is not None and ("\n" not in written or indent + columns(f"{head} {text}") <= WIDTH):
            return [Line(indent, f"{head} {text}".strip())]
        first, *rest = (line.strip(" \t") for line in written.split("\n"))
        below = indent + 2 if head else indent
        return [Line(indent, f"{head} {first}".strip()), *(Line(below, line) for line in rest)]

    def _block_scalar(self, node: Scalar, indent: int, head: str) -> list[Line]:
        """A block scalar keeps its lines; only their indentation is new."""
        first, _, body = self._written(node).partition("\n")
        mark = first.partition("#")[0].strip()
        comment = ""
        if "#" in first:
            comment = self._comments[self._next].text
            self._next += 1
        lines = body.removesuffix("\n").split("\n") if "+" in mark else body.rstrip("\n ").split("\n")
        used = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip(" ")), default=0)
        if any(each.isdigit() for each in mark):  # the text itself begins with blanks
            inner = (line for line in node.text.split("\n") if line.strip(" "))
            used -= min((len(line) - len(line.lstrip(" ")) for line in inner), default=0)
            mark = "".join("2" if each.isdigit() else each for each in mark)
        kept = [Line(indent + 2 if line[used:] else 0, line[used:]) for line in lines]
        return [Line(indent, f"{head} {mark}".strip(), comment), *kept]

    def _written(self, node: Scalar) -> str:
        return self._source.text[node.start : node.end].replace("\r\n", "\n").replace("\r", "\n")

    # Comments

    def _waiting(self, offset: int) -> Comment | None:
        """The next comment, if it stands before an offset."""
        if self._next < len(self._comments) and self._comments[self._next].start < offset:
            return self._comments[self._next]
        return None

    def _lead(self, offset: int) -> tuple[bool, list[str]]:
        """Whether a blank line is above what begins at an offset and its comments; and these, with blank lines."""
        lines: list[str] = []
        blank: bool | None = None
        while (comment := self._waiting(offset)) is not None:
            blank = comment.blank_above if blank is None else blank
            if comment.blank_above and lines:
                lines.append("")
            lines.append(comment.text)
            self._next += 1
        above = offset <= len(self._source.text) and blank_above(self._source, self._source.position(offset)[0])
        if blank is None:
            return above, lines
        return blank, [*lines, ""] if above else lines

    def _trail(self, lines: list[Line], node: Node) -> list[str]:
        """Take up the comment behind a node, on its line: to the last line, or, where none fits, to go above it all."""
        end = _end(node)
        comment = self._waiting(len(self._source.text))
        if comment is None or comment.alone or comment.start < end:
            return []
        if comment.line != self._source.position(max(end - 1, node.start))[0]:
            return []
        self._next += 1
        last = lines[-1]
        if last.comment or last.text.startswith("#") or not last.text:
            return [comment.text]
        last.comment = comment.text
        return []

    def _foot(self, node: Node, outside: int) -> list[str]:
        """Take up the comments below the last entry of a collection that belong to it."""
        lines: list[str] = []
        following = bisect_right(self._starts, _end(node))
        limit = self._starts[following] if following < len(self._starts) else len(self._source.text) + 1
        flow = not isinstance(node, Scalar) and node.flow
        while (comment := self._waiting(_end(node) if flow else limit)) is not None:
            if not flow and comment.column - 1 <= outside:
                break
            if comment.blank_above:
                lines.append("")
            lines.append(comment.text)
            self._next += 1
        return lines

    def _column(self, offset: int) -> int:
        return self._source.position(offset)[1] - 1

    def _dash(self, item: Node) -> int:
        """The column of the dash before an item, where it stands on the same line."""
        text = self._source.text
        at = item.start
        while at > 0 and text[at - 1] in " \t":
            at -= 1
        return self._column(at - 1) if text[at - 1 : at] == "-" else self._column(item.start) - 1


def _children(node: Mapping | SeqNode) -> tuple[object, ...]:
    return node.entries if isinstance(node, Mapping) else node.items


def _end(node: Node) -> int:
    """Where the text of a node ends."""
    while not isinstance(node, Scalar) and not node.flow:
        node = node.entries[-1][1] if isinstance(node, Mapping) else node.items[-1]
    return end_of(node) if isinstance(node, Scalar) else node.end


def _ordered(entries: list[_Entry], shape: Shape) -> list[_Entry]:
    places = {key: place for place, key in enumerate(shape.order)}
    return sorted(entries, key=lambda each: places.get(each.key or "", len(places)))


def _joined(entries: list[_Entry], shape: Shape, indent: int) -> Iterator[Line]:
    for place, entry in enumerate(entries):
        if place and _gap(entries[place - 1], entry, shape):
            yield Line(0, "")
        yield from _commented(entry.lead, indent)
        yield from entry.lines


def _gap(before: _Entry, entry: _Entry, shape: Shape) -> bool:
    if not before.lines[-1].text:
        return False  # blank lines that end a block scalar are text: one more would change it
    if shape.blanks == "always":
        return not (before.plain and entry.plain) or bool(entry.lead)
    return shape.blanks == "kept" and entry.blank


def _commented(texts: list[str], indent: int) -> list[Line]:
    return [Line(indent if text else 0, text) for text in texts]
