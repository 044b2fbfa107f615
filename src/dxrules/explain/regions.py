"""What a fact can be set to, one value for each region: the values among which no condition tells any apart.

A comparison cuts an ordered type into at most three intervals: it is monotone in a fact that it reads once, or in
whole numbers alone, and so its edges are found by bisection with the meaning itself as the judge. Texts are cut by the
literals and prefixes that they are compared with, sets by the members that are named and by how many there are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, cast

import attrs

from dxrules import expression as ex
from dxrules.errors import FactError
from dxrules.explain.changing import Variable
from dxrules.explain.ordinals import ORDERED, bounds, ordinal, tidy, value_at
from dxrules.meaning import Facts, value
from dxrules.values import Plain

MAX_SETS = 4_096  # ways to change one set that are looked at

Try = Callable[[Variable, Plain, int], Facts]  # the facts with one variable set, for so many looks at them


@attrs.frozen
class Choice:
    """A value that a fact can be set to, and the others that would do the same; `whole` where there are no more."""

    value: Plain
    also: tuple[Plain, ...] = ()
    whole: bool = True


@attrs.frozen
class Choices:
    """The choices for one fact, the nearest to its value first; `exact` when every region has one."""

    items: tuple[Choice, ...]
    exact: bool = True


def choices_of(variable: Variable, atoms: Sequence[ex.Expr], tried: Try, *, joined: bool) -> Choices:
    """What a fact can be set to.

    Args:
        variable: the fact.
        atoms: the comparisons that read it.
        tried: gives the facts with the variable set.
        joined: whether some of them read other facts that can be changed: then these stay as they are where intervals
            are cut, and values are told apart that only look alike.
    """
    kind = variable.fact.type.kind
    if kind == "group":
        return Choices((Choice(True),))
    listed = variable.listed
    if listed is None and kind in ORDERED:
        return _intervals(variable, atoms, tried)
    if listed is None and kind == "set":
        return _sets(variable, atoms, tried)
    values: Iterable[Plain] = variable.fact.type.members if kind == "enum" else (False, True)
    if listed is not None and kind in ORDERED and variable.current is not None:
        here = ordinal(variable.current)
        values = sorted(listed, key=lambda each: abs(ordinal(each) - here))
    elif listed is not None:
        values = listed
    elif kind == "text":
        values = _texts(atoms)
    changed = [each for each in values if each != variable.current]
    if joined:
        return Choices(tuple(Choice(each, whole=kind != "text") for each in changed))
    return Choices(tuple(_sorts(changed, variable, atoms, tried)))


def _sorts(values: Iterable[Plain], variable: Variable, atoms: Sequence[ex.Expr], tried: Try) -> Iterator[Choice]:
    """A choice for each sort of values, those that no atom tells apart; none for the sort of the present value."""
    sorts: dict[tuple[object, ...], list[Plain]] = {}
    for each in values:
        sorts.setdefault(_truths(atoms, variable, each, tried), []).append(each)
    if variable.current is not None:
        sorts.pop(_truths(atoms, variable, variable.current, tried), None)
    for first, *others in sorts.values():
        yield Choice(first, tuple(others), whole=variable.fact.type.kind != "text")


def _truths(atoms: Sequence[ex.Expr], variable: Variable, value_: Plain, tried: Try) -> tuple[object, ...]:
    facts = tried(variable, value_, len(atoms))
    return tuple(truth_of(atom, facts) for atom in atoms)


def truth_of(atom: ex.Expr, facts: Facts) -> object:
    """The truth of an atom; the error's type where it hangs on a value that its type does not take."""
    try:
        return value(atom, facts)
    except FactError:
        return FactError


# Ordered types


def _intervals(variable: Variable, atoms: Sequence[ex.Expr], tried: Try) -> Choices:
    fact, kind = variable.fact, variable.fact.type.kind
    low, high = bounds(fact)
    current = None if variable.current is None else ordinal(variable.current)
    if current is not None and variable.settable.direction == "up":
        low = current
    if current is not None and variable.settable.direction == "down":
        high = current
    if low > high:
        return Choices(())
    exact = True
    starts = {low}
    for atom in atoms:
        for sign in _signs(atom):
            found = _edges(lambda place, sign=sign: sign(tried(variable, value_at(kind, place), 1)), low, high)  # type: ignore[misc]
            if found is None:
                exact = False
            else:
                starts.update(found)
        exact = exact and _monotone(atom, variable)
    # Without a value to be near to: zero, or the day of the decision.
    origin = current if current is not None else _origin(kind, tried(variable, value_at(kind, low), 1))
    edges = [*sorted(starts), high + 1]
    items = [
        (first, last - 1) for first, last in itertools.pairwise(edges) if current is None or not first <= current < last
    ]
    items.sort(key=lambda each: (min(abs(each[0] - origin), abs(each[1] - origin)), each))
    found_choices = tuple(Choice(tidy(kind, first, last, origin), whole=first == last) for first, last in items)
    return Choices(found_choices, exact)


def _origin(kind: str, facts: Facts) -> int:
    if kind == "date":
        return facts.as_of.toordinal()
    if kind == "datetime":
        return (facts.as_of.toordinal() - 1) * 86_400_000_000
    return 0


def _signs(atom: ex.Expr) -> Iterator[Callable[[Facts], int | None]]:
    """How an atom compares: for each of its comparisons, -1, 0 or 1, and None where one side is unknown."""
    match atom:
        case ex.Compare(left=left, right=right):
            yield lambda facts: _sign(value(left, facts), value(right, facts))
        case ex.In(item=item, values=values):
            for each in values:
                yield lambda facts, each=each: _sign(value(item, facts), each.value)  # type: ignore[misc]
        case _:
            return


def _sign(one: Any, two: Any) -> int | None:
    return None if one is None or two is None else (one > two) - (one < two)


def _edges(sign: Callable[[int], int | None], low: int, high: int) -> list[int] | None:
    """Where a monotone sign changes: the first place of each new one. None where there is no telling."""
    try:
        first, last = sign(low), sign(high)
        if first is None or last is None:
            return None
        found: list[int] = []
        start = low
        while first != last:
            before, after = start, high  # the sign is `first` at the one and no longer so at the other
            while after - before > 1:
                middle = (before + after) // 2
                if sign(middle) == first:
                    before = middle
                else:
                    after = middle
            found.append(after)
            start, first = after, sign(after)
    except (FactError, OverflowError):
        return None
    return found


def _monotone(atom: ex.Expr, variable: Variable) -> bool:
    """Whether a comparison surely is monotone in a fact: rounding is, and sums of whole numbers are linear."""
    nodes = list(ex.walk(atom))
    times = sum(isinstance(node, ex.FactRef) and node.fact.name == variable.name for node in nodes)
    return times == 1 or all(node.type.kind != "float" for node in nodes)


# Texts


def _texts(atoms: Sequence[ex.Expr]) -> list[Plain]:
    """The texts that are named, and for each prefix, the empty one included, a text that begins so and no more."""
    literals: dict[str, None] = {}
    prefixes: dict[str, None] = {"": None}
    for atom in atoms:
        for node in ex.walk(atom):
            if isinstance(node, ex.StartsWith):
                prefixes[node.prefix] = None
            elif isinstance(node, ex.Const) and isinstance(node.value, str):
                literals[node.value] = None
    others = [_other(prefix, literals, prefixes) for prefix in prefixes]
    return [*dict.fromkeys([*literals, *others])]


def _other(prefix: str, literals: Iterable[str], prefixes: Iterable[str]) -> str:
    """The prefix and no more; or with some character behind it that takes it to none of the literals and prefixes."""
    taken = set(literals)
    if prefix not in taken:
        return prefix
    following = {each[len(prefix)] for each in prefixes if len(each) > len(prefix) and each.startswith(prefix)}
    tail = next(char for char in map(chr, range(ord("a"), 0xD800)) if char not in following)
    return next(found for length in itertools.count(1) if (found := prefix + tail * length) not in taken)


# Sets


def _sets(variable: Variable, atoms: Sequence[ex.Expr], tried: Try) -> Choices:
    current = cast("frozenset[str]", variable.current or frozenset())
    nodes = [node for atom in atoms for node in ex.walk(atom)]
    named = {node.member.value for node in nodes if isinstance(node, ex.Contains)}
    members = variable.fact.type.members
    if variable.current is not None and variable.settable.direction != "any":
        adding = variable.settable.direction == "up"
        members = tuple(each for each in members if (each not in current) is adding)
    toggled = [each for each in members if each in named]
    others = [each for each in members if each not in named] if any(isinstance(each, ex.Len) for each in nodes) else []
    # Of the members that no condition names only how many there are can matter: the first ones stand for all.
    fillings: list[tuple[str, ...]] = [()]
    for some in ([each for each in others if each not in current], [each for each in others if each in current]):
        fillings += [tuple(some[:count]) for count in range(1, len(some) + 1)]
    ways = itertools.islice(
        (
            frozenset(some + filling)
            for size in range(len(toggled) + 1)
            for some in itertools.combinations(toggled, size)
            for filling in fillings
        ),
        MAX_SETS + 1,
    )
    flips = sorted(itertools.islice(ways, MAX_SETS), key=len)
    exact = next(ways, None) is None
    sorts: dict[tuple[object, ...], list[frozenset[str]]] = {}
    here = None if variable.current is None else _truths(atoms, variable, current, tried)
    for flip in flips:
        sort = _truths(atoms, variable, current ^ flip, tried)
        same = sorts.setdefault(sort, [])
        if sort != here and not any(flip >= each for each in same):  # no more is flipped than needed
            same.append(flip)
    items = [
        (same[0], Choice(current ^ same[0], tuple(current ^ each for each in same[1:])))
        for same in sorts.values()
        if same
    ]
    return Choices(tuple(choice for _, choice in items), exact)


# Nearness


def on_the_way(variable: Variable, one: Plain, two: Plain) -> bool:
    """Whether a change to one value goes less far than that to another, in the same direction, or just as far."""
    if one == two:
        return True
    current = variable.current
    if current is None:
        return False
    if variable.fact.type.kind in ORDERED:
        here, near, far = ordinal(current), ordinal(one), ordinal(two)
        return here < near < far or here > near > far
    if isinstance(current, frozenset) and isinstance(one, frozenset) and isinstance(two, frozenset):
        return current ^ one < current ^ two
    return False
