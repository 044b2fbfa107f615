"""The places of rules that single facts take, and the joins between them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import attrs

from dxrules.expression import FactRef
from dxrules.matching import Present
from dxrules.session.conditions import Pair
from dxrules.session.found import key_of, value_of
from dxrules.session.rulestate import RuleState
from dxrules.session.waiting import Waiting


@attrs.define(eq=False)
class Side:
    """One side of a join: what its facts are joined by, those that wait or are joined, and what lies across.

    `may_go` says whether a fact of this side may go with one from across, and is None when any may.
    """

    place: Place
    key: Callable[[Present], Hashable]
    may_go: Pair | None
    facts: Waiting = attrs.field(factory=Waiting)
    across: Side = attrs.field(init=False)


@attrs.define(eq=False)
class Place:
    """A place of a rule: the sides of its joins, and by what else it is joined."""

    rule: int
    number: int
    refs: tuple[FactRef, ...]
    sides: list[Side] = attrs.field(factory=list)
    others: tuple[FactRef, ...] = ()  # those of `refs` that no side reads

    def keys(self, present: Present) -> Keys:
        """The values by which a fact joins, by side; none when one is unknown, which joins nothing."""
        if len(self.sides) == 1 and not self.others:  # nearly all
            key = self.sides[0].key(present)
            return () if key is None else ((self.sides[0], key),)
        keys = [(side, side.key(present)) for side in self.sides]
        known = all(key is not None for _, key in keys) and all(
            value_of(present, ref) is not None for ref in self.others
        )
        return keys if known else ()


Keys = Sequence[tuple[Side, Hashable]]


def places_of(rule: RuleState) -> list[Place]:
    """The places of a rule. A place and the one that it joins first have a join between them, with its two sides."""
    found = [Place(rule.number, place, tuple(rule.joined_by(place))) for place in range(len(rule.singles))]
    read: list[set[str]] = [set() for _ in found]
    for place, match in enumerate(rule.singles):
        if place:
            other = rule.places[match.joined[0].other]
            joins = [join for join in match.joined if rule.places[join.other] == other]
            own = Side(found[place], key_of([join.own for join in joins]), rule.pair(place, other))
            theirs = Side(found[other], key_of([join.theirs for join in joins]), rule.pair(other, place))
            own.across, theirs.across = theirs, own
            found[place].sides.append(own)
            found[other].sides.append(theirs)
            read[place].update(join.own.fact.name for join in joins)
            read[other].update(join.theirs.fact.name for join in joins)
    for each in found:
        each.others = tuple(ref for ref in each.refs if ref.fact.name not in read[each.number])
    return found
