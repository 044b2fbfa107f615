"""What a session holds, and the matchers that watch it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import attrs

from dxrules.errors import EngineError
from dxrules.matching import Present, later
from dxrules.outcome import Outcome
from dxrules.pattern import PatternRule
from dxrules.rulebook import Rulebook
from dxrules.schema import FactType
from dxrules.session.ages import Ages
from dxrules.session.decision import Matched, outcome_of
from dxrules.session.found import Shown
from dxrules.session.matcher import Matcher
from dxrules.session.roles import Roles, RoleSet
from dxrules.values import Plain

Key = tuple[str, str]
"""The name of a fact type, and the key of a fact."""


@attrs.frozen
class Limits:
    """How much a session holds at most, and how many matches one fact may complete at once."""

    facts: int
    matches: int


@attrs.frozen(eq=False)
class _Group:
    """The pattern rules that keep events for the same time."""

    keep: dt.timedelta | None
    rules: tuple[PatternRule, ...]
    roles: Roles


@attrs.frozen(eq=False)
class Taking:
    """As what an event is taken in: until when, and by group of rules in which roles now."""

    expires: dt.datetime
    roles: Sequence[RoleSet | None]


class Memory:
    """The facts of a session, and what pattern rules find in them.

    Between two days on which parameters or the validity of rules change, each group of pattern rules has a matcher.
    On such a day the matchers are made anew from the facts.
    """

    def __init__(self, rulebook: Rulebook, limits: Limits) -> None:
        self._rulebook = rulebook
        self._limits = limits
        self._groups = _groups(rulebook)
        self._cuts = sorted({day for group in self._groups for day in group.roles.cuts})
        self._matchers: list[Matcher] = []
        self._epoch = -1
        self._parameters: dict[str, Plain] = {}
        self._ages: dict[dt.timedelta, Ages] = {}  # by how long the events count
        self._before: dict[tuple[str, str], tuple[PatternRule, Shown]] | None = None
        self.held: dict[Key, Present] = {}
        self.now: dt.datetime | None = None
        self.whole = True  # whether a step that failed changed nothing

    def taking(self, present: Present, now: dt.datetime) -> Taking | None:
        """As what the groups of rules take an event in, and until when; None when none counts it now and reads it."""
        assert present.at is not None
        day = now.date()
        roles: list[RoleSet | None] = []
        last = None
        for group in self._groups:
            end = now if group.keep is None else later(present.at, group.keep)
            found = None
            if end > now:
                found = group.roles.of(present.fact, present.fact_type, day)
                read = found is not None or group.roles.later(present.fact, present.fact_type, day, end.date())
                if read and (last is None or end > last):
                    last = end
            roles.append(found)
        return None if last is None else Taking(last, roles)

    def reads(self, present: Present) -> bool:
        """Whether any rule would have read an event in time."""
        return present.at is not None and self.taking(present, present.at) is not None

    def is_full(self, now: dt.datetime) -> bool:
        """Whether no more facts can be held, also after what expires until a time has left."""
        return len(self.held) >= self._limits.facts and not any(each.any_expired(now) for each in self._ages.values())

    # What changes

    def step(
        self, now: dt.datetime, *, add: Present | None = None, taking: Taking | None = None, drop: Present | None = None
    ) -> None:
        """Let the matchers have a fact, take one from them, and let time pass for them.

        Args:
            now: the time.
            add: a fact to come.
            taking: what `taking` found of it, if it was asked.
            drop: a fact to go.

        Raises:
            EngineError: the fact would make too many matches; `whole` says whether nothing is changed.
        """
        self.whole = bisect_right(self._cuts, now.date()) == self._epoch
        if not self.whole:
            self._build(now, add=add, drop=drop)
            self.whole = True
            return
        if drop is not None:
            self._forget(drop)
        if add is not None:
            try:
                self._watch(add, now, taking)
            except EngineError:
                if drop is not None:
                    self._watch(drop, now, bounded=False)
                raise
        self.whole = False  # what fails from here on is not taken back
        for matcher in self._matchers:
            matcher.advance(now)
        self.whole = True

    def _watch(self, present: Present, now: dt.datetime, taking: Taking | None = None, *, bounded: bool = True) -> None:
        """Let the matchers have a fact. One that was there before is not `bounded`: it may have come before others."""
        day = now.date()
        done: list[Matcher] = []
        try:
            for place, matcher in enumerate(self._matchers):
                if taking is None:
                    roles = self._groups[place].roles.of(present.fact, present.fact_type, day)
                else:
                    roles = taking.roles[place]
                matcher.add(present, roles, bounded=bounded)
                done.append(matcher)
        except EngineError:
            for matcher in done:
                matcher.remove(present)
            raise

    def _forget(self, present: Present) -> None:
        for matcher in self._matchers:
            matcher.remove(present)

    def hold(self, present: Present, expires: dt.datetime | None) -> None:
        """Hold a fact from now on, an event until it expires."""
        self.held[present.name] = present
        if expires is not None and present.at is not None:
            # What expires at the last of all moments may have no such length: those have a queue together.
            keep = dt.timedelta.max if expires == dt.datetime.max else expires - present.at
            ages = self._ages.get(keep)
            if ages is None:
                ages = self._ages[keep] = Ages(keep)
            ages.add(present)

    def expire(self, now: dt.datetime) -> None:
        """Let time pass for what is held."""
        self.now = now
        for ages in self._ages.values():
            for present in ages.expired(now):
                self.held.pop(present.name, None)

    def rebuild(self, *, bounded: bool = False) -> None:
        """Make the matchers anew: a call was interrupted, or the facts come from a file.

        Args:
            bounded: whether the limits of matches apply: to facts that were not held by these rules.

        Raises:
            EngineError: there would be too many matches.
        """
        self._before = None
        self._matchers = []
        if self.now is not None:
            self._build(self.now, bounded=bounded)
        self.changes()  # nothing began: it was so before

    def _build(
        self, now: dt.datetime, *, add: Present | None = None, drop: Present | None = None, bounded: bool = True
    ) -> None:
        """Make the matchers anew as of a time, for the facts that are held, with another and without one."""
        self._before = {(rule.name, subject): (rule, shown) for rule, subject, shown in self._all_shown()}
        self._epoch = bisect_right(self._cuts, now.date())
        self._parameters = {name: each.at(now.date()) for name, each in self._rulebook.parameters.items()}
        self._matchers = [
            Matcher(
                group.rules,
                self._parameters,
                now,
                max_facts=self._limits.facts,
                max_matches=self._limits.matches,
            )
            for group in self._groups
        ]
        for present in self.held.values():
            if present is not drop:
                self._watch(present, now, bounded=bounded)
        if add is not None:
            self._watch(add, now)
        for matcher in self._matchers:
            matcher.advance(now)

    def changes(self) -> list[tuple[PatternRule, str, Shown | None, Shown | None]]:
        """What pattern rules began or ended since this was last asked: by what match each was, and is, on."""
        found = [each for matcher in self._matchers for each in matcher.changes()]
        before, self._before = self._before, None
        if before is None:
            return found
        after = {(rule.name, subject): (rule, shown) for rule, subject, shown in self._all_shown()}
        ended = [(rule, name[1], shown, None) for name, (rule, shown) in before.items() if name not in after]
        began = [(rule, name[1], None, shown) for name, (rule, shown) in after.items() if name not in before]
        return [*ended, *began]

    def _all_shown(self) -> Iterator[tuple[PatternRule, str, Shown]]:
        for matcher in self._matchers:
            for rule in matcher.rules:
                for subject in rule.firing.subjects():
                    shown = rule.shown(subject)
                    assert shown is not None
                    yield rule.pattern, subject, shown

    # What is found

    def about(self, fact_type: FactType, key: str) -> list[Matched]:
        """What pattern rules find about a fact."""
        found: list[Matched] = []
        for matcher in self._matchers:
            for rule in matcher.rules:
                shown = rule.shown(key) if rule.pattern.about.fact_type is fact_type else None
                if shown is not None:
                    found.append(Matched(self.outcome(rule.pattern, shown), shown.facts, rule.pattern, shown))
        return found

    def outcome(self, rule: PatternRule, shown: Shown) -> Outcome:
        """The outcome of a rule that fires by a match."""
        assert self.now is not None
        return outcome_of(rule, shown, self._parameters, self.now.date())


def _groups(rulebook: Rulebook) -> list[_Group]:
    """The groups of a rulebook, made once."""
    found: list[_Group] | None = rulebook.cache.get("groups of patterns")
    if found is None:
        found = []
        for keep in dict.fromkeys(rule.keep for rule in rulebook.patterns):
            rules = tuple(rule for rule in rulebook.patterns if rule.keep == keep)
            found.append(_Group(keep, rules, Roles(rules, rulebook)))
        rulebook.cache["groups of patterns"] = found
    return found
