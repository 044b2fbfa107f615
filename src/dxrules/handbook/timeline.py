"""What a pattern rule says of the order of events: which come first, and between which there must be none of some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from dxrules import expression as ex
from dxrules.handbook.patternwords import moment_of
from dxrules.pattern import Match, PatternRule


@attrs.frozen(eq=False)
class Stretch:
    """A fact that must not be there, after the event at one place and before that at another; None is open."""

    match: Match
    after: int | None
    before: int | None


@attrs.frozen(eq=False)
class Timeline:
    """The events of a rule in their order, as far as the rule says it.

    Attributes:
        rule: the rule.
        events: the matched events; in written order where not `ordered`.
        ordered: whether the rule says which of any two comes first.
        others: the matched facts that are no events.
        stretches: what must not be there, and when.
    """

    rule: PatternRule
    events: tuple[Match, ...]
    ordered: bool
    others: tuple[Match, ...]
    stretches: tuple[Stretch, ...]


def timeline_of(rule: PatternRule) -> Timeline | None:
    """The order of a rule's events; None where there is next to nothing to be said of it."""
    events = [each for each in rule.match if each.is_event]
    several = len(events) > 1 or any(each.counted for each in events)
    if not events or not (several or rule.absent or rule.after is not None):
        return None
    before = _closed({(one, two) for one, two in _pairs(rule.where, rule.match) if one != two})
    names = [each.name for each in events]
    ordered = all((one, two) in before or (two, one) in before for one in names for two in names if one != two)
    if ordered:
        events.sort(key=lambda each: sum((other, each.name) in before for other in names))
    places = {each.name: place for place, each in enumerate(events)}
    stretches = tuple(_stretch(each, rule, places) for each in rule.absent)
    return Timeline(rule, tuple(events), ordered, tuple(each for each in rule.match if not each.is_event), stretches)


def _stretch(match: Match, rule: PatternRule, places: Mapping[str, int]) -> Stretch:
    pairs = list(_pairs(match.where, (*rule.match, match)))
    after = [places[one] for one, two in pairs if two == match.name and one in places]
    before = [places[two] for one, two in pairs if one == match.name and two in places]
    return Stretch(match, max(after, default=None), min(before, default=None))


def _pairs(where: ex.Expr | None, matches: Sequence[Match]) -> Iterator[tuple[str, str]]:
    """Events, and others that happen after them or at the same time, as a condition says."""
    named = {each.name: each for each in matches}
    for part in ex.conjuncts(where) if where is not None else ():
        if not isinstance(part, ex.Compare) or part.op in ("==", "!="):
            continue
        one, two = moment_of(part.left, named), moment_of(part.right, named)
        if one is not None and two is not None:
            yield (one, two) if part.op in ("<", "<=") else (two, one)


def _closed(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs, and those that follow from them."""
    found = set(pairs)
    while more := {(one, four) for one, two in found for three, four in found if two == three} - found:
        found |= more
    return found
