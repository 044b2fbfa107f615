"""Packs as they are written, before any name is resolved, and the report of what is wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from dxrules.errors import Diagnostic
from dxrules.language.nodes import Node, Scalar
from dxrules.rulebook import Deadline, Kind, Lang, Severity
from dxrules.source import Span
from dxrules.values import Plain

MAX_DIAGNOSTICS = 1_000  # of one load; a file with more is not of our language


@attrs.define
class Report:
    """Collects the diagnostics of a load, each once."""

    found: list[Diagnostic] = attrs.field(factory=list)
    _seen: set[tuple[str, int, int, str, str]] = attrs.field(factory=set)
    _garbled: set[tuple[str, int, int]] = attrs.field(factory=set)

    @property
    def full(self) -> bool:
        """Whether further ones are dropped."""
        return len(self.found) >= MAX_DIAGNOSTICS

    def __call__(self, span: Span, code: str, message: str, help: str | None = None) -> None:
        """Add one, unless there are too many already."""
        if not self.full:
            self.add(span.diagnostic(code, message, help))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a finished one."""
        key = (diagnostic.path, diagnostic.line, diagnostic.column, diagnostic.code, diagnostic.message)
        if diagnostic.code in ("yaml/character", "yaml/tag"):
            self._garbled.add(key[:3])
        elif key[:3] in self._garbled:
            return  # what stands there was replaced, or is not what it seems
        if key not in self._seen and not self.full:
            self._seen.add(key)
            self.found.append(diagnostic)


@attrs.frozen(eq=False)
class Name:
    """A written name and its place."""

    text: str
    span: Span


@attrs.frozen(eq=False)
class WrittenExample:
    """An example as written."""

    given: Mapping[str, tuple[Scalar, Node]]
    fires: bool | None
    as_of: dt.date | None
    span: Span


@attrs.frozen(eq=False)
class WrittenOutcome:
    """The outcome of a rule as written; `message` is not read yet."""

    kind: Kind | None
    target: str | None
    severity: Severity
    deadline: Deadline
    priority: int
    message: Mapping[Lang, Scalar]
    source: tuple[str, ...]
    valid_from: dt.date
    valid_until: dt.date | None


@attrs.frozen(eq=False)
class WrittenRule:
    """A rule as written; `when` is not read yet."""

    name: Name
    when: Node | None
    outcome: WrittenOutcome
    overrides: tuple[Name, ...]
    examples: tuple[WrittenExample, ...]


@attrs.frozen(eq=False)
class WrittenParameter:
    """A parameter as written: its values by date, in order; none after a report."""

    name: Name
    values: tuple[tuple[dt.date, Plain], ...]


@attrs.frozen(eq=False)
class WrittenTarget:
    """What people call a target, as written."""

    name: Name
    texts: Mapping[Lang, str]


@attrs.frozen(eq=False)
class WrittenLength:
    """A length of time and its place."""

    length: dt.timedelta
    span: Span


@attrs.frozen(eq=False)
class WrittenMatch:
    """A match or an absent fact as written; its conditions are not read yet. What is None beyond them was reported."""

    name: Name
    fact_type: Name | None
    when: Node | None
    joined: tuple[Scalar, ...] | None
    where: Node | None
    at_least: int
    counted_at: Span | None


@attrs.frozen(eq=False)
class WrittenPatternExample:
    """An example of a pattern rule as written: its facts, each a mapping."""

    given: tuple[Mapping[str, tuple[Scalar, Node]], ...]
    places: tuple[Span, ...]
    fires: bool
    now: Scalar | None
    span: Span


@attrs.frozen(eq=False)
class WrittenPattern:
    """A pattern rule as written."""

    name: Name
    match: tuple[WrittenMatch, ...]
    absent: tuple[WrittenMatch, ...]
    where: Node | None
    within: WrittenLength | None
    after: WrittenLength | Scalar | None
    about: Scalar | None
    outcome: WrittenOutcome
    examples: tuple[WrittenPatternExample, ...]
    sound: bool


@attrs.frozen(eq=False)
class WrittenPatterns:
    """What a pack of pattern rules has beside the rest: fact types by short name, and how long events count.

    `keepless` is where to say that `keep` is not there; None where it is, or was reported.
    """

    facts: tuple[tuple[Name, Name], ...]
    keep: WrittenLength | None
    keepless: Span | None
    rules: tuple[WrittenPattern, ...]


@attrs.frozen(eq=False)
class WrittenPack:
    """A pack as written. A name or fact type that is None was reported."""

    name: Name | None
    facts: Name | None
    parameters: tuple[WrittenParameter, ...]
    definitions: tuple[tuple[Name, Node], ...]
    gates: tuple[tuple[Name, tuple[Deadline, ...]], ...]
    disable: tuple[Name, ...]
    rules: tuple[WrittenRule, ...]
    patterns: WrittenPatterns | None = None
    rollup: tuple[tuple[Name, Node], ...] = ()
    fill: tuple[tuple[Name, Node], ...] = ()
    targets: tuple[WrittenTarget, ...] = ()
