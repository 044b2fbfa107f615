"""One pattern rule in a session: what of a match is settled by its facts, and what is looked up for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import cast

from dxrules.engines.rete.network import Join, Pattern, Slot
from dxrules.expression import Expr, FactRef
from dxrules.matching import MatchFacts, Present, later
from dxrules.pattern import Match, PatternRule
from dxrules.session.candidates import Candidates
from dxrules.session.conditions import Bound, Condition, Conditions, Pair
from dxrules.session.found import NOT_NOW, Firing, Found, Key, Outlook, Shown, key_of, value_of
from dxrules.values import Plain


class RuleState:
    """A pattern rule, with its matches and with the facts that may be counted or absent.

    A counted first match is looked for as its first fact, the anchor, beside which later ones are counted.

    Args:
        number: of the rule among those of its matcher.
        pattern: the rule.
        parameters: the values of the parameters.
        day: on which they hold.
    """

    def __init__(self, number: int, pattern: PatternRule, parameters: Mapping[str, Plain], day: dt.date) -> None:
        self.number = number
        self.pattern = pattern
        self.singles = [each for each in pattern.match if not each.counted or each.shared]
        self.places = {each.name: place for place, each in enumerate(self.singles)}
        self.counted = next((each for each in pattern.match if each.counted), None)
        self.anchored = self.counted is not None and bool(self.counted.shared)
        self.firing = Firing()
        self.countable = Candidates()
        self.absent = [Candidates() for _ in pattern.absent]
        self._parameters = parameters
        self._day = day
        self._conditions = Conditions(pattern, parameters, day)
        self._where = self._ready(pattern.where)
        self._counted_where = None if self.counted is None else self._ready(self.counted.where)
        self._absent_where = [self._ready(each.where) for each in pattern.absent]
        self._subjects = [self._subject_of(place) for place in range(len(self.singles))]
        self._more = 0 if self.counted is None else self.counted.at_least - self.anchored

    def _ready(self, where: Expr | None) -> Condition | None:
        return None if where is None else self._conditions.ready(where)

    # What the network is asked for

    def pattern_of_joins(self) -> Pattern | None:
        """The single facts and their joins; None when there is only one."""
        if len(self.singles) < 2:
            return None
        return Pattern(str(self.number), tuple(self._slot(match) for match in self.singles))

    def _slot(self, match: Match) -> Slot:
        by_place: dict[int, list[tuple[str, str]]] = {}
        for join in match.joined:
            pair = join.own.fact.name, join.theirs.fact.name
            by_place.setdefault(self.places[join.other], []).append(pair)
        return Slot(tuple(
            Join(tuple(own for own, _ in pairs), place, tuple(theirs for _, theirs in pairs))
            for place, pairs in by_place.items()
        ))  # fmt: skip

    def joined_by(self, place: int) -> list[FactRef]:
        """The facts by which the fact at a place is joined to others."""
        own = [join.own for join in self.singles[place].joined]
        name = self.singles[place].name
        return [*own, *(join.theirs for each in self.singles for join in each.joined if join.other == name)]

    def pair(self, place: int, other: int) -> Pair | None:
        """What the rule asks of the facts at two places beside their joins; None when that is nothing."""
        return self._conditions.pair(self.singles[place].name, self.singles[other].name)

    def behind(self, place: int, present: Present) -> str | None:
        """The subject about which a match fires that comes before all those that a fact at a place could make.

        None when there is none such, or not all that the fact could make are about one subject that the fact tells.
        """
        read = self._subjects[place]
        if read is None or present.at is None:
            return None
        subject = read(present)
        first = self.firing.first(subject) if isinstance(subject, str) else None
        if first is None or first.order is None or present.at <= first.order[0]:
            return None
        return first.subject

    def _subject_of(self, place: int) -> Callable[[Present], Hashable] | None:
        """How a fact at a place tells whom all its matches are about; None where it does not.

        It does where it is the fact that the rule is about, or joined to what names that.
        """
        if self.counted is not None or len(self.singles) != 2:
            return None
        about = self.pattern.about
        name = about.match
        theirs = about.ref.fact.path if about.ref is not None else _key_path(self.singles[self.places[name]])
        if name == self.singles[place].name:
            return (lambda present: present.key) if about.ref is None else key_of([about.ref])
        for join in self.singles[1].joined:
            if place == 1 and join.theirs.fact.path == theirs:
                return key_of([join.own])
            if place == 0 and join.own.fact.path == theirs:
                return key_of([join.theirs])
        return None

    # Matches

    def match(self, facts: tuple[Present, ...]) -> Found | None:
        """A match of single facts; None when it can never fire."""
        times = [each.at for each in facts if each.at is not None]
        first, last = min(times, default=None), max(times, default=None)
        within = self.pattern.within
        if within is not None and first is not None and last is not None and last - first > within:
            return None
        bound = self._bound(facts)
        subject = self._subject(facts)
        if subject is None or (self._where is not None and self._where(bound) is not True):
            return None
        moment = None
        if isinstance(self.pattern.after, FactRef):
            facts_of = MatchFacts(bound, self._parameters, self._day)
            moment = cast("dt.datetime | None", facts_of.read(self.pattern.after))
            if moment is None:
                return None
        counted_key = () if self.counted is None else self._counted_key(facts)
        if counted_key is None or (self.anchored and not self._may_count(facts[0], bound)):
            return None
        keep = self.pattern.keep
        expires = dt.datetime.max if first is None or keep is None else later(first, keep)
        absent_keys = tuple(self._their_key(match, facts) for match in self.pattern.absent)
        return Found(self, facts, first, last, subject, moment, expires, counted_key, absent_keys)

    def enter(self, found: Found) -> None:
        """Let facts that come find the match."""
        if self.counted is not None:
            self.countable.enter(found.counted_key, found)
        for candidates, key in zip(self.absent, found.absent_keys, strict=True):
            candidates.enter(key, found)

    def leave(self, found: Found) -> None:
        """The opposite of `enter`."""
        if self.counted is not None:
            self.countable.leave(found.counted_key, found)
        for candidates, key in zip(self.absent, found.absent_keys, strict=True):
            candidates.leave(key, found)

    def _bound(self, facts: tuple[Present, ...]) -> dict[str, Present]:
        """The single facts, each under its name."""
        return dict(zip(self.places, facts, strict=True))

    def _subject(self, facts: tuple[Present, ...]) -> str | None:
        about = self.pattern.about
        present = facts[self.places[about.match]]
        return present.key if about.ref is None else cast("str | None", present.facts.read(about.ref))

    def _their_key(self, match: Match, facts: tuple[Present, ...]) -> Key | None:
        """What a fact must have to be joined to these; None where a value of it is unknown."""
        return _known(tuple(value_of(facts[self.places[join.other]], join.theirs) for join in match.joined))

    # Counted facts

    def key_to_count(self, present: Present) -> Key | None:
        """What a fact is counted by; None when it cannot be."""
        assert self.counted is not None
        refs = self.counted.shared or tuple(join.own for join in self.counted.joined)
        return _known(tuple(value_of(present, ref) for ref in refs))

    def _counted_key(self, facts: tuple[Present, ...]) -> Key | None:
        assert self.counted is not None
        return self.key_to_count(facts[0]) if self.anchored else self._their_key(self.counted, facts)

    def counts(self, found: Found, present: Present) -> bool:
        """Whether a fact with the right key is counted in a match."""
        if present in found.facts or (self.anchored and present.order < found.facts[0].order):
            return False
        within = self.pattern.within
        if within is not None and present.at is not None and found.first is not None and found.last is not None:
            reach = max(found.last, present.at) - min(found.first, present.at)
            if reach > within:
                return False
        return self._may_count(present, self._bound(found.facts))

    def _may_count(self, present: Present, bound: Bound) -> bool:
        assert self.counted is not None
        if self._counted_where is None:
            return True
        return self._counted_where({**bound, self.counted.name: present}) is True

    def _run(self, found: Found) -> list[Present] | None:
        """The first facts that count together; None when they are too few, or too far apart."""
        within, more = self.pattern.within, self._more
        for start in range(len(found.counted) - more + 1):
            run = found.counted[start : start + more]
            times = [each for each in (found.first, found.last, run[0].at, run[-1].at) if each is not None]
            if within is None or max(times) - min(times) <= within:
                return run
        return None

    # Absent facts

    def key_to_block(self, place: int, present: Present) -> Key | None:
        """By what an absent fact is joined; None where a value of it is unknown."""
        return _known(tuple(value_of(present, join.own) for join in self.pattern.absent[place].joined))

    def blocks(self, found: Found, place: int, present: Present) -> bool:
        """Whether a fact that may be absent fact number `place` is there beside a match: it is not surely another."""
        if present in found.facts[self.anchored :]:
            return False
        match = self.pattern.absent[place]
        for join in match.joined:
            own = value_of(present, join.own)
            theirs = value_of(found.facts[self.places[join.other]], join.theirs)
            if own is not None and theirs is not None and own != theirs:
                return False
        where = self._absent_where[place]
        return where is None or where({**self._bound(found.facts), match.name: present}) is not False

    # When it fires, and what is shown

    def outlook(self, found: Found, now: dt.datetime) -> Outlook:
        """Whether a match fires now, or when it will."""
        if any(found.blockers):
            return NOT_NOW
        run = [] if self.counted is None else self._run(found)
        if run is None:
            return NOT_NOW
        completed = max((each for each in (found.last, *(each.at for each in run)) if each is not None), default=None)
        due = self._due(found, completed)
        if due is not None and due > now:
            return Outlook(due=due)
        facts = self._in_order(found, run)
        heads = tuple(each[0].order for each in facts)
        rest = tuple(one.order for each in facts for one in each[1:])
        return Outlook((completed or dt.datetime.min, heads, rest), tuple(run))

    def _due(self, found: Found, completed: dt.datetime | None) -> dt.datetime | None:
        if found.moment is not None:
            return found.moment
        if isinstance(self.pattern.after, dt.timedelta) and completed is not None:
            return later(completed, self.pattern.after)
        return None

    def _in_order(self, found: Found, run: Sequence[Present]) -> list[list[Present]]:
        """The facts of each match of the rule, in written order."""
        by_name = {match.name: [fact] for match, fact in zip(self.singles, found.facts, strict=True)}
        if self.counted is not None:
            by_name.setdefault(self.counted.name, []).extend(run)
        return [by_name[match.name] for match in self.pattern.match]

    def shown(self, subject: str) -> Shown | None:
        """The match by which the rule fires about a subject; None when it does not."""
        found = self.firing.first(subject)
        if found is None:
            return None
        facts = tuple(one.fact for each in self._in_order(found, found.run) for one in each)
        return Shown(self._bound(found.facts), facts)


def _key_path(match: Match) -> tuple[str, ...]:
    """The path of the key of a match's facts."""
    key = match.fact_type.key
    return () if key is None else key.path


def _known(values: tuple[Plain, ...]) -> Key | None:
    return None if any(each is None for each in values) else values
