"""Facts joined by equality: durable-rules' network, and before it a room in which facts wait for a partner.

A fact in the network takes some 9 KB and 100 us, and most never match anything: of ten thousand calls one is on a card
that was reported lost, and half of those were made before. So a fact waits outside until, for each of its joins, there
is some fact on the other side with the same value, beside which `where` and `within` may hold. Without one it can be
part of no match; with one the network says of which.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any, cast

from dxrules.engines.rete.network import Network
from dxrules.errors import EngineError
from dxrules.matching import Present
from dxrules.session.backups import Backups
from dxrules.session.found import value_of
from dxrules.session.places import Keys, Place, Side, places_of
from dxrules.session.roles import RoleSet
from dxrules.session.rulestate import RuleState
from dxrules.session.waiting import Waiting

_TOGETHER = 50  # facts that leave the network at once; until then each keeps its 9 KB

Matches = list[tuple[int, tuple[Present, ...]]]
"""Single facts that go together, in the order of their places, each with the number of the rule."""


class Joins:
    """The single facts of rules that have several.

    Args:
        rules: the rules.
        roles: those of each fact that is there; kept by the caller.
        max_facts: how many facts are joined at most.
        max_matches: how many matches one fact may complete at once.
    """

    def __init__(
        self, rules: Sequence[RuleState], roles: Mapping[Present, RoleSet], *, max_facts: int, max_matches: int
    ) -> None:
        patterns = {rule.number: pattern for rule in rules if (pattern := rule.pattern_of_joins()) is not None}
        self._rules = rules
        self._roles = roles
        self._max_facts = max_facts
        self._max_matches = max_matches
        self._network = Network(patterns.values(), max_facts=max_facts, max_matches=max_matches) if patterns else None
        self._places = {
            (rule.number, place.number): place for rule in rules if rule.number in patterns for place in places_of(rule)
        }
        self._taken: dict[RoleSet, list[Place]] = {}
        self._sides: dict[RoleSet, list[tuple[Callable[[Present], Hashable], Waiting]]] = {}
        self._joined: dict[Present, dict[int, None]] = {}  # those in the network, with the numbers of rules
        self._backups = Backups()
        self._leaving: dict[tuple[int, Present], None] = {}  # those in the network that are not there any more

    def add(self, present: Present, roles: RoleSet, *, bounded: bool = True) -> Matches:
        """Let a fact take its places.

        Args:
            present: the fact.
            roles: those that it takes.
            bounded: whether the limits apply.

        Raises:
            EngineError: it would make too many matches; nothing is changed.
        """
        coming: dict[tuple[int, Present], None] = {}
        ready = [place for place in self._places_of(roles) if self._enter(present, place, coming)]
        # It comes after those that waited for it, so that it makes all their matches, whose number is limited.
        coming.update({(place.rule, present): None for place in ready})
        return self._come(present, roles, coming, bounded=bounded) if coming else []

    def stopped(self, number: int, subject: str) -> None:
        """Note that a match of a rule about a subject fires no longer: what was behind it counts now."""
        self._backups.stopped((number, subject))

    def come_back(self) -> Matches | None:
        """Join an event that is behind no match any more, and give its matches; None when there is none such.

        There is no limit to it: that was looked at when the event came.
        """
        due = self._backups.due()
        if due is None:
            return None
        (number, subject), present = due
        (place,) = self._in_rule(number, present)
        keys = place.keys(present)
        if not any(side.across.facts.held(key) for side, key in keys):
            self._backups.drop(number, present)  # with the match its partners left
            return []
        if self._rules[number].behind(place.number, present) == subject:
            self._backups.settled((number, subject))
            return []
        self._backups.drop(number, present)
        coming: dict[tuple[int, Present], None] = {}
        if self._meet(present, keys, coming):
            coming[number, present] = None
        return [match for one, each in coming for match in self._join(one, each, bounded=False)]

    def remove(self, present: Present, roles: RoleSet) -> None:
        """Take a fact from its places."""
        if present in self._backups.subjects:
            self._backups.leave(present)
        if present in self._joined:
            for number in self._joined.pop(present):
                self._leaving[number, present] = None
            if len(self._leaving) >= _TOGETHER:
                self._let_leave()
        for key, waiting in self._sides.get(roles) or self._sides_of(roles):
            waiting.drop(key(present), present)

    def _places_of(self, roles: RoleSet) -> list[Place]:
        found = self._taken.get(roles)
        if found is None:
            found = self._taken[roles] = [self._places[each] for each in roles.joined]
        return found

    def _sides_of(self, roles: RoleSet) -> list[tuple[Callable[[Present], Hashable], Waiting]]:
        """What a fact of these roles is known by at each side, and where: every event leaves, so this is short."""
        sides = [side for place in self._places_of(roles) for side in place.sides]
        found = self._sides[roles] = [(side.key, side.facts) for side in sides]
        return found

    # The room

    def _in_rule(self, number: int, present: Present) -> list[Place]:
        """The places of a rule that a fact takes."""
        return [place for place in self._places_of(self._roles[present]) if place.rule == number]

    def _enter(self, present: Present, place: Place, coming: dict[tuple[int, Present], None]) -> bool:
        """Put a fact in a place; note those that waited for it; and say whether it is to be joined now itself."""
        keys = place.keys(present)
        met = False
        for side, key in keys:
            side.facts.add(key, present)
            met = met or bool(side.across.facts.held(key))
        if not met:
            return False
        subject = self._rules[place.rule].behind(place.number, present)
        if subject is not None and len(self._in_rule(place.rule, present)) == 1 and self._may_wait(keys):
            self._backups.add((place.rule, subject), present)
            return False
        return self._meet(present, keys, coming)

    def _may_wait(self, keys: Keys) -> bool:
        """Whether a fact is within the limits: joined now, it would be no error."""
        small = all(len(side.across.facts.held(key)) <= self._max_matches for side, key in keys)
        return small and not self._is_full()

    def _meet(self, present: Present, keys: Keys, coming: dict[tuple[int, Present], None]) -> bool:
        """Note those that waited for a fact, and say whether it has partners itself."""
        ready = bool(keys)
        for side, key in keys:
            partners = self._partners(present, side, side.across.facts.held(key))
            self._wake(side.across, partners, coming)
            ready = ready and bool(partners)
        return ready

    def _partners(self, present: Present, side: Side, across: Collection[Present]) -> list[Present]:
        """Those of some facts beside which a fact may be in a match; too many are not looked at one by one."""
        may_go = side.may_go if len(across) <= self._max_matches else None
        return [each for each in across if each is not present and (may_go is None or may_go(present, each))]

    def _wake(self, side: Side, partners: Sequence[Present], coming: dict[tuple[int, Present], None]) -> None:
        """Of facts that have a partner now at one side, note those that waited and have some at the others.

        Those that are behind a match come back by themselves.
        """
        rule = side.place.rule
        for each in partners:
            if rule in self._joined.get(each, ()) or self._backups.has(rule, each):
                continue
            if all(other is side or other.across.facts.held(other.key(each)) for other in side.place.sides):
                coming[rule, each] = None

    # The network

    def _come(
        self, present: Present, roles: RoleSet, coming: dict[tuple[int, Present], None], *, bounded: bool
    ) -> Matches:
        """Join facts that have partners."""
        found: Matches = []
        try:
            for number, each in coming:
                found += self._join(number, each, bounded=bounded)
        except EngineError as error:
            for number, each in coming:
                self._part(number, each)
            self.remove(present, roles)
            raise EngineError(
                f"the {present.fact_type.name} `{present.key}` would make more matches than `max_matches`, which is "
                f"{self._max_matches}, or more facts to be joined than `max_facts`: let rules join by more facts"
            ) from error
        return found

    def _join(self, number: int, present: Present, *, bounded: bool = True) -> Matches:
        assert self._network is not None
        places = self._in_rule(number, present)
        values: dict[str, Any] = {ref.fact.name: value_of(present, ref) for place in places for ref in place.refs}
        slots = [(str(number), place.number) for place in places]
        if (number, present) in self._leaving or (bounded and self._is_full()):
            self._let_leave()
        if bounded and self._is_full():
            raise EngineError("too many facts are joined")
        try:
            matches = self._network.put((number, present), slots, values, bounded=bounded)
        except EngineError:
            if not self._leaving:
                raise
            self._let_leave()  # they counted
            matches = self._network.put((number, present), slots, values, bounded=bounded)
        self._joined.setdefault(present, {})[number] = None
        found = [tuple([fact for _, fact in cast("tuple[Any, ...]", each.ids)]) for each in matches]
        return [(number, facts) for facts in found if all(fact in self._roles for fact in facts)]

    def _is_full(self) -> bool:
        assert self._network is not None
        return len(self._network) + len(self._backups) >= self._max_facts

    def _let_leave(self) -> None:
        """Take out of the network, together, the facts that left: each alone would cost three times as much."""
        assert self._network is not None
        self._network.take_all(self._leaving)
        self._leaving.clear()

    def _part(self, number: int, present: Present) -> None:
        """Take a fact out of the network at once, if it is in."""
        assert self._network is not None
        if self._network.take((number, present)):
            joined = self._joined[present]
            del joined[number]
            if not joined:
                del self._joined[present]
