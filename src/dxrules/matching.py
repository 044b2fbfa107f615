"""What pattern rules mean: a slow, obvious search for facts that match, from scratch.

It is to pattern rules what `dxrules.meaning` is to conditions: whatever else finds matches must agree with it. The
examples of pattern rules are tried by it.

- An event counts from its time on until the `keep` of the rule's pack has passed. Other facts count while they are
  there.
- A fact matches where its `when` is true and its joins are true; an unknown is no match. All matched facts are
  different ones. `where` must be true, the matched events must lie `within` the time given, and the rule fires from
  `after` the last of them on.
- A fact blocks a match where the conditions of an absent fact are not surely false of it: an unknown counts as
  present. The facts of the matches that are not counted do not block.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.meaning import Facts, InstanceFacts, value
from dxrules.pattern import Match, PatternRule
from dxrules.schema import FactType
from dxrules.values import Plain, groups_of

_NO_PARAMETERS: Mapping[str, Plain] = MappingProxyType({})


@attrs.frozen(eq=False)
class Present:
    """A fact that is there to be matched: its key, and its time if it is an event.

    What it holds is read from `fact`, an instance, unless `_facts` stands for it. `name` is what it is called: the name
    of its type, and its key.
    """

    fact_type: FactType
    _facts: Facts | None
    key: str
    at: dt.datetime | None
    fact: Any = None
    name: tuple[str, str] = attrs.field(init=False)

    @name.default
    def _called(self) -> tuple[str, str]:
        return self.fact_type.name, self.key

    @property
    def facts(self) -> Facts:
        """What it holds. Made when it is asked for: a session holds many facts, and looks into few."""
        return InstanceFacts(self.fact, _NO_PARAMETERS, dt.date.min) if self._facts is None else self._facts

    @property
    def order(self) -> tuple[dt.datetime, str]:
        """Earlier ones first, ties by key."""
        return self.at or dt.datetime.min, self.key


@attrs.frozen(eq=False)
class MatchFacts:
    """The facts of a match, each under its name: what `where` and messages are evaluated over."""

    bound: Mapping[str, Present]
    parameters: Mapping[str, Plain]
    as_of: dt.date

    def read(self, ref: ex.FactRef) -> Plain:
        """The plain value of a fact such as `report.at`."""
        present = self.bound[ref.fact.path[0]]
        return present.facts.read(inner(ref, present.fact_type))

    def unknown_name(self, ref: ex.FactRef) -> str:
        """The fact's name, or that of the group around it that is None."""
        name = ref.fact.path[0]
        present = self.bound[name]
        return f"{name}.{present.facts.unknown_name(inner(ref, present.fact_type))}"


def inner(ref: ex.FactRef, fact_type: FactType) -> ex.FactRef:
    """The fact `at` that `report.at` is, of the type that `report` has."""
    item = fact_type.facts[".".join(ref.fact.path[1:])]
    return ex.FactRef(item, groups_of(fact_type, item))


def reads_of(rule: PatternRule) -> dict[str, dict[str, ex.FactRef]]:
    """By match or absent fact: the facts that a rule reads of it, by name, in written order."""
    matches = {each.name: each for each in (*rule.match, *rule.absent)}
    found: dict[str, dict[str, ex.FactRef]] = {name: {} for name in matches}
    for name, match in matches.items():
        found[name].update({} if match.when is None else ex.facts_of(match.when))
        found[name].update((ref.fact.name, ref) for ref in match.shared)
        for join in match.joined:
            found[name].setdefault(join.own.fact.name, join.own)
            found[join.other].setdefault(join.theirs.fact.name, join.theirs)
    for expr in (rule.where, *(each.where for each in matches.values()), rule.after):
        for ref in ex.facts_of(expr).values() if isinstance(expr, ex.Expr) else ():
            name = ref.fact.path[0]
            if len(ref.fact.path) > 1:  # a match alone stands for no fact of it
                own = inner(ref, matches[name].fact_type)
                found[name].setdefault(own.fact.name, own)
    for match in rule.match if rule.within is not None or isinstance(rule.after, dt.timedelta) else ():
        if match.fact_type.moment is not None:
            found[match.name].setdefault(match.fact_type.moment.name, ex.FactRef(match.fact_type.moment))
    if rule.about.ref is not None:
        found[rule.about.match].setdefault(rule.about.ref.fact.name, rule.about.ref)
    return found


@attrs.frozen(eq=False)
class Found:
    """A match: its facts by name, those of a counted match in order, and when the last of its events happened."""

    chosen: Mapping[str, tuple[Present, ...]]
    completed: dt.datetime | None

    @property
    def order(self) -> tuple[Any, ...]:
        """Of several matches the one that was complete first counts; ties by the facts, in the order of the rule."""
        heads = tuple(each[0].order for each in self.chosen.values())
        rest = tuple(one.order for each in self.chosen.values() for one in each[1:])
        return self.completed or dt.datetime.min, heads, rest

    @property
    def bound(self) -> dict[str, Present]:
        """One fact for each name; of a counted match the first."""
        return {name: each[0] for name, each in self.chosen.items()}

    @property
    def facts(self) -> tuple[Any, ...]:
        """The matched facts, in the order of the rule."""
        return tuple(one.fact for each in self.chosen.values() for one in each)


def later(moment: dt.datetime, by: dt.timedelta) -> dt.datetime:
    """A moment some time later, or the last of all moments."""
    try:
        return moment + by
    except OverflowError:
        return dt.datetime.max


def fires(
    rule: PatternRule, present: Iterable[Present], parameters: Mapping[str, Plain], now: dt.datetime
) -> dict[str, Found]:
    """The first match of a rule for each fact that its outcome is about, by that fact's key.

    Args:
        rule: the rule.
        present: everything there is, also events that do not count any more.
        parameters: the parameters' values on the day of `now`.
        now: the time.
    """
    found: dict[str, Found] = {}
    if not rule.valid(now.date()):
        return found
    counting = [each for each in present if _counts(each, rule, now)]
    for each in _matches(rule, counting, parameters, now):
        subject = _subject(rule, each)
        if subject is not None and (subject not in found or each.order < found[subject].order):
            found[subject] = each
    return found


def _counts(each: Present, rule: PatternRule, now: dt.datetime) -> bool:
    if each.at is None:
        return True
    return rule.keep is not None and each.at <= now < later(each.at, rule.keep)


def _matches(
    rule: PatternRule, present: Sequence[Present], parameters: Mapping[str, Plain], now: dt.datetime
) -> Iterator[Found]:
    day = now.date()
    choices = [list(_choices(match, present)) for match in rule.match]
    for combination in itertools.product(*choices):
        chosen = {match.name: facts for match, facts in zip(rule.match, combination, strict=True)}
        every = [one for facts in combination for one in facts]
        if len({id(one) for one in every}) < len(every):
            continue
        times = [one.at for one in every if one.at is not None]
        completed = max(times, default=None)
        if rule.within is not None and completed is not None and completed - min(times) > rule.within:
            continue
        found = Found(chosen, completed)
        bound = MatchFacts(found.bound, parameters, day)
        singles = {id(facts[0]) for match, facts in zip(rule.match, combination, strict=True) if not match.counted}
        if (
            all(_goes_with(match, one, bound) is True for match in rule.match for one in chosen[match.name])
            and (rule.where is None or value(rule.where, bound) is True)
            and _is_due(rule, bound, completed, now)
            and not any(
                _goes_with(match, one, bound) is not False
                for match in rule.absent
                for one in present
                if one.fact_type is match.fact_type and id(one) not in singles
            )
        ):
            yield found


def _choices(match: Match, present: Sequence[Present]) -> Iterator[tuple[Present, ...]]:
    """Every fact that may be this match, or of a counted one every set of so many."""
    sound = [each for each in present if each.fact_type is match.fact_type and _alone(match, each) is True]
    sound.sort(key=lambda each: each.order)
    for facts in itertools.combinations(sound, match.at_least):
        shared = [[one.facts.read(ref) for one in facts] for ref in match.shared]
        if all(values[0] is not None and values.count(values[0]) == len(values) for values in shared):
            yield facts


def _alone(match: Match, one: Present) -> Plain:
    """Whether a fact is what a match says of it alone."""
    return True if match.when is None else value(match.when, one.facts)


def _goes_with(match: Match, one: Present, bound: MatchFacts) -> bool | None:
    """Whether a fact is what a match, or an absent fact, says, beside the facts that are matched (Kleene)."""
    truths: list[Plain] = [_alone(match, one)]
    for join in match.joined:
        own = one.facts.read(join.own)
        theirs = bound.bound[join.other].facts.read(join.theirs)
        truths.append(None if own is None or theirs is None else own == theirs)
    if match.where is not None:
        beside = MatchFacts({**bound.bound, match.name: one}, bound.parameters, bound.as_of)
        truths.append(value(match.where, beside))
    if any(truth is False for truth in truths):
        return False
    return None if any(truth is None for truth in truths) else True


def _is_due(rule: PatternRule, bound: MatchFacts, completed: dt.datetime | None, now: dt.datetime) -> bool:
    if rule.after is None:
        return True
    if isinstance(rule.after, dt.timedelta):
        return completed is not None and later(completed, rule.after) <= now
    due = bound.read(rule.after)
    return isinstance(due, dt.datetime) and due <= now


def _subject(rule: PatternRule, found: Found) -> str | None:
    present = found.bound[rule.about.match]
    if rule.about.ref is None:
        return present.key
    key = present.facts.read(rule.about.ref)
    return key if isinstance(key, str) else None
