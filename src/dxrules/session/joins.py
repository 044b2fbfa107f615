"""Facts joined by equality: durable-rules' network, and before it a room in which facts wait for a partner.

A fact in the network takes some 9 KB, and most never join anything: of ten thousand calls one is on a card that was
reported lost. So a fact waits outside until, for each of its joins, there is some fact on the other side with the same
value. Without one it can be part of no match; with one the network says of which.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import attrs

from dxrules.engines.rete.network import Network
from dxrules.errors import EngineError
from dxrules.expression import FactRef
from dxrules.matching import Present
from dxrules.session.found import Key, value_of
from dxrules.session.rulestate import RuleState

Matches = list[tuple[int, tuple[Present, ...]]]
"""Single facts that go together, in the order of their places, each with the number of the rule."""


@attrs.frozen(eq=False)
class _Side:
    """One side of a join: the facts that may take its place, by the values by which they join."""

    refs: tuple[FactRef, ...]
    facts: dict[Key, dict[Present, None]] = attrs.field(factory=dict)

    def key(self, present: Present) -> Key:
        """The values of a fact."""
        return tuple([value_of(present, ref) for ref in self.refs])


@attrs.frozen(eq=False)
class _Place:
    """A place of a rule: what it is joined by, the sides of its joins, and those across."""

    refs: tuple[FactRef, ...]
    sides: tuple[tuple[_Side, _Side], ...]


class Joins:
    """The single facts of rules that have several.

    Args:
        rules: the rules.
        max_facts: how many facts are joined at most.
        max_matches: how many matches one fact may complete at once.
    """

    def __init__(self, rules: Sequence[RuleState], *, max_facts: int, max_matches: int) -> None:
        patterns = {rule.number: pattern for rule in rules if (pattern := rule.pattern_of_joins()) is not None}
        self._max_matches = max_matches
        self._network = Network(patterns.values(), max_facts=max_facts, max_matches=max_matches) if patterns else None
        self._places = {
            (rule.number, place): found
            for rule in rules
            if rule.number in patterns
            for place, found in enumerate(_places(rule))
        }
        self._taken: dict[Present, tuple[tuple[int, int], ...]] = {}
        self._shared: dict[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = {}
        self._joined: dict[Present, dict[int, None]] = {}  # those in the network, with the numbers of rules

    def joins(self, number: int, place: int) -> bool:
        """Whether a place of a rule is joined to others."""
        return (number, place) in self._places

    def add(self, present: Present, places: list[tuple[int, int]]) -> Matches:
        """Let a fact take places, each of a rule.

        Raises:
            EngineError: it would make too many matches; nothing is changed.
        """
        sound = tuple(each for each in places if self._is_known(present, self._places[each]))
        if not sound:
            return []
        self._taken[present] = self._shared.setdefault(sound, sound)
        coming: dict[tuple[int, Present], None] = {}
        for place in sound:
            self._enter(present, place, coming)
        coming.update({(rule, present): None for rule, place in sound if self._has_partners(present, rule, place)})
        found: Matches = []
        try:
            for number, each in coming:
                found += self._join(number, each)
        except EngineError as error:
            for number, each in coming:
                self._part(number, each)
            self._leave(present)
            raise EngineError(
                f"the {present.fact_type.name} `{present.key}` would make more matches than `max_matches`, which is "
                f"{self._max_matches}, or more facts to be joined than `max_facts`: let rules join by more facts"
            ) from error
        return found

    def remove(self, present: Present) -> None:
        """Take a fact from its places."""
        if present in self._taken:
            for number in list(self._joined.get(present, ())):
                self._part(number, present)
            self._leave(present)

    # The room

    def _is_known(self, present: Present, place: _Place) -> bool:
        return all(value_of(present, ref) is not None for ref in place.refs)

    def _enter(self, present: Present, place: tuple[int, int], coming: dict[tuple[int, Present], None]) -> None:
        """Put a fact in its place, and note those that waited for it."""
        for own, across in self._places[place].sides:
            key = own.key(present)
            held = own.facts.get(key)
            if held is not None:
                held[present] = None
                continue
            own.facts[key] = {present: None}
            for other in across.facts.get(key, ()):
                if self._may_join(other, place[0]):
                    coming[place[0], other] = None

    def _leave(self, present: Present) -> None:
        for place in self._taken.pop(present):
            for own, _ in self._places[place].sides:
                key = own.key(present)
                held = own.facts[key]
                del held[present]
                if not held:
                    del own.facts[key]

    def _may_join(self, present: Present, number: int) -> bool:
        """Whether a fact that waits has partners now."""
        if number in self._joined.get(present, ()):
            return False
        return any(rule == number and self._has_partners(present, rule, place) for rule, place in self._taken[present])

    def _has_partners(self, present: Present, number: int, place: int) -> bool:
        return all(own.key(present) in across.facts for own, across in self._places[number, place].sides)

    # The network

    def _join(self, number: int, present: Present) -> Matches:
        assert self._network is not None
        places = [place for rule, place in self._taken[present] if rule == number]
        values: dict[str, Any] = {}
        for place in places:
            for ref in self._places[number, place].refs:
                values[ref.fact.name] = value_of(present, ref)
        matches = self._network.put((number, present), [(str(number), place) for place in places], values)
        self._joined.setdefault(present, {})[number] = None
        return [(number, tuple(fact for _, fact in cast("tuple[Any, ...]", each.ids))) for each in matches]

    def _part(self, number: int, present: Present) -> None:
        assert self._network is not None
        if self._network.take((number, present)):
            joined = self._joined[present]
            del joined[number]
            if not joined:
                del self._joined[present]


def _places(rule: RuleState) -> list[_Place]:
    """The places of a rule. A place and the one that it joins first have a join between them, with its two sides."""
    sides: list[list[tuple[_Side, _Side]]] = [[] for _ in rule.singles]
    for place, match in enumerate(rule.singles):
        if place:
            other = rule.places[match.joined[0].other]
            joins = [join for join in match.joined if rule.places[join.other] == other]
            own, theirs = _Side(tuple(join.own for join in joins)), _Side(tuple(join.theirs for join in joins))
            sides[place].append((own, theirs))
            sides[other].append((theirs, own))
    return [_Place(tuple(rule.joined_by(place)), tuple(each)) for place, each in enumerate(sides)]
