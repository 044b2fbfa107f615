"""Reading: YAML text to nodes that know their places.

Nodes are read, never constructed: the parser's events are put together here, in a loop and not by
recursion, and no tag, anchor or type of YAML ever makes an object. What a plain word means follows the core
schema of YAML 1.2.

Nesting stops at 100 levels. The parser works ahead by a bounded stretch only, so stopping there also keeps
the time linear where the parser alone would be quadratic (`[[[[...`).

Behind a syntax error nothing can be trusted, so no tree is returned then. But when the mistake is within
one value, that value is painted over and the text is read again, to find further mistakes.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs
import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from dxrules.language.failure import Failure, Trap, line_at, shown
from dxrules.language.nodes import Mapping, Node, Scalar, Sequence, Style, resolve
from dxrules.language.text import (
    MAX_SIZE,
    MOST_DIAGNOSTICS,
    Report,
    decode,
    not_allowed,
    stand_ins,
    too_large,
    without_forbidden,
)
from dxrules.language.traps import explain
from dxrules.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxrules.errors import Diagnostic

__all__ = ["MAX_DEPTH", "MAX_SIZE", "decode", "read"]

MAX_DEPTH = 100
_MOST_PASSES = 20
_MOST_REREAD = 4_000_000  # characters to read over again in search of further syntax errors

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TAG_DIRECTIVE = re.compile(r"(?:\A|[\r\n])(%TAG\b[^\r\n]*)")
_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")


def read(source: Source) -> tuple[Node | None, list[Diagnostic]]:
    """The nodes of a YAML text, and everything that is wrong with it as YAML.

    There are no nodes when nothing in the text can be relied on: behind a syntax error, for instance.

    >>> node, mistakes = read(Source("a.yaml", "lost: true"))
    >>> [(key.text, value.value) for key, value in node.entries]
    [('lost', True)]
    """
    if len(source.text) > MAX_SIZE:
        return None, [too_large(source.path)]
    if source.text.startswith("\ufeff"):
        source = Source(source.path, source.text[1:])  # no editor counts a byte order mark as a column
    source, mistakes = without_forbidden(source)
    directive = _TAG_DIRECTIVE.search(source.text)
    if directive:
        # The parser's time would be quadratic in the number of these.
        report = Report(source, mistakes)
        report.add(*directive.span(1), "yaml/tag", "`%TAG` is not used in rule files", "delete the line")
        return None, report.diagnostics
    root, found = _read(source)
    return root, mistakes + found


def _read(source: Source) -> tuple[Node | None, list[Diagnostic]]:
    text = source.text
    foreign = stand_ins(text)
    text = text.translate(foreign) if foreign else text
    back = {ord(stand_in): chr(character) for character, stand_in in foreign.items()}
    traps: list[Trap] = []
    painted: list[tuple[int, int]] = []
    while True:
        composer = _Composer(source, text, back)
        trap = composer.run()
        if trap is None or any(start <= trap.start <= end for start, end in painted):
            break
        traps.append(trap)
        if trap.value is None or len(traps) == _MOST_PASSES or len(traps) * len(text) > _MOST_REREAD:
            break
        painted.append(trap.value)
        start, end = trap.value
        text = text[:start] + "x" * (end - start) + text[end:]
    mistakes = composer.report.diagnostics
    if not traps:
        return composer.root, mistakes
    report = Report(source)
    for trap in traps:
        report.add(trap.start, trap.end, trap.code, trap.message, trap.help)
    places = {(each.line, each.column) for each in report.diagnostics}
    mistakes = report.diagnostics + [each for each in mistakes if (each.line, each.column) not in places]
    return None, sorted(mistakes, key=lambda each: (each.line, each.column))


@attrs.define(eq=False)
class _Open:
    """A collection whose end is still to come."""

    start: int
    flow: bool
    is_mapping: bool
    items: list[Node] = attrs.field(factory=list)
    entries: list[tuple[Scalar, Node]] = attrs.field(factory=list)
    keys: dict[str, Scalar] = attrs.field(factory=dict)
    key: Scalar | None = None  # of the entry whose value comes next; None when that entry is dropped
    has_key: bool = False


@attrs.define(eq=False)
class _Composer:
    """Puts the parser's events together to nodes."""

    source: Source
    text: str
    back: dict[int, str]
    report: Report = attrs.field(init=False)
    root: Node | None = attrs.field(default=None, init=False)
    _open: list[_Open] = attrs.field(factory=list, init=False)
    _last: tuple[int, int] = attrs.field(default=(0, 0), init=False)

    def __attrs_post_init__(self) -> None:
        self.report = Report(self.source)

    def run(self) -> Trap | None:
        """Read the whole text to `root`; the trap when it is not YAML."""
        try:
            usable = self._compose(_events(self.text))
        except yaml.MarkedYAMLError as error:
            return self._trap(error)
        except (ValueError, OverflowError):  # the pure Python parser, on an escape beyond Unicode
            found = _BEYOND_UNICODE.search(self.text)
            start, end = found.span() if found else (0, 1)
            return Trap("yaml/escape", start, end, f"{shown(self.text[start:end])} is not a character")
        if not usable:
            self.root = None
        elif isinstance(self.root, Scalar | None) and not (self.root and (self.root.text or self.root.style)):
            self.root = None
            advice = "a rule file begins with `rulebook:`, `facts:` and `rules:`"
            self.report.add(0, 1, "yaml/empty", "there is nothing in this file", advice)
        return None

    def _trap(self, error: yaml.MarkedYAMLError) -> Trap:
        text = self.text.translate(self.back) if self.back else self.text
        last = len(text)
        offset = min(error.problem_mark.index, last) if error.problem_mark else last
        context = error.context_mark.index if error.context_mark else None
        bracket = self._open[-1].start if self._open and self._open[-1].flow else None
        return explain(Failure(text, offset, context, error.problem or "", self._last, bracket))

    def _compose(self, events: Iterator[Any]) -> bool:
        """Follow the events to the end of the first document. False when there is nothing to go on with."""
        usable = True
        documents = 0
        for event in events:
            kind = type(event)
            start = event.start_mark.index
            if kind is yaml.ScalarEvent:
                self._add(self._scalar(event, start))
            elif kind is yaml.SequenceStartEvent or kind is yaml.MappingStartEvent:
                if event.tag is not None or event.anchor is not None:
                    self._properties(event, start)
                if len(self._open) == MAX_DEPTH:
                    advice = f"at most {MAX_DEPTH} lists and mappings go into each other"
                    self.report.add(start, start + 1, "yaml/too-deep", "this is nested too deeply", advice)
                    return False
                self._open.append(_Open(start, bool(event.flow_style), kind is yaml.MappingStartEvent))
            elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                self._close(event.end_mark.index)
            elif kind is yaml.AliasEvent:
                usable = False  # what it stands for is not known: guessing would raise further complaints
                self._add(self._alias(start, event.end_mark.index))
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    message = "a second document begins here; a rule file holds one"
                    advice = "put it in a file of its own"
                    self.report.add(start, start + 3, "yaml/documents", message, advice)
                    break
        return usable

    def _alias(self, start: int, end: int) -> Scalar:
        self._last = (start, end)
        alias = self.source.text[start:end]
        message = f"the alias {shown(alias)} is not used in rule files"
        advice = "repeat the value, or give a condition a name under `define`"
        self.report.add(start, end, "yaml/alias", message, advice)
        return Scalar(self.source, start, end, alias, "", alias)

    def _scalar(self, event: Any, start: int) -> Scalar:
        end: int = event.end_mark.index
        text: str = event.value
        style: Style = event.style or ""
        self._last = (start, end)
        if event.tag is not None or event.anchor is not None:
            self._properties(event, start)
        if self.back:
            text = text.translate(self.back)
        scalar = Scalar(self.source, start, end, text, style, text if style else resolve(text))
        if style == '"' and _CONTROL.search(text):
            for found in islice(_CONTROL.finditer(text), MOST_DIAGNOSTICS):
                span = scalar.span_of(*found.span())
                # The pure Python parser takes half a character for one, where libyaml has a syntax error.
                code = "yaml/escape" if found[0] >= "\ud800" else "yaml/character"
                self.report.add(span.start, span.end, code, not_allowed(found[0]), "delete it")
        return scalar

    def _properties(self, event: Any, start: int) -> None:
        """Refuse an anchor or a tag, which stand before the node itself."""
        if self.report.full:
            return  # looking around in a long line for each of many would take too long
        text = self.source.text
        if event.anchor is not None:
            anchor = f"&{event.anchor}"
            at = max(text.find(anchor, start), start)
            advice = "delete it, and repeat the value or give a condition a name under `define`"
            message = f"the anchor {shown(anchor)} is not used in rule files"
            self.report.add(at, at + len(anchor), "yaml/alias", message, advice)
        if event.tag is not None:
            at = max(text.find("!", start), start)
            end = min(event.end_mark.index, line_at(text, at)[1])
            tag = text[at:end].split(maxsplit=1)[0] if text[at:end].strip() else "!"
            message = f"{shown(tag)} is a tag to YAML, which is not used in rule files"
            self.report.add(at, at + len(tag), "yaml/tag", message, "put the value in quotes if it is text")

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.items.append(node)
        elif not parent.has_key:
            parent.key = self._key(parent, node)
            parent.has_key = True
        else:
            if parent.key is not None:
                parent.entries.append((parent.key, node))
            parent.has_key = False

    def _key(self, parent: _Open, node: Node) -> Scalar | None:
        """A node as a key, or None when its entry must be dropped."""
        if not isinstance(node, Scalar):
            advice = "text that begins with a bracket goes in quotes"
            self.report.add(node.start, node.end, "yaml/key", "a mapping or a list cannot be a key", advice)
            return None
        if not node.text and node.plain:
            advice = "write the key before the colon"
            self.report.add(node.start, node.start + 1, "yaml/key", "this entry has no key", advice)
            return None
        first = parent.keys.setdefault(node.text, node)
        if first is not node:
            line, _ = self.source.position(first.start)
            message = f"the key {shown(node.text)} stands here twice, first on line {line}"
            self.report.add(node.start, node.end, "yaml/duplicate-key", message, "keep one of the two")
            return None
        return node

    def _close(self, end: int) -> None:
        done = self._open.pop()
        if not done.flow:
            # The parser ends it where the next thing begins; its text ends with its last value.
            last = done.entries[-1][1] if done.entries else done.items[-1] if done.items else None
            end = last.end if last else done.start
        else:
            self._last = (done.start, end)
        node: Node
        if done.is_mapping:
            node = Mapping(self.source, done.start, end, done.flow, tuple(done.entries))
        else:
            node = Sequence(self.source, done.start, end, done.flow, tuple(done.items))
        self._add(node)


class _PurePythonParser(Reader, Scanner, Parser):
    """PyYAML's own parser, for where it was built without libyaml: the same events, more slowly.

    It is stricter in one thing: it takes a tab for a blank only within text.
    """

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)


_PARSER: Any
try:
    from yaml import _yaml

    _PARSER = _yaml.CParser
except ImportError:  # PyYAML was built without libyaml
    _PARSER = _PurePythonParser


def _events(text: str) -> Iterator[Any]:
    parser = _PARSER(text)
    while (event := parser.get_event()) is not None:
        yield event
