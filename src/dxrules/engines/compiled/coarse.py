"""Coarse tables: for wide masks a table tells fewer stretches of a term apart, and lets too much through.

A table with a mask for every stretch between the cuts of thousands of rules does not fit into a processor's caches, and
waiting for memory becomes what a decision costs. A coarse table fits. What it lets through is made exact here, and the
outcome is remembered with the stretches of values for which it holds: a decision whose mask and values are of that kind
needs nothing else.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import attrs

from dxrules.codes import Names, places
from dxrules.engines.compiled.index import TermIndex
from dxrules.engines.compiled.normal import Test
from dxrules.engines.compiled.sets import Steps
from dxrules.schema import Fact

_KEPT_BITS = 1 << 27  # of the masks that are remembered: 16 MB
ORDERED: dict[str, tuple[Any, Any]] = {
    "int": (-(2**63), 2**63), "float": (-math.inf, math.inf), "date": (dt.date.min, dt.date.max),
    "datetime": (dt.datetime.min, dt.datetime.max),
}  # fmt: skip

Found = tuple[Any, int, int]
"""A value, the stretch between cuts that it is in, and the conjunctions of a mask that the table leaves open there."""

Entry = tuple[Any, ...]
"""The codes and the mask of a decision, and for each coarse fact the values from and until which they hold."""


@attrs.frozen(eq=False)
class CoarseFact:
    """A fact with a coarse table.

    Attributes:
        fact: the fact.
        get: its value of an instance; an AttributeError where a group that it is in is None.
        cuts: the cuts that the table tells apart.
        ends: these between the least value and the greatest.
        inner: for each stretch between cuts, the conjunctions that have a cut of their own in it.
        exact: the values that each of those conjunctions allows.
    """

    fact: Fact
    get: Callable[[Any], Any]
    cuts: tuple[Any, ...]
    ends: tuple[Any, ...]
    inner: tuple[int, ...]
    exact: dict[int, Steps]

    @classmethod
    def of(cls, fact: Fact, index: TermIndex, tests: Sequence[tuple[int, Test]]) -> CoarseFact:
        """From the index of the fact, and the tests on it with the bits of their conjunctions."""
        exact: dict[int, Any] = {bit.bit_length() - 1: test.allowed for bit, test in tests if bit & index.coarse}
        least, most = ORDERED[fact.type.kind]
        ends = (least, *index.cuts, most)
        return cls(fact, attrgetter(".".join(fact.path)), index.cuts, ends, index.inner, exact)


class Coarse:
    """Makes exact what coarse tables let through, and remembers what came of it."""

    def __init__(self, facts: Sequence[CoarseFact], everything: int) -> None:
        self.facts = tuple(facts)
        self.seen: dict[int, Entry] = {}
        self._kept = max(1, _KEPT_BITS // everything.bit_length())

    def settle(self, mask: int, fact: Any) -> tuple[int, list[Found]]:
        """The conjunctions of a mask that no value contradicts, and where each known value was found."""
        found: list[Found] = []
        settled = mask
        for each in self.facts:
            try:
                value = each.get(fact)
            except AttributeError:  # its group is None
                continue
            if value is None or value != value:  # noqa: PLR0124  # NaN
                continue
            stretch = bisect_right(each.cuts, value)
            open_ = mask & each.inner[stretch]
            if open_:
                for place in places(open_):
                    if value not in each.exact[place]:
                        settled &= ~(1 << place)
            found.append((value, stretch, open_))
        return settled, found

    def remember(self, mask: int, codes: Names, fired: int, found: list[Found]) -> None:
        """Remember what came of a mask, for values in the same stretches. All coarse facts were found."""
        entry: list[Any] = [codes, fired]
        for each, (value, stretch, open_) in zip(self.facts, found, strict=True):
            low, high = each.ends[stretch], each.ends[stretch + 1]
            if open_:
                for place in places(open_):
                    for cut in each.exact[place].cuts:
                        if cut > value:
                            high = min(high, cut)
                        else:
                            low = max(low, cut)
            entry += (low, high)
        if len(self.seen) >= self._kept:
            self.seen.clear()
        self.seen[mask] = tuple(entry)
