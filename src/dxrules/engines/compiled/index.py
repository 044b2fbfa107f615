"""The index: for every term a table from its values to the conjunctions that they do not contradict.

One look-up and one AND a term decide all rules at once, as bit vectors classify packets (T. V. Lakshman and
D. Stiliadis, High-speed policy-based packet forwarding using efficient multi-dimensional range matching, SIGCOMM
1998). Unknown facts are why there are two masks: `p`, the conjunctions that nothing contradicts, and `u`, those that
wait for an unknown term. A conjunction in `p` is surely true when it is not in `u`, and undetermined when it is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

import attrs

from dxrules.engines.compiled.normal import Term, Test
from dxrules.engines.compiled.sets import Steps, Values

MAX_CUTS = 4_096  # cuts of one term that are told apart; beyond, conjunctions are verified one by one
_TABLE_BITS = 2_500_000  # of the masks of a fact's table: of larger ones too little is in the processor's caches


@attrs.frozen
class TermIndex:
    """The masks of one term.

    `known` maps values to masks: for an ordered term by the stretch between `cuts` in which a value lies, else by the
    value, with `other` for those not listed. `unknown` is the mask of conjunctions that an unknown value does not make
    false, `waiting` of those that it makes unknown. `coarse` are the conjunctions that the table lets through though a
    value may contradict them; `inner` has for each stretch the mask of those of them that it is so for.
    """

    term: Term
    cuts: tuple[Any, ...]
    known: tuple[int, ...] | dict[Any, int]
    other: int
    unknown: int
    waiting: int
    coarse: int = 0
    inner: tuple[int, ...] = ()


def fewer_cuts(everything: int) -> int:
    """Of how many cuts a table of masks stays small."""
    return max(1, min(MAX_CUTS, _TABLE_BITS // max(1, everything.bit_length())))


def index_term(term: Term, tests: list[tuple[int, Test]], everything: int, most: int) -> TermIndex:
    """Index the tests on one term.

    Args:
        term: the term.
        tests: each with the bit of its conjunction.
        everything: the mask of all conjunctions.
        most: how many cuts are told apart.
    """
    unknown, waiting = everything, 0
    for bit, test in tests:
        if test.unknown is None:
            waiting |= bit
        elif not test.unknown:
            unknown ^= bit
    if isinstance(tests[0][1].allowed, Steps):
        every = sorted({cut for _, test in tests for cut in _steps(test).cuts})
        cuts = every[:: -(-len(every) // most)] if len(every) > most else every
        inner = _inner(tests, cuts) if len(cuts) < len(every) else []
        coarse = 0
        for mask in inner:
            coarse |= mask
        known = _by_steps(tests, cuts, coarse, everything)
        return TermIndex(term, tuple(cuts), known, everything, unknown, waiting, coarse, tuple(inner))
    table, other = _by_values(tests, everything)
    return TermIndex(term, (), table, other, unknown, waiting)


def _inner(tests: list[tuple[int, Test]], cuts: list[Any]) -> list[int]:
    """For each stretch between cuts, the conjunctions that have a cut of their own in it."""
    kept = set(cuts)
    found = [0] * (len(cuts) + 1)
    for bit, test in tests:
        for cut in _steps(test).cuts:
            if cut not in kept:
                found[bisect_right(cuts, cut)] |= bit
    return found


def _by_steps(tests: list[tuple[int, Test]], cuts: list[Any], coarse: int, everything: int) -> tuple[int, ...]:
    flips = [0] * len(cuts)
    first = everything
    for bit, test in tests:
        allowed = _steps(test)
        if bit & coarse:
            allowed = _widened(allowed, cuts)
        if not allowed.initial:
            first ^= bit
        for cut in allowed.cuts:
            flips[bisect_left(cuts, cut)] ^= bit
    masks = [first]
    for flip in flips:
        masks.append(masks[-1] ^ flip)
    return tuple(masks)


def _steps(test: Test) -> Steps:
    assert isinstance(test.allowed, Steps)
    return test.allowed


def _widened(allowed: Steps, cuts: list[Any]) -> Steps:
    """The least set that holds `allowed` and flips only at the given cuts."""
    spans: list[tuple[int, int]] = []  # stretches between places of cuts, -1 and len(cuts) being the ends
    edges = list(allowed.cuts)
    inside = allowed.initial
    start = -1
    for edge in edges:
        if inside:
            spans.append((start, bisect_left(cuts, edge)))
        else:
            place = bisect_left(cuts, edge)
            start = place if place < len(cuts) and cuts[place] == edge else place - 1
        inside = not inside
    if inside:
        spans.append((start, len(cuts)))
    merged: list[list[int]] = []
    for low, high in spans:
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    initial = bool(merged) and merged[0][0] == -1
    flips = [place for low, high in merged for place in (low, high) if 0 <= place < len(cuts)]
    return Steps(initial, tuple(cuts[place] for place in flips))


def _by_values(tests: list[tuple[int, Test]], everything: int) -> tuple[dict[Any, int], int]:
    first = tests[0][1].allowed
    assert isinstance(first, Values)
    keys: set[Any] = set(first.universe or ())
    if first.universe is None:
        for _, test in tests:
            assert isinstance(test.allowed, Values)
            keys |= test.allowed.listed
    other = everything
    flips = dict.fromkeys(sorted(keys), 0)  # sorted, that the same rules give the same source
    for bit, test in tests:
        assert isinstance(test.allowed, Values)
        if test.allowed.inside:
            other ^= bit
        for value in test.allowed.listed:
            flips[value] ^= bit
    return {value: other ^ flip for value, flip in flips.items()}, other
