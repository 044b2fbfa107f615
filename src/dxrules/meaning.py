"""What an expression means: a slow, obvious interpreter of checked trees, after Kleene.

None is unknown. A comparison with an unknown value is unknown; `and` is false when a part is false, else unknown when
a part is unknown; `or` and `not` follow; `is` tests are always decided (S. C. Kleene, Introduction to Metamathematics,
1952, section 64: the strong connectives). Nothing is rewritten, nothing is skipped: whatever else evaluates rules must
agree with this module.

A value that its type does not take is no truth value: a decision that hangs on it is refused with a FactError.
"""

from __future__ import annotations

import datetime as dt
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

import attrs

from dxrules import expression as ex
from dxrules.errors import FactError, Problem, shown
from dxrules.rulebook import Epoch, Hole, Template
from dxrules.schema import MAX_INT
from dxrules.values import Plain, constant, groups_of, read

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ARITH: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class Facts(Protocol):
    """What an expression is evaluated over."""

    @property
    def parameters(self) -> Mapping[str, Plain]:
        """The parameters' values on the day."""

    @property
    def as_of(self) -> dt.date:
        """The day."""

    def read(self, ref: ex.FactRef) -> Plain:
        """The plain value of a fact."""

    def unknown_name(self, ref: ex.FactRef) -> str:
        """For an unknown fact: its name, or that of the group around it that is None."""


@attrs.frozen
class InstanceFacts:
    """The facts of an attrs instance."""

    fact: object
    parameters: Mapping[str, Plain]
    as_of: dt.date

    def read(self, ref: ex.FactRef) -> Plain:
        """The plain value of a fact; raises FactError for one that its type does not take."""
        return read(self.fact, ref.fact, ref.groups)

    def unknown_name(self, ref: ex.FactRef) -> str:
        """The fact's name, or that of the outermost group around it that is None."""
        holder: Any = self.fact
        for group in ref.groups:
            holder = getattr(holder, group.path[-1])
            if holder is None:
                return group.name
        return ref.fact.name


def value(expr: ex.Expr, facts: Facts) -> Plain:
    """The value of an expression; None when it is unknown.

    Raises:
        FactError: the value hangs on a fact that holds what its type does not take.
    """
    match expr:
        case ex.Clause(body=body) | ex.DefRef(body=body):
            return value(body, facts)
        case ex.FactRef():
            return facts.read(expr)
        case ex.Const(value=literal):
            return literal
        case ex.ParamRef(name=name, of=type_):
            return constant(facts.parameters[name], type_)
        case ex.And(items=items):
            return _decided(items, facts, by=False)
        case ex.Or(items=items):
            return _decided(items, facts, by=True)
        case ex.Not(item=item):
            return _not(value(item, facts))
        case ex.IsNone(item=item, negated=negated):
            return (value(item, facts) is None) is not negated
        case ex.IsBool(item=item, value=wanted, negated=negated):
            return (value(item, facts) is wanted) is not negated
        case ex.In(item=item, values=values, negated=negated):
            found = value(item, facts)
            return None if found is None else any(found == each.value for each in values) is not negated
        case ex.Contains(member=member, item=item, negated=negated):
            held = cast("frozenset[str] | None", value(item, facts))
            return None if held is None else (member.value in held) is not negated
        case ex.StartsWith(item=item, prefix=prefix):
            text = cast("str | None", value(item, facts))
            return None if text is None else text.startswith(prefix)
        case ex.Compare(op=op, left=left, right=right):
            one, two = value(left, facts), value(right, facts)
            return None if one is None or two is None else _COMPARE[op](one, two)
        case ex.Arith(op=op, left=left, right=right):
            one, two = value(left, facts), value(right, facts)
            return None if one is None or two is None else _calculated(expr, facts, op, one, two)
        case ex.Neg(item=item):
            number = cast("float | None", value(item, facts))
            return None if number is None else -number
        case ex.Len(item=item):
            held = cast("frozenset[str] | None", value(item, facts))
            return None if held is None else len(held)
        case ex.DaysSince(item=item):
            day = cast("dt.date | None", value(item, facts))
            return None if day is None else (facts.as_of - day).days
        case _:
            raise AssertionError(expr)


def _decided(items: tuple[ex.Expr, ...], facts: Facts, *, by: bool) -> bool | None:
    """An `and`, which False decides, or an `or`, which True decides.

    A value that its type does not take is an error only where the truth hangs on it: what another part decides is
    decided.
    """
    truths: list[Plain] = []
    errors: list[FactError] = []
    for item in items:
        try:
            truths.append(value(item, facts))
        except FactError as error:
            errors.append(error)
    if any(truth is by for truth in truths):
        return by
    if errors:
        raise errors[0]
    return None if any(truth is None for truth in truths) else not by


def _and(values: list[bool | None]) -> bool | None:
    if any(each is False for each in values):
        return False
    return None if any(each is None for each in values) else True


def _not(truth: Plain) -> bool | None:
    return None if truth is None else not truth


def _calculated(expr: ex.Expr, facts: Facts, op: str, one: Any, two: Any) -> Any:
    try:
        result = _ARITH[op](one, two)
    except OverflowError:  # an integer that no float can hold; the checker bounds what valid facts can come to
        large = {name: found for name, ref in ex.facts_of(expr).items() if _is_large(found := facts.read(ref))}
        problems = [Problem(name, shown(found), "a whole number within ±(2^53 - 1)") for name, found in large.items()]
        raise FactError("fact", problems) from None
    return None if isinstance(result, float) and math.isnan(result) else result


def _is_large(found: Plain) -> bool:
    return type(found) is int and abs(found) > MAX_INT


def missing(expr: ex.Expr, facts: Facts) -> tuple[str, ...]:
    """The unknown facts that an unknown expression waits for, in written order, each once.

    They are those of its residual: of an unknown `and` or `or` only the unknown parts count. An undated parameter is
    `parameter:NAME`, and a group that is None stands for its facts.
    """
    return tuple(dict.fromkeys(_missing(expr, facts)))


def _missing(expr: ex.Expr, facts: Facts) -> list[str]:
    if isinstance(expr, ex.FactRef):
        return [facts.unknown_name(expr)]
    if isinstance(expr, ex.ParamRef):
        return [f"parameter:{expr.name}"]
    unknown = [child for child in ex.children(expr) if value(child, facts) is None]
    if not unknown:  # infinity minus infinity: every part is known, and yet there is no number
        return [name for child in ex.children(expr) for name in ex.facts_of(child)]
    return [name for child in unknown for name in _missing(child, facts)]


def settle(epoch: Epoch, truths: list[bool | None]) -> list[bool | None]:
    """The effective truths of an epoch's rules: each its own, and not that of any rule that overrides it."""
    effective = list(truths)
    for index, overriders in epoch.overriders:
        effective[index] = _and([truths[index], *(_not(effective[each]) for each in overriders)])
    return effective


def decide(epoch: Epoch, facts: Facts) -> tuple[int, int]:
    """The masks of the rules that fire and of those that are undetermined; bit `i` stands for `epoch.rules[i]`.

    Raises:
        FactError: a rule hangs on a fact that holds what its type does not take.
    """
    truths = settle(epoch, [cast("bool | None", value(rule.when, facts)) for rule in epoch.rules])
    fired = sum(1 << place for place, truth in enumerate(truths) if truth is True)
    return fired, sum(1 << place for place, truth in enumerate(truths) if truth is None)


def missing_of_rule(epoch: Epoch, index: int, facts: Facts) -> tuple[str, ...]:
    """The unknown facts that an undetermined rule waits for, those of the rules that may override it included."""
    overriders = epoch.above
    if index not in overriders:
        return missing(epoch.rules[index].when, facts)
    truths: list[bool | None] = [None] * len(epoch.rules)
    waiting = [index]
    involved: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each not in involved:
            involved.add(each)
            waiting.extend(overriders.get(each, ()))
            truths[each] = cast("bool | None", value(epoch.rules[each].when, facts))
    effective = list(truths)
    for place, above in epoch.overriders:
        if place in involved:
            effective[place] = _and([truths[place], *(_not(effective[each]) for each in above)])
    names: list[str] = []
    waiting, seen = [index], set[int]()
    while waiting:
        each = waiting.pop()
        if each in seen or effective[each] is not None:
            continue
        seen.add(each)
        if truths[each] is None:
            names.extend(missing(epoch.rules[each].when, facts))
        waiting.extend(reversed(overriders.get(each, ())))
    return tuple(dict.fromkeys(names))


def check_facts(epoch: Epoch, fact: object) -> None:
    """Read every fact that an epoch's rules read, to name all that is wrong with a fact that cannot be decided.

    Raises:
        FactError: values that their types do not take, all of them.
    """
    refs: dict[str, ex.FactRef] = {}
    for rule in epoch.rules:
        refs.update(ex.facts_of(rule.when))
    problems: dict[str, Problem] = {}
    for ref in refs.values():
        try:
            found = read(fact, ref.fact, ref.groups)
        except FactError as error:
            problems.update((each.path, each) for each in error.problems)
        else:
            if _is_large(found):
                problems[ref.fact.name] = Problem(ref.fact.name, shown(found), "a whole number within ±(2^53 - 1)")
    if problems:
        raise FactError(type(fact).__name__, problems.values())


def holes(template: Template) -> tuple[Hole, ...]:
    """The holes of a message, in order."""
    return tuple(part for part in template.parts if isinstance(part, Hole))


__all__ = [
    "Facts", "InstanceFacts", "check_facts", "decide", "groups_of", "holes", "missing", "missing_of_rule", "settle",
    "value",
]  # fmt: skip
