"""What is to be reached, and whether it can be: the truth of rules while some facts are set and others still free.

Where facts are free, an expression has a set of truths that it may come to, put together from those of its parts as if
these were independent. So the set may be too large, never too small: a goal that is out of reach by it is out of
reach.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import attrs

from dxrules import expression as ex
from dxrules.explain.changing import Changed, Variable
from dxrules.explain.regions import Choices, truth_of
from dxrules.meaning import Facts
from dxrules.rulebook import Epoch
from dxrules.values import Plain

# A set of truths: the sum of these.
TRUE, FALSE, UNKNOWN = 1, 2, 4
ANY = TRUE | FALSE | UNKNOWN
_OF: Mapping[object, int] = {True: TRUE, False: FALSE, None: UNKNOWN}
_ALONE = (TRUE, FALSE, UNKNOWN)
MOST_TOGETHER = 256  # ways to set the facts of one comparison that are tried; beyond, it may come to anything

FREE, KEPT = -2, -1  # instead of the number of a choice: not settled yet, left as it is


class BudgetError(Exception):
    """The search has done all the work that it may."""


@attrs.frozen(eq=False)
class Goal:
    """Rules of an epoch that are all to fire (`wanted`), or all to be false.

    `targets` are their places; `involved` those and the places of all that override them, overriders first.
    """

    epoch: Epoch
    targets: tuple[int, ...]
    wanted: bool
    involved: tuple[int, ...]
    above: Mapping[int, tuple[int, ...]]

    @property
    def conditions(self) -> Iterator[ex.Expr]:
        """The conditions of the rules involved."""
        return (self.epoch.rules[place].when for place in self.involved)


def goal_of(epoch: Epoch, targets: Sequence[int], *, wanted: bool) -> Goal:
    """The goal that rules fire, or are false."""
    above = epoch.above
    involved: set[int] = set()
    waiting = list(targets)
    while waiting:
        place = waiting.pop()
        if place not in involved:
            involved.add(place)
            waiting.extend(above.get(place, ()))
    ordered = [place for place in sorted(involved) if place not in above]
    ordered += [place for place, _ in epoch.overriders if place in involved]
    return Goal(epoch, tuple(targets), wanted, tuple(ordered), above)


def atoms_of(expr: ex.Expr) -> Iterator[ex.Expr]:
    """The parts of a condition whose truth does not come from other conditions, each once."""
    seen: set[int] = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        inner = conditions_in(node)
        if inner is None:
            yield node
        else:
            stack.extend(reversed(inner))


def conditions_in(expr: ex.Expr) -> tuple[ex.Expr, ...] | None:
    """The conditions that the truth of an expression comes from; None for an atom."""
    match expr:
        case ex.Clause() | ex.DefRef() | ex.And() | ex.Or() | ex.Not() | ex.IsBool():
            return ex.children(expr)
        case ex.IsNone(item=item) if item.type.kind == "bool":
            return (item,)
        case ex.Compare(left=left) if left.type.kind == "bool":
            return ex.children(expr)
        case _:
            return None


class Outlook:
    """The truths that the rules of a goal may come to, while the variables are settled one by one.

    `settled` has for each variable FREE, KEPT, or the number of its choice. With `answers`, what is unknown and is no
    variable may turn out to be anything.
    """

    def __init__(
        self, goal: Goal, variables: Sequence[Variable], facts: Facts, defaults: Mapping[str, Plain], budget: int
    ) -> None:
        self.goal = goal
        self.variables = variables
        self.base = facts
        self.defaults = defaults
        self.budget = budget
        self.choices: list[Choices] = [Choices(()) for _ in variables]
        self.settled: list[int] = [KEPT] * len(variables)
        self.answers = False
        self._places = {each.name: place for place, each in enumerate(variables)}
        self._reads: dict[int, tuple[int, ...]] = {}
        self._known: dict[tuple[int, ...], int] = {}
        self._asks: dict[int, bool] = {}

    # Facts

    def changes(self, settled: Mapping[int, int]) -> dict[str, Plain]:
        """The new values by name, where variables are settled so; those that are kept are left out."""
        return {
            self.variables[place].name: self.choices[place].items[choice].value
            for place, choice in settled.items()
            if choice >= 0
        }

    def tried(self, variable: Variable, value: Plain, looks: int) -> Facts:
        """The facts with one variable set, the groups around it started, and all else as it is.

        Raises:
            BudgetError: so many looks at them are more than the search may do.
        """
        self.budget -= looks
        if self.budget < 0:
            raise BudgetError
        changes: dict[str, Plain] = {variable.name: value}
        within = variable.within
        while within is not None:
            changes[within] = True
            within = self.variables[self._places[within]].within
        return Changed(self.base, changes, self.defaults)

    def reads(self, atom: ex.Expr) -> tuple[int, ...]:
        """The variables that an atom hangs on: facts, and the groups around them that can be started."""
        found = self._reads.get(id(atom))
        if found is None:
            names = {
                name for ref in ex.facts_of(atom).values() for name in (ref.fact.name, *(g.name for g in ref.groups))
            }
            found = self._reads[id(atom)] = tuple(sorted(self._places[name] for name in names if name in self._places))
        return found

    def asks(self, atom: ex.Expr) -> bool:
        """Whether an atom reads a fact that is unknown."""
        found = self._asks.get(id(atom))
        if found is None:
            found = self._asks[id(atom)] = any(
                truth_of(ex.IsNone(ref), self.base) is True for ref in ex.facts_of(atom).values()
            )
        return found

    # Truths

    def rules(self) -> dict[int, int]:
        """The truths that the rules involved may come to, overriding included, by place."""
        found: dict[int, int] = {}
        for place in self.goal.involved:
            mask = self.truths(self.goal.epoch.rules[place].when)
            for each in self.goal.above.get(place, ()):
                mask = _joined(mask, _negated(found[each]), FALSE)
            found[place] = mask
        return found

    def reachable(self) -> bool:
        """Whether the goal may be reached."""
        rules = self.rules()
        return all(rules[place] & self._wanted for place in self.goal.targets)

    def reached(self) -> bool:
        """Whether the goal is reached, with every variable settled."""
        rules = self.rules()
        return all(rules[place] == self._wanted for place in self.goal.targets)

    @property
    def _wanted(self) -> int:
        return TRUE if self.goal.wanted else FALSE

    def truths(self, expr: ex.Expr) -> int:
        """The truths that a condition may come to."""
        self.budget -= 1
        if self.budget < 0:
            raise BudgetError
        match expr:
            case ex.Clause(body=body) | ex.DefRef(body=body):
                return self.truths(body)
            case ex.And(items=items):
                return self._all(items, TRUE, FALSE)
            case ex.Or(items=items):
                return self._all(items, FALSE, TRUE)
            case ex.Not(item=item):
                return _negated(self.truths(item))
            case ex.IsBool(item=item, value=wanted, negated=negated):
                return _is(self.truths(item), _OF[wanted], negated)
            case ex.IsNone(item=item, negated=negated) if item.type.kind == "bool":
                return _is(self.truths(item), UNKNOWN, negated)
            case ex.Compare(op=op, left=left, right=right) if left.type.kind == "bool":
                return _compared(self.truths(left), self.truths(right), op == "==")
            case _:
                return self._atom(expr)

    def _all(self, items: tuple[ex.Expr, ...], empty: int, by: int) -> int:
        found = empty
        for item in items:
            found = _joined(found, self.truths(item), by)
            if found == by:
                break
        return found

    def _atom(self, atom: ex.Expr) -> int:
        if self.answers and self.asks(atom):
            return TRUE | FALSE if isinstance(atom, ex.IsNone) else ANY
        reads = self.reads(atom)
        key = (id(atom), *(self.settled[place] for place in reads))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._truths_of_atom(atom, reads)
        return found

    def _truths_of_atom(self, atom: ex.Expr, reads: tuple[int, ...]) -> int:
        options = [self._options(place) for place in reads]
        ways = itertools.product(*options)
        found = 0
        for count, way in enumerate(ways):
            self.budget -= 1
            if count >= MOST_TOGETHER:
                return ANY
            settled = dict(zip(reads, way, strict=True))
            if self._holds_together(settled):
                truth = truth_of(atom, Changed(self.base, self.changes(settled), self.defaults))
                found |= _OF.get(truth, ANY)
        return found or ANY

    def _options(self, place: int) -> Sequence[int]:
        choice = self.settled[place]
        return (KEPT, *range(len(self.choices[place].items))) if choice == FREE else (choice,)

    def _holds_together(self, settled: Mapping[int, int]) -> bool:
        """Whether what is set lies in groups that are there or are started, as far as these are among it."""
        for place, choice in settled.items():
            within = self.variables[place].within
            around = None if within is None else settled.get(self._places[within])
            if choice >= 0 and around == KEPT:
                return False
        return True

    def complete(self) -> bool:
        """Whether what is settled makes a fact: all in its groups, and started groups with all that they require."""
        for place, variable in enumerate(self.variables):
            started = variable.within is None or self.settled[self._places[variable.within]] >= 0
            changed = self.settled[place] >= 0
            if (changed and not started) or (started and variable.required and not changed):
                return False
        return True

    def unknowns(self, expr: ex.Expr) -> Iterator[str]:
        """The unknown facts on which a condition hangs, where answers to them are free."""
        if self.truths(expr) in _ALONE:
            return
        inner = conditions_in(expr)
        for each in inner or ():
            yield from self.unknowns(each)
        if inner is None and self.asks(expr):
            for ref in ex.facts_of(expr).values():
                if truth_of(ex.IsNone(ref), self.base) is True:
                    yield self.base.unknown_name(ref)


def _joined(one: int, two: int, by: int) -> int:
    """The truths of an `and`, which `by` FALSE decides, or of an `or`, which TRUE decides."""
    other = FALSE if by == TRUE else TRUE
    found = (one | two) & by
    if one & other and two & other:
        found |= other
    if (one & UNKNOWN and two & (UNKNOWN | other)) or (two & UNKNOWN and one & other):
        found |= UNKNOWN
    return found


def _negated(mask: int) -> int:
    return (mask & UNKNOWN) | (TRUE if mask & FALSE else 0) | (FALSE if mask & TRUE else 0)


def _is(mask: int, wanted: int, negated: bool) -> int:
    yes = (TRUE if mask & wanted else 0) | (FALSE if mask & ~wanted else 0)
    return _negated(yes) if negated else yes


def _compared(one: int, two: int, equal: bool) -> int:
    """The truths of two conditions compared."""
    same = one & two & (TRUE | FALSE)
    differ = (one & TRUE and two & FALSE) or (one & FALSE and two & TRUE)
    found = (TRUE if same else 0) | (FALSE if differ else 0)
    if not equal:
        found = _negated(found)
    return found | (UNKNOWN if (one | two) & UNKNOWN else 0)
