"""What there is to index: every conjunction with its bit, and every term with its table, by the fact that it is on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.engines.compiled.coarse import ORDERED, CoarseFact
from dxrules.engines.compiled.conjunctions import Conjunction, alternatives
from dxrules.engines.compiled.index import MAX_CUTS, TermIndex, fewer_cuts, index_term
from dxrules.engines.compiled.normal import Formula, Term, Test, Whole
from dxrules.schema import Fact

_RARE = 64  # a joint term that fewer than one conjunction in so many tests is verified, not indexed


@attrs.define(eq=False)
class Place:
    """A fact or group to be read: what is inside it, and the terms that it alone decides."""

    fact: Fact
    inside: dict[str, Place] = attrs.field(factory=dict)
    terms: list[TermIndex] = attrs.field(factory=list)

    def touched(self, everything: int) -> int:
        """The conjunctions that the fact, or one inside the group, has a part in."""
        mine = 0
        for index in self.terms:
            masks = index.known.values() if isinstance(index.known, dict) else index.known
            for mask in (*masks, index.other, index.unknown):
                mine |= everything & ~mask
            mine |= index.waiting
        for inner in self.inside.values():
            mine |= inner.touched(everything)
        return mine

    def holds(self, names: set[str]) -> bool:
        """Whether it, or a fact inside it, is among those named."""
        return self.fact.name in names or any(inner.holds(names) for inner in self.inside.values())

    @property
    def own(self) -> bool:
        """Whether all that is asked of it is its own value."""
        return bool(self.terms) and all(index.term.is_fact for index in self.terms)

    @property
    def few(self) -> bool:
        """Whether it has few values, and all that is asked of it is which."""
        return len(self.terms) == 1 and self.own and self.fact.type.kind in ("bool", "enum")

    @property
    def values(self) -> list[Any]:
        """Those few values."""
        known = self.terms[0].known
        assert isinstance(known, dict)
        return sorted(known)


@attrs.define(eq=False)
class Assembly:
    """The conjunctions and terms of an epoch.

    Attributes:
        count: how many rules there are; each has the bit of its place, more alternatives of rules have bits behind.
        top: what is to be read; its `inside` are the facts of the class.
        everything: the mask of all conjunctions.
        opened: of those that can never be surely true.
        owner: for each bit behind the rules, the place of its rule.
        joint: the terms of several facts, and those that may be unknown though their facts are known.
        pinned: the facts to look at whatever the others are; that they are what they should be counts.
        coarse: the facts whose tables let more through than they should.
        verified: for the bit of each conjunction that neither these nor the tables wholly decide: the tests that are
            left.
    """

    count: int
    top: Place
    everything: int = 0
    opened: int = 0
    owner: list[int] = attrs.field(factory=list)
    joint: list[TermIndex] = attrs.field(factory=list)
    pinned: set[str] = attrs.field(factory=set)
    coarse: list[CoarseFact] = attrs.field(factory=list)
    verified: dict[int, list[Test]] = attrs.field(factory=dict)

    @property
    def late(self) -> set[str]:
        """The facts that are needed again after they were looked at."""
        terms = [index.term for index in self.joint]
        terms += [test.term for tests in self.verified.values() for test in tests]
        return {ref.fact.name for term in terms for ref in term.refs}


def assemble(formulas: list[Formula], reads: list[dict[str, ex.FactRef]], pinned: Iterable[str] = ()) -> Assembly:
    """Index the formulas of rules, in their order.

    Args:
        formulas: what must hold for each rule.
        reads: the facts that each rule reads as it is written.
        pinned: facts to look at whatever the others are.
    """
    made = Assembly(len(formulas), _tree(ref for refs in reads for ref in refs.values()))
    found = list(_conjunctions(formulas, made.owner))
    made.pinned = _pinned(found, made, reads).union(pinned)
    uses: dict[Term, int] = {}
    for _, conjunction in found:
        for test in conjunction.tests:
            uses[test.term] = uses.get(test.term, 0) + 1
    by_term: dict[Term, list[tuple[int, Test]]] = {}
    for bit, conjunction in found:
        made.everything |= bit
        if conjunction.open:
            made.opened |= bit
        indexed = [test for test in conjunction.tests if not _rare(test.term, uses, len(found))] or conjunction.tests
        for test in conjunction.tests:
            if test in indexed:
                by_term.setdefault(test.term, []).append((bit, test))
            else:
                made.verified.setdefault(bit, []).append(test)
    for term, tests in by_term.items():
        index = _index(term, tests, made)
        if len(term.refs) == 1 and not isinstance(term.expr, Whole) and not term.floats:
            _place_of(made.top, term.refs[0]).terms.append(index)
        else:
            made.joint.append(index)
    return made


def _index(term: Term, tests: list[tuple[int, Test]], made: Assembly) -> TermIndex:
    """The index of a term; what it does not wholly decide is noted."""
    if term.is_fact and term.kind in ORDERED:
        index = index_term(term, tests, made.everything, fewer_cuts(made.everything))
        if index.coarse:
            made.coarse.append(CoarseFact.of(term.refs[0].fact, index, tests))
        return index
    index = index_term(term, tests, made.everything, MAX_CUTS)
    for bit, test in tests if index.coarse else ():
        if index.coarse & bit:
            made.verified.setdefault(bit, []).append(test)
    return index


def _conjunctions(formulas: list[Formula], owner: list[int]) -> Iterator[tuple[int, Conjunction]]:
    """Each conjunction with its bit: a rule's first has the rule's own, the others come behind all rules."""
    for place, formula in enumerate(formulas):
        for number, conjunction in enumerate(alternatives(formula)):
            if number == 0:
                yield 1 << place, conjunction
            else:
                yield 1 << (len(formulas) + len(owner)), conjunction
                owner.append(place)


def _pinned(found: list[tuple[int, Conjunction]], made: Assembly, reads: list[dict[str, ex.FactRef]]) -> set[str]:
    """The facts that a rule reads but none of its conjunctions tests."""
    left = [set(refs) for refs in reads]
    for bit, conjunction in found:
        place = bit.bit_length() - 1
        rule = place if place < made.count else made.owner[place - made.count]
        left[rule] -= {ref.fact.name for test in conjunction.tests for ref in test.term.refs}
    return set().union(*left)


def _rare(term: Term, uses: dict[Term, int], total: int) -> bool:
    joint = len(term.refs) > 1 or isinstance(term.expr, Whole)
    return joint and uses[term] * _RARE < total


def _tree(refs: Iterable[ex.FactRef]) -> Place:
    root = Place(Fact((), None, False, False))  # type: ignore[arg-type]  # stands for the class itself
    for ref in refs:
        place = root
        for step in (*ref.groups, ref.fact):
            place = place.inside.setdefault(step.path[-1], Place(step))
    return root


def _place_of(root: Place, ref: ex.FactRef) -> Place:
    place = root
    for step in (*ref.groups, ref.fact):
        place = place.inside[step.path[-1]]
    return place
