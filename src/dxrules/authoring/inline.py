"""Nodes on one line, or, within brackets, on as few as it takes."""

from __future__ import annotations

import json

import attrs

from dxrules.language.nodes import Mapping, Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.layout import columns

WIDTH = 120
BLOCK_STYLES = ("|", ">")
_NOT_IN_FLOW = frozenset(",[]{}:")


@attrs.define
class Line:
    """A line to be: its indentation and text, and the comment behind it."""

    indent: int
    text: str
    comment: str = ""


def inline(node: Node, *, in_flow: bool = False) -> str | None:
    """A node on one line, or None when it cannot be."""
    if isinstance(node, Scalar):
        return _scalar(node, in_flow=in_flow)
    if isinstance(node, SeqNode):
        items = [inline(item, in_flow=True) for item in node.items]
        if None in items or "" in items:
            return None
        return f"[{', '.join(map(str, items))}]"
    parts = _pairs(node)
    return None if parts is None else "{" + ", ".join(parts) + "}"


def _pairs(node: Mapping) -> list[str] | None:
    found = []
    for key, value in node.entries:
        text = inline(value, in_flow=True)
        if text is None:
            return None
        found.append(f"{key_text(key, in_flow=True)}: {text}")
    return found


def _scalar(node: Scalar, *, in_flow: bool) -> str | None:
    written = node.source.text[node.start : node.end]
    one_line = "\n" not in written and "\r" not in written
    if node.style in BLOCK_STYLES:
        return None
    if node.style == "'" and one_line and not {'"', "\\"} & set(node.text) and node.text.isprintable():
        return f'"{node.text}"'
    if node.style:
        return written if one_line else None
    if "\n" in node.text or (in_flow and set(node.text) & _NOT_IN_FLOW):
        return json.dumps(node.text, ensure_ascii=False)
    return node.text


def key_text(key: Scalar, *, in_flow: bool = False) -> str:
    """A key as it stands before its colon."""
    text = _scalar(key, in_flow=in_flow)
    return json.dumps(key.text, ensure_ascii=False) if text is None else text


def filled(node: Mapping | SeqNode, indent: int, head: str) -> list[Line]:
    """A collection within brackets, on as many lines as it takes."""
    text = inline(node)
    assert text is not None
    head = f"{head} ".lstrip()
    if indent + columns(head + text) <= WIDTH or not text[1:-1]:
        return [Line(indent, head + text)]
    parts = _pairs(node) if isinstance(node, Mapping) else [inline(item, in_flow=True) or "" for item in node.items]
    assert parts is not None
    pieces = [*(f"{part}," for part in parts[:-1]), parts[-1] + text[-1]]
    hanging = indent + columns(head) + 1
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if hanging + columns(f"{lines[-1]} {piece}") <= WIDTH:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return [Line(indent, f"{head}{text[0]}{lines[0]}"), *(Line(hanging, line) for line in lines[1:])]
