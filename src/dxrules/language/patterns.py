"""The pattern rules of all packs: checked, their examples tried, in the order of decisions."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from dxrules.language.checker import FactScope
from dxrules.language.patterncheck import PatternChecker
from dxrules.language.patternexamples import PatternTrial, read_pattern_example
from dxrules.language.patternnames import Names
from dxrules.language.scan import cut
from dxrules.language.written import Name, Report, WrittenPack, WrittenPattern
from dxrules.pattern import PatternRule, in_order
from dxrules.rulebook import Parameter
from dxrules.suggest import did_you_mean


def check_patterns(
    packs: list[WrittenPack], scopes: Mapping[str, FactScope], parameters: Mapping[str, Parameter], report: Report
) -> tuple[PatternRule, ...]:
    """The sound pattern rules of all packs; what is wrong with the others is reported.

    Args:
        packs: as written; those without pattern rules are passed over.
        scopes: the names on each fact type, definitions checked.
        parameters: as the files state them, for the examples.
        report: takes every mistake.
    """
    every = [pack for pack in packs if pack.patterns is not None]
    first = _unique(every, report)
    scope = next(iter(scopes.values()), None)
    names = Names({} if scope is None else scope.parameters, report, frozenset() if scope is None else scope.elsewhere)
    found: list[PatternRule] = []
    for pack in every:
        assert pack.patterns is not None
        checker = PatternChecker(pack, scopes, names)
        sound: list[PatternRule] = []
        for place, written in enumerate(pack.patterns.rules):
            if report.full:
                return ()
            rule = _checked(checker, written, place, scopes, report)
            if rule is not None and first[rule.name] is written.name:
                sound.append(rule)
        PatternTrial(parameters, report).run(sound)
        found += sound
    off = _disabled(every, first, report)
    return tuple(sorted((rule for rule in found if rule.name not in off), key=in_order))


def _checked(
    checker: PatternChecker,
    written: WrittenPattern,
    place: int,
    scopes: Mapping[str, FactScope],
    report: Report,
) -> PatternRule | None:
    """A checked rule with its examples."""
    rule = checker.rule(written, place)
    from_day = written.outcome.valid_from
    given = [read_pattern_example(each, checker.types, from_day, report) for each in written.examples]
    if rule is None:
        return None
    same = scopes[rule.about.fact_type.name].rules.get(rule.name)
    if same is not None:
        _report_same(written.name, same, report)
        return None
    return attrs.evolve(rule, examples=tuple(each for each in given if each is not None))


def _unique(packs: list[WrittenPack], report: Report) -> dict[str, Name]:
    """The first pattern rule of each name; others are reported."""
    first: dict[str, Name] = {}
    for pack in packs:
        assert pack.patterns is not None
        for rule in pack.patterns.rules:
            if rule.name.text in first:
                _report_same(rule.name, first[rule.name.text], report)
            first.setdefault(rule.name.text, rule.name)
    return first


def _report_same(name: Name, other: Name, report: Report) -> None:
    line, _ = other.span.source.position(other.span.start)
    message = f"a rule called `{name.text}` is already in {other.span.source.path}:{line}"
    report(name.span, "rule/duplicate", message, "a rule's name is its code: choose another")


def _disabled(packs: list[WrittenPack], first: Mapping[str, Name], report: Report) -> set[str]:
    off: set[str] = set()
    for pack in packs:
        for name in pack.disable:
            off.add(name.text)
            if name.text not in first and not report.full:
                message = f"there is no pattern rule `{cut(name.text)}` to switch off"
                report(name.span, "pack/disable", message, did_you_mean(name.text, first))
    return off
