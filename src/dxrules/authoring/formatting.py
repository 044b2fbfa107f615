"""The one layout of rule files and cases files.

What is written stays: every scalar as it was quoted (but `'a'` becomes `"a"`), every comment where it belongs, the
order of rules, definitions, examples and clauses. Indentation, blank lines, brackets and the order of keys are put in
the one way. The text is made anew from the nodes, because the meaning is in them alone, and it is compared with them
before it is given out.
"""

from __future__ import annotations

from collections.abc import Iterator

from dxrules.authoring.comments import comments_of
from dxrules.authoring.inline import Line
from dxrules.authoring.printing import Printer
from dxrules.authoring.shapes import PACK, PATTERN_PACK, Shape
from dxrules.errors import Diagnostic, DxRulesError
from dxrules.language.failure import wide_indent
from dxrules.language.nodes import Mapping, Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.patternpack import holds_patterns
from dxrules.language.reader import read
from dxrules.layout import columns
from dxrules.source import Source


def layout(source: Source, shape: Shape = PACK) -> tuple[str | None, list[Diagnostic]]:
    r"""The text in the one layout, or, where it is not YAML, None and what is wrong with it.

    Args:
        source: the text.
        shape: how it is laid out: `shapes.PACK` for rule files, also for those of pattern rules; `shapes.CASES` for
            cases files.

    Raises:
        DxRulesError: the text cannot be laid out without changing it; that is a flaw of dxrules.

    >>> print(layout(Source("a.yaml", "facts:   Card # of cards\nrulebook: 'mine'\n"))[0], end="")
    rulebook: "mine"
    facts: Card  # of cards
    """
    root, mistakes = read(source)
    if root is not None and not mistakes:
        mistakes = list(_wide_keys(root))
    if root is None or mistakes:
        return None, mistakes
    if shape is PACK and isinstance(root, Mapping) and holds_patterns(root):
        shape = PATTERN_PACK
    lines = Printer(source, root, comments_of(root)).whole(shape)
    _align(lines)
    text = "\n".join(map(_printed, lines)) + "\n"
    again, _ = read(Source(source.path, text))
    if again is None or not same(root, again, shape) or _said(root) != _said(again):
        raise DxRulesError(f"{source.path}: cannot be laid out without changing what it says; it is left as it is")
    return text.replace("\n", "\r\n") if "\r\n" in source.text else text, []


def same(one: Node, two: Node, shape: Shape) -> bool:
    """Whether two nodes hold the same. The order of keys counts, except where the shape gives them one."""
    if isinstance(one, Scalar) and isinstance(two, Scalar):
        return one.text == two.text and type(one.value) is type(two.value)
    if isinstance(one, SeqNode) and isinstance(two, SeqNode):
        inner = shape.below(None)
        return len(one.items) == len(two.items) and all(map(same, one.items, two.items, [inner] * len(one.items)))
    if not isinstance(one, Mapping) or not isinstance(two, Mapping) or len(one.entries) != len(two.entries):
        return False
    entries = two.entries
    if shape.order:
        by_key = {key.text: (key, value) for key, value in entries}
        entries = tuple(by_key[key.text] for key, _ in one.entries if key.text in by_key)
    return len(entries) == len(one.entries) and all(
        key.text == other.text and same(value, beside, shape.below(key.text))
        for (key, value), (other, beside) in zip(one.entries, entries, strict=True)
    )


def _wide_keys(node: Node) -> Iterator[Diagnostic]:
    """What is wrong with keys that begin with a space which is none to YAML: laid out, they would be other keys."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            spaces = wide_indent(key.text)
            if spaces is not None:
                yield key.span_of(0, 1).diagnostic("yaml/indent", spaces, "indent with spaces")
            yield from _wide_keys(value)
    elif isinstance(node, SeqNode):
        for item in node.items:
            yield from _wide_keys(item)


def _said(root: Node) -> list[str]:
    """What the comments say, sorted: the order of keys may change."""
    return sorted(each.text for each in comments_of(root))


def _printed(line: Line) -> str:
    text = " " * line.indent + line.text if line.text else ""
    return (text + line.comment).rstrip()


def _align(lines: list[Line]) -> None:
    """Put the comments behind lines that follow one another into one column."""
    run: list[Line] = []
    for line in [*lines, Line(0, "")]:
        if line.comment:
            run.append(line)
            continue
        widest = max((each.indent + columns(each.text) for each in run), default=0)
        for each in run:
            each.comment = " " * (widest - each.indent - columns(each.text) + 2) + each.comment
        run = []
