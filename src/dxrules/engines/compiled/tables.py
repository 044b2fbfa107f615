"""Tables that generated code looks things up in, and the few steps that it leaves to ordinary functions."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from dxrules import expression as ex
from dxrules.codes import places
from dxrules.engines.compiled.index import TermIndex
from dxrules.engines.compiled.normal import Formula, whole
from dxrules.engines.compiled.writer import Writer
from dxrules.schema import Fact

_KEPT = 4_096  # entries that a table which fills itself remembers

Verify = Callable[[Any, dt.date], bool | None]


class SetTable(dict[frozenset[str], int]):
    """From the value of a set-valued fact to a mask: all tests on its members and its size at once.

    What was asked for is kept, within bounds; a set of other things than members is refused with a KeyError.
    """

    HANDLED = (ex.Contains, ex.Len, ex.FactRef)  # the terms that a table takes

    def __init__(self, fact: Fact, terms: Sequence[TermIndex], everything: int) -> None:
        super().__init__()
        self._members = frozenset(fact.type.members)
        self._terms = terms
        self._everything = everything

    def __missing__(self, value: frozenset[str]) -> int:
        if type(value) is not frozenset or not value <= self._members:
            raise KeyError(value)
        mask = self._everything
        for index in self._terms:
            expr = index.term.expr
            if isinstance(expr, ex.Contains):
                assert isinstance(index.known, dict)
                mask &= index.known[expr.member.value in value]
            elif isinstance(expr, ex.Len):
                assert isinstance(index.known, tuple)
                mask &= index.known[bisect_right(index.cuts, len(value))]
            else:
                mask &= index.other  # a test whether the set itself is known
        if len(self) < _KEPT:
            self[value] = mask
        return mask


class Fold(dict[int, int]):
    """From a mask of extra conjunctions to that of their rules. What was asked for is kept, within bounds."""

    def __init__(self, owner: list[int]) -> None:
        super().__init__({0: 0})
        self._own = [1 << place for place in owner]

    def __missing__(self, extra: int) -> int:
        result = 0
        for place in places(extra):
            result |= self._own[place]
        if len(self) < _KEPT:
            self[extra] = result
        return result


def product(parts: Sequence[Sequence[int]], start: int, waits: Sequence[int]) -> tuple[list[int], list[int]]:
    """One table for several facts with few values each, in the manner of recursive flow classification.

    (P. Gupta and N. McKeown, Packet classification on multiple fields, SIGCOMM 1999.)

    Args:
        parts: for each fact the mask of each of its values, the last being that for an unknown one.
        start: the mask of everything.
        waits: for each fact the conjunctions that wait for it when it is unknown.

    Returns:
        The masks, and the waiting conjunctions, of every combination; a fact's value counts as many places as the
        facts before it have combinations.
    """
    masks, waiting = [start], [0]
    for values, wait in zip(parts, waits, strict=True):
        last = len(values) - 1
        waiting = [each | (wait if place == last else 0) for place in range(len(values)) for each in waiting]
        masks = [each & value for value in values for each in masks]
    return masks, waiting


def dense(cuts: Sequence[int], masks: Sequence[int]) -> list[int]:
    """The masks of the integers from the first cut up to the last."""
    found: list[int] = []
    for low, high, mask in zip(cuts, cuts[1:], masks[1:], strict=False):
        found += [mask] * (high - low)
    return found


def settler(overriders: tuple[tuple[int, tuple[int, ...]], ...]) -> Callable[[int, int], tuple[int, int]]:
    """The function that silences overridden rules. `overriders` is as an epoch has it."""
    table = [(1 << place, sum(1 << each for each in above)) for place, above in overriders]

    def settle(sure: int, open_: int) -> tuple[int, int]:
        for bit, above in table:
            if (sure | open_) & bit:
                if sure & above:
                    sure &= ~bit
                    open_ &= ~bit
                elif open_ & above and sure & bit:
                    sure ^= bit
                    open_ |= bit
        return sure, open_

    return settle


def verifier(
    verifiers: dict[int, Verify],
) -> Callable[[int, int, Any, dt.date], tuple[int, int]]:
    """The function that tries what tables leave open: for conjunctions still possible, by the bit of each."""
    watched = sum(verifiers)

    def verify(p: int, u: int, fact: Any, day: dt.date) -> tuple[int, int]:
        for place in places(p & watched):
            bit = 1 << place
            truth = verifiers[bit](fact, day)
            if truth is False:
                p ^= bit
            elif truth is None:
                u |= bit
        return p, u

    return verify


class Verifier:
    """Decides what the index leaves open of one conjunction. Its code is generated when it is first needed."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self._run: Verify | None = None

    def __call__(self, fact: Any, day: dt.date) -> bool | None:
        """The truth of what is left."""
        if self._run is None:
            self._run = _write_verifier(self.formula)
        return self._run(fact, day)


def _write_verifier(formula: Formula) -> Verify:
    writer = Writer(day="day")
    refs = whole(formula).refs
    with writer.block("def verify(fact, day):"):
        for ref in refs:
            name = writer.name(ref.fact)
            writer.line(f"{name} = fact")
            for step in (*ref.groups, ref.fact):
                writer.line(f"{name} = None if {name} is None else {name}.{step.path[-1]}")
            if ref.type.kind == "float":
                writer.whole_to_float(name)
                with writer.block(f"if {name} != {name}:"):
                    writer.line(f"{name} = None")
        writer.line(f"return {writer.kleene(formula)}")
    exec(compile(writer.source, "<dxrules verifier>", "exec"), writer.space)  # noqa: S102  # our own text: see `Writer`
    found: Verify = writer.space["verify"]
    return found
