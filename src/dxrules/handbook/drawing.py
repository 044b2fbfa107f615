"""The picture as SVG, or as text for Mermaid."""

from __future__ import annotations

from collections.abc import Callable

from dxrules.handbook.markup import Markup, element
from dxrules.handbook.nodes import Graph, Node
from dxrules.layout import columns

_HEIGHT, _GAP = 24, 6  # of a node, and to the next
_SPACE = 110  # between columns
_LONGEST = 40  # columns of text in a node
_COLUMN, _CAPITAL = 6.6, 8.2  # pixels of a column of text, at 12 pixels, and of a capital letter
_PAD = 10

STYLE = """
.picture { font: 12px system-ui, sans-serif; }
.picture rect { fill: #eef1f6; stroke: #8a94a6; }
.picture .rule rect, .picture .outcome rect { fill: #fff; }
.picture text { fill: #1c2430; }
.picture path { fill: none; stroke: #7b8697; stroke-opacity: .45; }
.picture .block rect { stroke: #b3261e; fill: #fdeceb; } .picture .require rect { stroke: #8a4b00; fill: #fff1df; }
.picture .suggest rect { stroke: #1b6b3a; fill: #e8f5ec; } .picture .warn rect { stroke: #7a5d00; fill: #fdf6d8; }
.picture .pattern rect { stroke-dasharray: 4 2; }
.picture .inform rect { stroke: #33557f; fill: #e9f0f9; }
"""


def svg(graph: Graph, title: str, *, target: Callable[[Node], str | None] | None = None, style: str = STYLE) -> Markup:
    """A picture by itself.

    Args:
        graph: what to draw.
        title: what the picture says to those who cannot see it.
        target: the id on the page that a node leads to; without it nodes are no links.
        style: what colours it; empty where the page does.
    """
    places: dict[str, tuple[float, float, float]] = {}
    left, height = 1.0, 0
    tallest = max(len(graph.facts), len(graph.rules), len(graph.outcomes), 1) * (_HEIGHT + _GAP)
    for column in filter(None, (graph.facts, graph.rules, graph.outcomes)):
        width = max(text_width(cut(node.text)) for node in column) + 2 * _PAD
        step = tallest / len(column)
        for place, node in enumerate(column):
            places[node.key] = (left, 1 + step * place + (step - _HEIGHT) / 2, width)
        left += width + _SPACE
    height = tallest + 2
    width = max(left - _SPACE + 1, 1)
    lines = [_edge(places, start, end, count) for start, end, count in graph.edges]
    boxes = [_box(node, places[node.key], target) for node in graph.nodes]
    size = f"0 0 {width:.0f} {height:.0f}"
    return element(
        "svg",
        element("title", title),
        element("style", Markup(style)) if style else None,
        element("g", lines),
        boxes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        class_="picture",
        role="group" if target else "img",
        aria_label=title,
    )


def _edge(places: dict[str, tuple[float, float, float]], start: str, end: str, count: int) -> Markup:
    x1, y1, width = places[start]
    x2, y2, _ = places[end]
    x1, y1, y2 = x1 + width, y1 + _HEIGHT / 2, y2 + _HEIGHT / 2
    bend = (x2 - x1) / 2
    path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    line = min(6.0, 1 + count**0.5 / 2) if count > 1 else 1.2
    return element("path", d=path, stroke_width=f"{line:.1f}", data_from=start, data_to=end)


def _box(node: Node, place: tuple[float, float, float], target: Callable[[Node], str | None] | None) -> Markup:
    x, y, width = place
    inside = [
        element("title", node.text) if cut(node.text) != node.text else None,
        element("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=_HEIGHT, rx=5),
        element("text", cut(node.text), x=f"{x + _PAD:.1f}", y=f"{y + 16.5:.1f}"),
    ]
    classes = f"{node.column} {node.style}".strip()
    where = target(node) if target is not None else None
    if where is None:
        return element("g", inside, class_=classes, data_key=node.key, tabindex=0 if target else None,
                       role="img" if target else None, aria_label=node.text if target else None)  # fmt: skip
    return element("a", inside, href=f"#{where}", class_=classes, data_key=node.key, aria_label=node.text)


def text_width(text: str) -> float:
    """About how many pixels a text is wide."""
    capitals = sum(1 for char in text if char.isupper())
    return capitals * _CAPITAL + (columns(text) - capitals) * _COLUMN


def cut(text: str, longest: int = _LONGEST) -> str:
    """A text of at most so many columns, what is more cut off."""
    if columns(text) <= longest:
        return text
    end = len(text)
    while columns(text[:end]) > longest - 1:
        end -= 1
    return f"{text[:end].rstrip()}…"


# Mermaid


_SHAPES = {"fact": ('(["', '"])'), "rule": ('["', '"]'), "outcome": ('{{"', '"}}')}


def mermaid(graph: Graph) -> str:
    """The picture as a Mermaid flowchart, for pages that draw such texts."""
    names = {node.key: f"n{place}" for place, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for node in graph.nodes:
        before, after = _SHAPES[node.column]
        lines.append(f"  {names[node.key]}{before}{_mermaid_text(node.text)}{after}")
    for start, end, count in graph.edges:
        arrow = f'-- "{count}" -->' if count > 1 else "-->"
        lines.append(f"  {names[start]} {arrow} {names[end]}")
    return "\n".join(lines) + "\n"


def _mermaid_text(text: str) -> str:
    """A text whose every character that could mean something stands as its number."""
    return "".join(char if char.isalnum() or char in " _.,:-" else f"#{ord(char)};" for char in text)
