"""Loading: sources to a checked rulebook, every mistake of every file in one error."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping

import attrs

from dxrules.digest import digest
from dxrules.errors import Diagnostic, DxRulesError, RulebookError, shown
from dxrules.language.checker import FactScope, check_overrides, check_parameters, check_rule, collect
from dxrules.language.examples import read_example, try_examples
from dxrules.expression import DATE, Expr
from dxrules.language.pack import Report, WrittenPack, WrittenRule, read_pack
from dxrules.language.reader import decode, read
from dxrules.language.sources import RuleSource, open_sources
from dxrules.rulebook import Parameter, Rule, Rulebook
from dxrules.schema import FactType, describe
from dxrules.suggest import did_you_mean
from dxrules.values import Plain, constant

ParameterValue = bool | int | float | str | Mapping[dt.date | str, bool | int | float | str]


def load(
    sources: Iterable[RuleSource], facts: Iterable[type], parameters: Mapping[str, ParameterValue] | None
) -> Rulebook:
    """Read and check rule files; see `dxrules.load`."""
    fact_types = _fact_types(facts)
    texts, mistakes = open_sources(sources, decode)
    report = Report()
    for mistake in mistakes:
        report.add(mistake)
    packs: list[WrittenPack] = []
    for text in texts:
        node, flaws = read(text)
        for flaw in flaws:
            report.add(flaw)
        pack = None if node is None else read_pack(node, report)
        if pack is not None:
            packs.append(pack)
    order = {text.path: index for index, text in reversed(list(enumerate(texts)))}
    rulebook = _check(packs, fact_types, parameters or {}, report)
    if report.found or rulebook is None:
        raise RulebookError(sorted(report.found, key=lambda each: _place(each, order)))
    return rulebook


def _place(diagnostic: Diagnostic, order: Mapping[str, int]) -> tuple[int, int, int]:
    return order.get(diagnostic.path, -1), diagnostic.line, diagnostic.column


def _fact_types(facts: Iterable[type]) -> tuple[FactType, ...]:
    found = tuple(describe(each) for each in facts)
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            message = f"two fact types are called `{name}`: rename one of the classes"
            raise DxRulesError(message)
    return found


def _check(
    packs: list[WrittenPack],
    fact_types: tuple[FactType, ...],
    overriding: Mapping[str, ParameterValue],
    report: Report,
) -> Rulebook | None:
    written = check_parameters(packs, report)
    parameters = {**written, **_override(written, overriding)}
    # A parameter is checked against its uses with all the values it takes, those in the files and those in force.
    every = {name: attrs.evolve(each, values=each.values + parameters[name].values) for name, each in written.items()}
    scopes = collect(packs, fact_types, every, report)
    for scope in scopes.values():
        scope.check_definitions()
    pairs: dict[str, list[tuple[WrittenRule, Rule]]] = {name: [] for name in scopes}
    for pack in packs:
        scope = scopes.get(pack.facts.text)
        if scope is not None:
            pairs[pack.facts.text] += _pack_rules(pack, scope, written, report)
    for each in pairs.values():
        check_overrides(each, report)
    if not report.found:
        _try_examples(packs, pairs, written, report)
    off = _disabled(packs, scopes, report)
    gates = _gates(packs, pairs, report)
    if report.found:
        return None
    rules = [rule for name, each in pairs.items() for _, rule in each if (name, rule.name) not in off]
    rules.sort(key=lambda rule: (-rule.priority, rule.pack, rule.place))
    operations = frozenset(rule.target for rule in rules if rule.kind == "block" and rule.target)
    definitions: dict[str, dict[str, Expr]] = {
        name: {key: expr for key, expr in scope.checked.items() if expr is not None} for name, scope in scopes.items()
    }
    return Rulebook(
        fact_types=fact_types,
        rules=tuple(rules),
        parameters=parameters,
        definitions=definitions,
        gates=gates,
        digest=digest(fact_types, rules, parameters, gates),
        operations=operations,
    )


def _pack_rules(
    pack: WrittenPack, scope: FactScope, parameters: Mapping[str, Parameter], report: Report
) -> list[tuple[WrittenRule, Rule]]:
    del parameters
    found: list[tuple[WrittenRule, Rule]] = []
    for place, written in enumerate(pack.rules):
        rule = check_rule(written, pack, place, scope, report)
        if rule is not None and scope.rules.get(rule.name) is written.name:
            examples = (read_example(each, rule, report) for each in written.examples)
            found.append((written, attrs.evolve(rule, examples=tuple(each for each in examples if each))))
    return found


def _try_examples(
    packs: list[WrittenPack],
    pairs: Mapping[str, list[tuple[WrittenRule, Rule]]],
    parameters: Mapping[str, Parameter],
    report: Report,
) -> None:
    by_pack: dict[str, list[Rule]] = {pack.name.text: [] for pack in packs}
    for each in pairs.values():
        for _, rule in each:
            by_pack[rule.pack].append(rule)
    for rules in by_pack.values():
        if rules:
            try_examples(rules, parameters, report)


def _disabled(packs: list[WrittenPack], scopes: Mapping[str, FactScope], report: Report) -> set[tuple[str, str]]:
    off: set[tuple[str, str]] = set()
    for pack in packs:
        scope = scopes.get(pack.facts.text)
        for name in pack.disable if scope is not None else ():
            assert scope is not None
            if name.text in scope.rules:
                off.add((pack.facts.text, name.text))
            else:
                message = f"there is no rule `{name.text}` on `{pack.facts.text}` to switch off"
                report(name.span, "pack/disable", message, did_you_mean(name.text, scope.rules))
    return off


def _gates(
    packs: list[WrittenPack], pairs: Mapping[str, list[tuple[WrittenRule, Rule]]], report: Report
) -> dict[str, dict[str, frozenset[str]]]:
    blocked = {rule.target for each in pairs.values() for _, rule in each if rule.kind == "block" and rule.target}
    found: dict[str, dict[str, frozenset[str]]] = {name: {} for name in pairs}
    for pack in packs:
        for operation, deadlines in pack.gates:
            if operation.text not in blocked and not report.found:
                report(operation.span, "gate/operation", f"no rule blocks an operation `{operation.text}`",
                       did_you_mean(operation.text, (each for each in blocked if each)))  # fmt: skip
            gates = found.setdefault(pack.facts.text, {})
            gates[operation.text] = gates.get(operation.text, frozenset()) | frozenset(deadlines)
    return found


def _override(
    written: Mapping[str, Parameter], overriding: Mapping[str, ParameterValue]
) -> dict[str, Parameter]:
    """The parameters that the caller sets.

    Raises:
        DxRulesError: one that no file declares, or a value of another type.
    """
    found: dict[str, Parameter] = {}
    for name, value in overriding.items():
        if name not in written:
            help_text = did_you_mean(str(name), written) or "a parameter is declared in a rule file"
            message = f"no rule file has a parameter `{name}`; {help_text}"
            raise DxRulesError(message)
        values = _given_values(name, value)
        like = _family(written[name].values[0][1])
        for _, each in values:
            if _family(each) != like:
                message = f"the parameter `{name}` takes {like}, not {shown(each)}"
                raise DxRulesError(message)
        found[name] = Parameter(name, values, written[name].pack)
    return found


def _given_values(name: str, value: ParameterValue) -> tuple[tuple[dt.date, Plain], ...]:
    if not isinstance(value, Mapping):
        return ((dt.date.min, value),)
    found: dict[dt.date, Plain] = {}
    for key, each in value.items():
        try:
            date = key if type(key) is dt.date else constant(key, DATE)
        except ValueError:
            date = None
        if type(date) is not dt.date:
            message = f"the values of the parameter `{name}` are given by date, not {shown(key)}"
            raise DxRulesError(message)
        found[date] = each
    if not found:
        message = f"the parameter `{name}` has no value"
        raise DxRulesError(message)
    return tuple(sorted(found.items(), key=lambda pair: pair[0]))


def _family(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)) and math.isfinite(value) and abs(value) < 2**63:
        return "a number"
    return "text" if isinstance(value, str) else "a number within ±(2^63 - 1), a text, true or false"
