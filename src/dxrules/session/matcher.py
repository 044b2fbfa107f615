"""Matches of pattern rules, kept up to date as facts come and go and as time passes.

It gives what `dxrules.matching` gives, without starting from scratch. Facts that are joined by equality are found by
durable-rules' hashed joins; what is to be counted, and what must be absent, by hashed indexes; `where` and `within`
are settled once for each match, since facts do not change. What changes is which facts are there, and the time: an
event leaves when its time is up, and what becomes due is found by a queue. So a step costs what is near the fact, not
what is held.
"""

from __future__ import annotations

import datetime as dt
import heapq
from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from dxrules.errors import EngineError
from dxrules.matching import Present
from dxrules.pattern import PatternRule
from dxrules.session.ages import Ages
from dxrules.session.found import NOT_NOW, Found, Outlook, Shown
from dxrules.session.joins import Joins, Matches
from dxrules.session.roles import RoleSet
from dxrules.session.rulestate import RuleState
from dxrules.values import Plain


class Matcher:
    """The matches of pattern rules that keep events for the same time, between two days on which rules change.

    Args:
        rules: the rules.
        parameters: the values of the parameters.
        now: the time.
        max_facts: how many facts it joins at most.
        max_matches: how many matches one fact may complete at once.
    """

    def __init__(
        self,
        rules: Sequence[PatternRule],
        parameters: Mapping[str, Plain],
        now: dt.datetime,
        *,
        max_facts: int,
        max_matches: int,
    ) -> None:
        self.keep = rules[0].keep
        self._now = now
        self.rules = [RuleState(number, rule, parameters, now.date()) for number, rule in enumerate(rules)]
        self._roles: dict[Present, RoleSet] = {}  # of the facts that are there
        self._joins = Joins(self.rules, self._roles, max_facts=max_facts, max_matches=max_matches)
        self._in: dict[Present, dict[Found, None]] = {}  # the matches of which a fact is one of the single facts
        self._counted_in: dict[Present, dict[Found, None]] = {}
        self._blocked_by: dict[Present, dict[tuple[Found, int], None]] = {}
        self._ages = None if self.keep is None else Ages(self.keep)
        self._timers: list[tuple[dt.datetime, int, Found]] = []
        self._numbers = count()
        self._before: dict[tuple[int, str], Shown | None] = {}

    def add(self, present: Present, roles: RoleSet | None, *, bounded: bool = True) -> None:
        """Put in a fact.

        Args:
            present: the fact.
            roles: those that it takes; None when it takes none, and is not put in.
            bounded: whether the limits apply.

        Raises:
            EngineError: it would make too many matches; nothing is changed.
        """
        if roles is None:
            return
        self._roles[present] = roles
        found: Matches = []
        if roles.joined:
            try:
                found = self._joins.add(present, roles, bounded=bounded)
            except EngineError:
                del self._roles[present]
                raise
        if self._ages is not None and present.at is not None:
            self._ages.add(present)
        for number in roles.counted:
            self._offer_to_count(self.rules[number], present)
        for number, place in roles.absent:
            self._offer_to_block(self.rules[number], place, present)
        for number in roles.alone:
            self._match(self.rules[number], (present,))
        for number, facts in found:
            self._match(self.rules[number], facts)

    def remove(self, present: Present) -> None:
        """Take out a fact; one that is not there is passed over."""
        roles = self._roles.pop(present, None)
        if roles is None:
            return
        if roles.joined:
            self._joins.remove(present, roles)
        if present in self._in:
            for found in list(self._in[present]):
                self._kill(found)
        if roles.counted or roles.absent:
            self._withdraw(present, roles)

    def _withdraw(self, present: Present, roles: RoleSet) -> None:
        """Take out a fact that may be counted or absent."""
        for number in roles.counted:
            rule = self.rules[number]
            key = rule.key_to_count(present)
            if key is not None:
                rule.countable.drop(key, present)
        for number, place in roles.absent:
            rule = self.rules[number]
            rule.absent[place].drop(rule.key_to_block(place, present), present)
        for found in self._counted_in.pop(present, ()):
            found.counted.remove(present)
            self._settle(found)
        for found, place in self._blocked_by.pop(present, ()):
            self._find_blocker(found, place)
            self._settle(found)

    def advance(self, now: dt.datetime) -> None:
        """Let time pass: what has expired leaves, what is due fires, and what was behind others takes their place."""
        self._now = now
        if self._ages is not None:
            for present in self._ages.expired(now):
                self.remove(present)
        while self._timers and self._timers[0][0] <= now:
            due, _, found = heapq.heappop(self._timers)
            if found.alive and found.timer == due:
                found.timer = None
                self._settle(found)
        while (matches := self._joins.come_back()) is not None:
            for number, facts in matches:
                self._match(self.rules[number], facts)

    def changes(self) -> Iterator[tuple[PatternRule, str, Shown | None, Shown | None]]:
        """What began or ended since this was last asked: the rule, the subject, and by what match it was and is on."""
        if not self._before:
            return
        before, self._before = self._before, {}
        for (number, subject), shown in before.items():
            rule = self.rules[number]
            now = rule.shown(subject)
            if (shown is None) is not (now is None):
                yield rule.pattern, subject, shown, now

    # Counted and absent facts that come

    def _offer_to_count(self, rule: RuleState, present: Present) -> None:
        key = rule.key_to_count(present)
        if key is None:
            return
        rule.countable.add(key, present)
        for found in rule.countable.matches(key):
            if self._count(found, present):
                self._settle(found)

    def _count(self, found: Found, present: Present) -> bool:
        if not found.rule.counts(found, present):
            return False
        insort(found.counted, present, key=lambda each: each.order)
        self._counted_in.setdefault(present, {})[found] = None
        return True

    def _offer_to_block(self, rule: RuleState, place: int, present: Present) -> None:
        key = rule.key_to_block(place, present)
        rule.absent[place].add(key, present)
        for found in rule.absent[place].matches(key):
            if found.blockers[place] is None and rule.blocks(found, place, present):
                self._set_blocker(found, place, present)
                self._settle(found)

    def _set_blocker(self, found: Found, place: int, present: Present | None) -> None:
        found.blockers[place] = present
        if present is not None:
            self._blocked_by.setdefault(present, {})[found, place] = None

    def _find_blocker(self, found: Found, place: int) -> None:
        candidates = found.rule.absent[place].facts(found.absent_keys[place])
        blocker = next((each for each in candidates if found.rule.blocks(found, place, each)), None)
        self._set_blocker(found, place, blocker)

    # Matches

    def _match(self, rule: RuleState, facts: tuple[Present, ...]) -> None:
        """A match of single facts: settle what hangs on them alone, and keep it if it may ever fire."""
        found = rule.match(facts)
        if found is None:
            return
        for present in facts:
            self._in.setdefault(present, {})[found] = None
        rule.enter(found)
        if rule.counted is not None:
            for present in rule.countable.facts(found.counted_key):
                self._count(found, present)
        found.blockers.extend([None] * len(rule.absent))
        for place in range(len(rule.absent)):
            self._find_blocker(found, place)
        self._settle(found)

    def _kill(self, found: Found) -> None:
        found.alive = False
        if found.order is not None:
            self._place(found, NOT_NOW)
        found.rule.leave(found)
        for present in found.facts:
            _discard(self._in, present, found)
        for present in found.counted:
            _discard(self._counted_in, present, found)
        for place, blocker in enumerate(found.blockers):
            if blocker is not None:
                _discard(self._blocked_by, blocker, (found, place))

    def _settle(self, found: Found) -> None:
        """Whether a match fires now; if only later, when to look again."""
        outlook = found.rule.outlook(found, self._now)
        due = outlook.due
        if due is not None and due < found.expires and found.timer != due:
            found.timer = due
            heapq.heappush(self._timers, (due, next(self._numbers), found))
        if outlook.order != found.order:
            self._place(found, outlook)

    def _place(self, found: Found, outlook: Outlook) -> None:
        key = found.rule.number, found.subject
        if key not in self._before:
            self._before[key] = found.rule.shown(found.subject)
        if found.order is not None:
            self._joins.stopped(*key)
        found.rule.firing.place(found, outlook)


def _discard(of: dict[Present, dict[Any, None]], present: Present, item: Any) -> None:
    held = of.get(present)
    if held is not None:
        held.pop(item, None)
        if not held:
            del of[present]
