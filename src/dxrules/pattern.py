"""Pattern rules: what fires over several facts and events together, rather than over one fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from dxrules.expression import Expr, FactRef
from dxrules.rulebook import Deadline, Kind, Lang, Severity, Template
from dxrules.schema import FactType
from dxrules.source import Span
from dxrules.values import Plain


@attrs.frozen
class Join:
    """An equality by which a fact goes with another: its own fact, and that of the match named `other`."""

    own: FactRef
    other: str
    theirs: FactRef


@attrs.frozen(eq=False)
class Match:
    """One fact that a pattern looks for, or, with `at_least`, several alike.

    `when` is about the fact alone. `shared` are the facts that all of a counted first match have in common. `where`,
    of a counted match or an absent fact, may compare the fact with those matched.
    """

    name: str
    fact_type: FactType
    when: Expr | None = None
    joined: tuple[Join, ...] = ()
    where: Expr | None = None
    at_least: int = 1
    shared: tuple[FactRef, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether it stands for several facts."""
        return self.at_least > 1

    @property
    def is_event(self) -> bool:
        """Whether its facts have a time."""
        return self.fact_type.moment is not None


@attrs.frozen(eq=False)
class About:
    """Whose decision the outcome joins: the fact of a match itself, or one whose key a fact of that match names."""

    match: str
    fact_type: FactType
    ref: FactRef | None = None


@attrs.frozen(eq=False)
class GivenFact:
    """A fact of an example: the values that are given, its key, and its time if it is an event."""

    fact_type: FactType
    given: Mapping[str, Plain]
    key: str
    at: dt.datetime | None


@attrs.frozen(eq=False)
class PatternExample:
    """What a pattern rule must do with some facts at some time."""

    given: tuple[GivenFact, ...]
    fires: bool
    now: dt.datetime
    span: Span | None = attrs.field(default=None, repr=False)


@attrs.frozen(eq=False, repr=False)
class PatternRule:
    """A checked pattern rule: while facts match it, its one outcome is part of the decision that it is about.

    Attributes:
        match: the facts that it looks for, in written order; at most one of them is counted.
        absent: facts that must not be there.
        where: compares the matched facts with each other.
        within: the most time between the first and the last matched event.
        after: how long after the last matched event it fires, or a fact of a match that says when.
        keep: how long an event counts; None where it matches no events.
    """

    name: str
    pack: str
    match: tuple[Match, ...]
    about: About
    kind: Kind
    target: str | None
    severity: Severity
    deadline: Deadline
    priority: int
    message: Mapping[Lang, Template]
    where: Expr | None = None
    within: dt.timedelta | None = None
    after: dt.timedelta | FactRef | None = None
    absent: tuple[Match, ...] = ()
    keep: dt.timedelta | None = None
    source: tuple[str, ...] = ()
    valid_from: dt.date = dt.date.min
    valid_until: dt.date | None = None
    examples: tuple[PatternExample, ...] = ()
    place: int = 0
    span: Span | None = attrs.field(default=None, repr=False)

    def __repr__(self) -> str:
        return f"<PatternRule: {self.name} of {self.pack}>"

    def valid(self, as_of: dt.date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= as_of and (self.valid_until is None or as_of < self.valid_until)

    def conditions(self) -> Iterator[Expr]:
        """Every condition in it."""
        for each in (*self.match, *self.absent):
            yield from (expr for expr in (each.when, each.where) if expr is not None)
        if self.where is not None:
            yield self.where


def in_order(rule: Any) -> tuple[int, str, int]:
    """The place of a rule, of either kind, in the order of decisions."""
    return -rule.priority, rule.pack, rule.place
