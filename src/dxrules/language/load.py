"""Loading: sources to a checked rulebook, every mistake of every file in one error."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from dxrules.digest import digest
from dxrules.errors import Diagnostic, DxRulesError, RulebookError, shown
from dxrules.expression import DATE, Expr
from dxrules.language.checker import FactScope, check_overrides, check_parameters, check_rule, collect
from dxrules.language.examples import CONTRADICTION, Trial, read_example
from dxrules.language.pack import read_pack
from dxrules.language.patterns import check_patterns
from dxrules.language.reader import MAX_SIZE, decode, read
from dxrules.language.rollup import check_rollups
from dxrules.language.scan import cut
from dxrules.language.sources import BUNDLED, Opened, RuleSource, bundled_folder, open_sources
from dxrules.language.targets import check_targets
from dxrules.language.written import Report, WrittenPack, WrittenRule
from dxrules.rulebook import Parameter, Rule, Rulebook
from dxrules.schema import FactType, describe
from dxrules.source import Source
from dxrules.suggest import did_you_mean
from dxrules.values import Plain, constant

WATCH = "watch"  # the bundled pack of pattern rules

# What a file that is no YAML may have meant to define. It is bounded, so that a hostile file cannot make it slow.
_BEFORE_COLON = re.compile(r"(?<!\w)([^\W\d]\w{0,200})['\"]?[ \t]{0,20}:")

ParameterValue = bool | int | float | str | Mapping[dt.date | str, bool | int | float | str]


@attrs.frozen(eq=False)
class Examined:
    """What some rule files hold, for those who work on rules.

    Attributes:
        rulebook: the checked rules; None when there are mistakes other than examples that contradict their rule.
        packs: the files as they are written; those that are not even YAML mappings are left out.
        diagnostics: every mistake, sorted by place.
        paths: the files, as diagnostics name them.
    """

    rulebook: Rulebook | None
    packs: tuple[WrittenPack, ...]
    diagnostics: tuple[Diagnostic, ...]
    paths: tuple[str, ...]


def load(
    sources: Iterable[RuleSource], facts: Iterable[type], parameters: Mapping[str, ParameterValue] | None
) -> Rulebook:
    """Read and check rule files; see `dxrules.load`."""
    found = examine(sources, facts, parameters)
    if found.diagnostics or found.rulebook is None:
        raise RulebookError(found.diagnostics)
    return found.rulebook


def examine(
    sources: Iterable[RuleSource], facts: Iterable[type], parameters: Mapping[str, ParameterValue] | None = None
) -> Examined:
    """Read and check rule files as `dxrules.load` does, and keep what was found whether it can be used or not.

    Raises:
        DxRulesError: no mistakes in files, but a class that is not attrs, or a parameter that no file declares.
    """
    fact_types = _fact_types(facts)
    sources = tuple(sources)
    opened = open_sources(sources, decode, MAX_SIZE)
    report = Report()
    packs, broken = _read(opened, report)
    if BUNDLED in sources:
        packs = [pack for pack in packs if not _spare(pack, fact_types)]
    rulebook = _check(packs, broken, fact_types, parameters or {}, report)
    order = {path: index for index, path in enumerate(opened)}
    found = sorted(report.found, key=lambda each: (order[each.path], each.line, each.column))
    return Examined(rulebook, tuple(packs), tuple(found), tuple(opened))


def _spare(pack: WrittenPack, fact_types: tuple[FactType, ...]) -> bool:
    """Whether a pack is the bundled one about events, and those who load it decide cards only."""
    if pack.patterns is None or pack.name is None or pack.name.text != WATCH:
        return False
    asked = {name.text for _, name in pack.patterns.facts}
    bundled = Path(pack.name.span.source.path).resolve().parent == bundled_folder().resolve()
    return bundled and not asked <= {each.name for each in fact_types}


def _read(opened: Mapping[str, Opened], report: Report) -> tuple[list[WrittenPack], list[Source]]:
    """The packs of all sources, and the sources that are not even YAML."""
    packs: list[WrittenPack] = []
    broken: list[Source] = []
    for source in opened.values():
        node, mistakes = read(source) if isinstance(source, Source) else (None, source)
        for mistake in mistakes:
            report.add(mistake)
        if node is None and isinstance(source, Source):
            broken.append(source)
        pack = None if node is None else read_pack(node, report)
        if pack is not None:
            packs.append(pack)
    return packs, broken


def _fact_types(facts: Iterable[type]) -> tuple[FactType, ...]:
    if isinstance(facts, type):
        message = f"`facts` takes several classes: write `facts=({facts.__name__},)`"
        raise DxRulesError(message)
    found = tuple(describe(each) for each in dict.fromkeys(facts))
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            message = f"two fact types are called `{name}`: rename one of the classes"
            raise DxRulesError(message)
    return found


def _check(
    packs: list[WrittenPack],
    broken: list[Source],
    fact_types: tuple[FactType, ...],
    overriding: Mapping[str, ParameterValue],
    report: Report,
) -> Rulebook | None:
    written = check_parameters(packs, report)
    parameters = {**written, **_override(written, overriding, report)}
    # A parameter is checked against its uses with all the values it takes, those in the files and those in force.
    every = {name: attrs.evolve(each, values=each.values + parameters[name].values) for name, each in written.items()}
    names = (name for source in broken for name in _BEFORE_COLON.findall(source.text))
    scopes, by_pack = collect(packs, fact_types, every, names, report)
    for scope in scopes.values():
        scope.check_definitions()
    rules: list[Rule] = []
    for pack, of in zip(packs, by_pack, strict=True):
        if of is not None:
            rules += _pack_rules(pack, of, written, report)
    for scope in scopes.values():
        check_overrides(_written_rules(packs, by_pack, scope), report)
    rollups = check_rollups(packs, by_pack, scopes, report)
    off = _disabled(packs, by_pack, report)
    gates = _gates(packs, by_pack, broken, report)
    patterns = check_patterns(packs, scopes, written, report)
    targets = check_targets(packs, report, whole=not broken)
    if any(each.code != CONTRADICTION for each in report.found):
        return None
    rules = [rule for rule in rules if rule.name not in off.get(rule.fact_type.name, ())]
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
        digest=digest(fact_types, rules, parameters, gates, patterns, rollups),
        operations=operations,
        disabled=off,
        patterns=patterns,
        rollups=rollups,
        targets=targets,
    )


def _pack_rules(pack: WrittenPack, scope: FactScope, parameters: Mapping[str, Parameter], report: Report) -> list[Rule]:
    """The sound rules of a pack, their examples tried."""
    found: list[Rule] = []
    unsound: list[WrittenRule] = []
    for place, written in enumerate(pack.rules):
        if report.full:
            return found
        rule = check_rule(written, pack, place, scope, report)
        given = (read_example(each, scope.fact_type, written.outcome.valid_from, report) for each in written.examples)
        examples = tuple(each for each in given if each is not None)
        if rule is not None and scope.rules.get(rule.name) is written.name:
            found.append(attrs.evolve(rule, examples=examples))
        else:
            unsound.append(written)
    Trial(found, unsound, parameters, report).run()
    return found


def _written_rules(
    packs: list[WrittenPack], by_pack: list[FactScope | None], scope: FactScope
) -> Iterator[WrittenRule]:
    for pack, of in zip(packs, by_pack, strict=True):
        if of is scope:
            yield from (rule for rule in pack.rules if scope.rules.get(rule.name.text) is rule.name)


def _disabled(packs: list[WrittenPack], by_pack: list[FactScope | None], report: Report) -> dict[str, dict[str, str]]:
    """By fact type name: the rules that are switched off, each with the first pack that does it."""
    off: dict[str, dict[str, str]] = {}
    for pack, scope in zip(packs, by_pack, strict=True):
        for name in pack.disable if scope is not None else ():
            assert scope is not None
            by = pack.name.text if pack.name is not None else ""
            off.setdefault(scope.fact_type.name, {}).setdefault(name.text, by)
            if name.text not in scope.rules and not scope.unreadable(name.text) and not report.full:
                message = f"there is no rule `{cut(name.text)}` on `{scope.fact_type.name}` to switch off"
                report(name.span, "pack/disable", message, did_you_mean(name.text, scope.rules))
    return off


def _gates(
    packs: list[WrittenPack], by_pack: list[FactScope | None], broken: list[Source], report: Report
) -> dict[str, dict[str, frozenset[str]]]:
    outcomes = [rule.outcome for pack in packs for rule in pack.rules]
    outcomes += [rule.outcome for pack in packs if pack.patterns is not None for rule in pack.patterns.rules]
    blocked = {each.target for each in outcomes if each.kind == "block" and each.target}
    found: dict[str, dict[str, frozenset[str]]] = {scope.fact_type.name: {} for scope in by_pack if scope is not None}
    for pack, scope in zip(packs, by_pack, strict=True):
        for operation, deadlines in pack.gates:
            if operation.text not in blocked and not broken and not report.full:
                report(operation.span, "gate/operation", f"no rule blocks an operation `{cut(operation.text)}`",
                       did_you_mean(operation.text, blocked))  # fmt: skip
            if scope is not None:
                gates = found[scope.fact_type.name]
                gates[operation.text] = gates.get(operation.text, frozenset()) | frozenset(deadlines)
    return found


def _override(
    written: Mapping[str, Parameter], overriding: Mapping[str, ParameterValue], report: Report
) -> dict[str, Parameter]:
    """The parameters that the caller sets.

    Raises:
        DxRulesError: one that no file declares, or a value of another type.
    """
    found: dict[str, Parameter] = {}
    for name, value in overriding.items():
        if report.found and not (name in written and written[name].values):
            continue  # the file with the parameter in it may be the broken one
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
        return ((dt.date.min, _plain_text(value)),)
    found: dict[dt.date, Plain] = {}
    for key, each in value.items():
        try:
            date = key if type(key) is dt.date else constant(key, DATE)
        except ValueError:
            date = None
        if type(date) is not dt.date:
            message = f"the values of the parameter `{name}` are given by date, not {shown(key)}"
            raise DxRulesError(message)
        found[date] = _plain_text(each)
    if not found:
        message = f"the parameter `{name}` has no value"
        raise DxRulesError(message)
    return tuple(sorted(found.items(), key=lambda pair: pair[0]))


def _plain_text(value: Plain) -> Plain:
    """A member of a text enum as its text."""
    return str.__str__(value) if isinstance(value, str) else value


def _family(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)) and math.isfinite(value) and abs(value) < 2**63:
        return "a number"
    return "text" if isinstance(value, str) else "a number within ±(2^63 - 1), a text, true or false"
