"""The clauses that stand in the way of a rule: a smallest set of which each only has to be what it needs to be.

Every occurrence of a clause counts for itself. Read from the top, a condition that is to become true needs, of an
`all`, every part that is not true yet, and of an `any` one part; below a negation the two change places. What is
chosen so is enough, and none of it can be left out: whatever is not chosen stays as it is.
"""

from __future__ import annotations

import attrs

from dxrules.explain.tree import Clause

_Cost = tuple[int, int]  # clauses marked, and how many of them are known: to be told is easier than to be changed

# What an `is` test needs of its part to be true or false, where that is one truth only.
_THROUGH = {
    ("is True", True): True, ("is False", True): False, ("is not True", False): True, ("is not False", False): False,
}  # fmt: skip


def mark(clause: Clause) -> Clause:
    """The clause with the smallest set marked that makes it true; unmarked where it is true already."""
    return _mark(clause, wanted=True)[1]


def _mark(clause: Clause, *, wanted: bool) -> tuple[_Cost, Clause]:
    if clause.truth is wanted:
        return (0, 0), clause
    match clause.form:
        case "all" | "any" | "none":
            of_parts = not wanted if clause.form == "none" else wanted
            return _parts(clause, wanted=of_parts, every=of_parts if clause.form == "all" else not of_parts)
        case "not" if clause.parts[0].form != "test":
            return _parts(clause, wanted=not wanted, every=True)
        case form if (form, wanted) in _THROUGH and clause.parts[0].form != "test":
            return _parts(clause, wanted=_THROUGH[form, wanted], every=True)
        case _:
            return (1, int(clause.truth is not None)), attrs.evolve(clause, needs=wanted)


def _parts(clause: Clause, *, wanted: bool, every: bool) -> tuple[_Cost, Clause]:
    """Mark in every part, or in the one part in which it costs least."""
    found = [_mark(part, wanted=wanted) for part in clause.parts]
    costs = [cost for cost, _ in found]
    cheapest = costs.index(min(costs))
    chosen = range(len(found)) if every else (cheapest,)
    parts = tuple(found[place][1] if place in chosen else part for place, part in enumerate(clause.parts))
    total = (sum(costs[place][0] for place in chosen), sum(costs[place][1] for place in chosen))
    return total, attrs.evolve(clause, parts=parts)
