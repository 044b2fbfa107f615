"""From the text of a condition to Python's own tree of it, and from the places in the tree to those in the text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from dxrules.language.scan import MAX_DEPTH, Flaw, Token

_SYMBOLS: Mapping[type, str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def parse(text: str, tokens: list[Token], report: Callable[[Flaw], None]) -> ast.expr | None:
    """Python's tree of a condition, or None after a report."""
    # A line break inside the condition is a space; every character keeps its place.
    line = text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
    lead = tokens[0].start
    try:
        return ast.parse(line[lead:], mode="eval").body
    except SyntaxError:  # the scan lets none through that we know of
        report(Flaw(lead, tokens[-1].end, "condition/syntax", "this is not a condition"))
    except (RecursionError, MemoryError, ValueError, OverflowError):
        report(too_deep(0, len(text)))
    return None


def columns(text: str) -> Callable[[int], int]:
    """From the parser's columns, which count bytes from the first word, to characters of the text."""
    lead = len(text) - len(text.lstrip())
    if text.isascii():
        return lambda column: column + lead
    offsets: list[int] = []
    for place, char in enumerate(text[lead:]):
        offsets.extend([place + lead] * len(char.encode("utf-8", "surrogatepass")))
    offsets.append(len(text))
    return lambda column: offsets[min(column, len(offsets) - 1)]


def too_deep(start: int, end: int) -> Flaw:
    """What is wrong with a condition that no one could follow."""
    message = f"the condition is more than {MAX_DEPTH} deep"
    return Flaw(start, end, "condition/too-deep", message, "split it with `define` or `all`")


def symbol(op: ast.cmpop) -> str:
    """How a comparison is written."""
    return _SYMBOLS[type(op)]


def dotted(node: ast.expr) -> str | None:
    """The name `a.b.c` that a node stands for, if it is one."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
