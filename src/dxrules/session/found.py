"""Matches that a session knows of, and in what order they fire."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

from dxrules.expression import FactRef
from dxrules.matching import Present
from dxrules.values import Plain

if TYPE_CHECKING:
    from dxrules.session.rulestate import RuleState

Key = tuple[Any, ...]
"""The values by which facts are joined."""


_AS_THEY_ARE: Mapping[str, type] = {"text": str, "bool": bool, "int": int, "date": dt.date, "datetime": dt.datetime}


def value_of(present: Present, ref: FactRef) -> Plain:
    """The plain value of a fact that was checked; most are texts and times, which need no second look."""
    if not ref.groups:
        found: Plain = getattr(present.fact, ref.fact.path[0])
        if found is None or type(found) is _AS_THEY_ARE.get(ref.fact.type.kind):
            return found
    return present.facts.read(ref)


def key_of(refs: Sequence[FactRef]) -> Callable[[Present], Hashable]:
    """Reads the values of some facts as one key; None when one of them is unknown.

    The key of one value is the value itself.
    """
    if any(ref.groups for ref in refs) or not refs:
        return lambda present: _key([value_of(present, ref) for ref in refs])
    get: Callable[[Any], Any] = attrgetter(*[ref.fact.path[0] for ref in refs])
    if len(refs) == 1:

        def one(present: Present) -> Hashable:
            found = get(present.fact)
            return found if type(found) is str else value_of(present, refs[0])

        return one

    def several(present: Present) -> Hashable:
        found: tuple[Any, ...] = get(present.fact)
        for each in found:
            if type(each) is not str:
                return _key([value_of(present, ref) for ref in refs])
        return found

    return several


def _key(values: list[Plain]) -> Hashable:
    if None in values:
        return None
    return values[0] if len(values) == 1 else tuple(values)


@attrs.define(eq=False)
class Found:
    """A match of the single facts of a rule. Whether it fires hangs on those that are counted, absent, and due.

    Attributes:
        rule: the rule.
        facts: the single facts, by place.
        first: when the first event among them happened; None when there is none.
        last: when the last did.
        subject: the key of the fact that the outcome is about.
        moment: when it fires, if a fact of the match says so.
        expires: when the first of its events counts no more.
        counted_key: by what counted facts are joined to it.
        absent_keys: by what each absent fact is; None where a value of it is unknown.
        counted: the facts that count, earliest first.
        blockers: for each absent fact of the rule one that is there, or None.
        order: its place among the matches that fire now; None when it does not.
        run: the counted facts with which it fires.
        timer: when it will be looked at again.
        alive: whether all its facts are there.
    """

    rule: RuleState
    facts: tuple[Present, ...]
    first: dt.datetime | None
    last: dt.datetime | None
    subject: str
    moment: dt.datetime | None
    expires: dt.datetime
    counted_key: Key = ()
    absent_keys: tuple[Key | None, ...] = ()
    counted: list[Present] = attrs.field(factory=list)
    blockers: list[Present | None] = attrs.field(factory=list)
    order: Key | None = None
    run: tuple[Present, ...] = ()
    timer: dt.datetime | None = None
    alive: bool = True


@attrs.frozen(eq=False)
class Outlook:
    """Of a match that fires: its place in their order, and the counted facts. Of one that will: when it is due."""

    order: Key | None = None
    run: tuple[Present, ...] = ()
    due: dt.datetime | None = None


NOT_NOW = Outlook()


@attrs.frozen(eq=False)
class Shown:
    """The match by which an outcome is explained: one fact for each name, and all facts in the order of the rule."""

    bound: Mapping[str, Present]
    facts: tuple[Any, ...]


class Firing:
    """For each subject of a rule, its matches that fire now, in order."""

    def __init__(self) -> None:
        self._of: dict[str, list[tuple[Key, int, Found]]] = {}

    def place(self, found: Found, outlook: Outlook) -> None:
        """Enter a match in its order, or take it out."""
        if found.order is not None:
            entries = self._of[found.subject]
            del entries[bisect_left(entries, (found.order, id(found)))]
            if not entries:
                del self._of[found.subject]
        found.order, found.run = outlook.order, outlook.run
        if found.order is not None:
            insort(self._of.setdefault(found.subject, []), (found.order, id(found), found))

    def first(self, subject: str) -> Found | None:
        """The first match of a subject."""
        entries = self._of.get(subject)
        return None if entries is None else entries[0][2]

    def subjects(self) -> list[str]:
        """The subjects with a match."""
        return list(self._of)
