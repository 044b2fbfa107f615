"""The examples of pattern rules: facts with their times, tried against the meaning by `dxrules.matching`."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

import attrs

from dxrules import expression as ex
from dxrules import matching
from dxrules.language.examples import EXAMPLE_DAY, ExampleFacts, ParameterValues, give
from dxrules.language.nodes import Node, Scalar
from dxrules.language.scan import cut
from dxrules.language.written import Report, WrittenPatternExample
from dxrules.pattern import GivenFact, PatternExample, PatternRule
from dxrules.rulebook import Parameter
from dxrules.schema import FactType
from dxrules.source import Span
from dxrules.suggest import did_you_mean
from dxrules.values import Plain, constant

MOST_STEPS = 5_000_000  # looks at conditions that trying the examples of a pack may take
_WORDS = {True: "fires", False: "does not fire"}


def read_pattern_example(
    written: WrittenPatternExample, types: Mapping[str, FactType], valid_from: dt.date, report: Report
) -> PatternExample | None:
    """An example with its values checked; None after a report."""
    before = len(report.found)
    given: list[GivenFact] = []
    keys: set[tuple[str, str]] = set()
    for number, (entries, place) in enumerate(zip(written.given, written.places, strict=True), 1):
        fact = _fact(entries, place, number, types, report)
        if fact is None:
            continue
        if (fact.fact_type.name, fact.key) in keys:
            key = fact.fact_type.key
            report(place, "example/given", "two facts have the same key", f"give each its own `{key and key.name}`")
        keys.add((fact.fact_type.name, fact.key))
        given.append(fact)
    now = _now(written.now, report)
    if len(report.found) > before or report.full:
        return None
    if now is None:
        first = dt.datetime.combine(valid_from if valid_from != dt.date.min else EXAMPLE_DAY, dt.time())
        now = max((each.at for each in given if each.at is not None), default=first)
    return PatternExample(tuple(given), written.fires, now, written.span)


def _now(node: Scalar | None, report: Report) -> dt.datetime | None:
    if node is None:
        return None
    try:
        found = constant(node.text, ex.DATETIME)
    except ValueError as bad:
        report(node.span, "example/value", "`now` takes a date and time", str(bad))
        return None
    return cast("dt.datetime", found)


def _fact(
    entries: Mapping[str, tuple[Scalar, Node]],
    place: Span,
    number: int,
    types: Mapping[str, FactType],
    report: Report,
) -> GivenFact | None:
    if "is" not in entries:
        report(place, "example/given", "the fact does not say what it is", "write it as in `{is: CardEvent, ...}`")
        return None
    type_node = entries["is"][1]
    name = type_node.text if isinstance(type_node, Scalar) else ""
    fact_type = types.get(name)
    if fact_type is None or fact_type.key is None:
        report(type_node.span if name else entries["is"][0].span, "pattern/facts",
               f"`{cut(name)}` is not among the `facts` of this file", did_you_mean(name, types))  # fmt: skip
        return None
    given: dict[str, Plain] = {}
    for text, (key, node) in entries.items():
        if text != "is":
            give(fact_type, text, key, node, given, report)
    for fact in fact_type.members_of(""):
        if fact.required and fact is not fact_type.key and fact.name not in given and fact.type.kind != "unreadable":
            report(place, "example/needs-fact", f"`{fact.name}` has no default: the example must give it",
                   f"add `{fact.name}: ...`")  # fmt: skip
    given.setdefault(fact_type.key.name, str(number))
    at = given.get(fact_type.moment.name) if fact_type.moment is not None else None
    return GivenFact(fact_type, given, str(given[fact_type.key.name]), at if isinstance(at, dt.datetime) else None)


@attrs.define(eq=False)
class PatternTrial:
    """Tries the examples of a pack's pattern rules, and reports those that contradict their rule."""

    parameters: Mapping[str, Parameter]
    report: Report
    _left: int = attrs.field(default=MOST_STEPS, init=False)

    def run(self, rules: Iterable[PatternRule]) -> None:
        """Try them all."""
        for rule in rules:
            size = sum(1 for condition in rule.conditions() for _ in ex.walk(condition))
            for example in rule.examples:
                self._left -= _cost(rule, example) * (10 + size)
                if self._left < 0 or self.report.full:
                    if not self.report.full:
                        assert example.span is not None
                        self.report(example.span, "example/too-many", "trying the examples takes too long",
                                    "give fewer facts")  # fmt: skip
                    return
                self._try(rule, example)

    def _try(self, rule: PatternRule, example: PatternExample) -> None:
        day = example.now.date()
        values = ParameterValues(self.parameters, day)
        present = [
            matching.Present(each.fact_type, ExampleFacts(each.fact_type, each.given, values, day), each.key, each.at)
            for each in example.given
        ]
        fired = bool(matching.fires(rule, present, values, example.now))
        if fired is not example.fires:
            assert example.span is not None
            self.report(example.span, "example/contradiction",
                        f"with these facts `{rule.name}` {_WORDS[fired]}; the example says "
                        f"`fires: {str(example.fires).lower()}`", None)  # fmt: skip


def _cost(rule: PatternRule, example: PatternExample) -> int:
    """How many combinations of facts the search may look at, each beside every absent fact."""
    counts = Counter(each.fact_type for each in example.given)
    choices = [math.comb(counts[match.fact_type], match.at_least) for match in rule.match]
    return (1 + sum(choices) + math.prod(choices)) * (1 + sum(counts[each.fact_type] for each in rule.absent))
