"""From nodes to a pack as written: which keys it has and what stands under them, before any name is resolved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import cast

from dxrules.language.entries import (
    CODE,
    NAME,
    Entry,
    date_of,
    date_text,
    examples_in,
    fires_of,
    first_of,
    is_empty,
    keys_of,
    named,
    names_in,
    required_name,
)
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.outcomekeys import OUTCOME_KEYS, read_outcome
from dxrules.language.patternpack import PATTERN_KEYS, PATTERN_PACK_KEYS, holds_patterns, read_patterns
from dxrules.language.scan import cut
from dxrules.language.targets import read_targets
from dxrules.language.written import Name, Report, WrittenExample, WrittenPack, WrittenParameter, WrittenRule
from dxrules.rulebook import DEADLINES, Deadline
from dxrules.suggest import did_you_mean
from dxrules.values import Plain

PACK_KEYS = ("rulebook", "facts", "parameters", "define", "gates", "targets", "disable", "rollup", "fill", "rules")
RULE_KEYS = ("when", *OUTCOME_KEYS, "overrides", "examples")
EXAMPLE_KEYS = ("given", "fires", "as_of")


def read_pack(node: Node, report: Report) -> WrittenPack | None:
    """A pack as written, or None when it is not even a mapping; every mistake is reported."""
    if not isinstance(node, MapNode):
        report(first_of(node.span), "pack/not-a-mapping", "a rule file is a mapping of keys to values",
               "begin with `rulebook: a_name`")  # fmt: skip
        return None
    if holds_patterns(node):
        keys = keys_of(node, PATTERN_PACK_KEYS, report, "a file of pattern rules", below=PATTERN_KEYS)
        return WrittenPack(
            name=required_name(keys, "rulebook", node, report),
            facts=None,
            parameters=tuple(_parameters(keys.get("parameters"), report)),
            definitions=(),
            gates=(),
            disable=tuple(names_in(keys.get("disable"), "disable", report)),
            rules=(),
            patterns=read_patterns(keys, report),
            targets=tuple(read_targets(keys.get("targets"), report)),
        )
    keys = keys_of(node, PACK_KEYS, report, "a rule file", below=RULE_KEYS)
    name = required_name(keys, "rulebook", node, report)
    facts = required_name(keys, "facts", node, report)
    parameters = tuple(_parameters(keys.get("parameters"), report))
    definitions = tuple(named(keys.get("define"), "define", NAME, report))
    gates = tuple(_gates(keys.get("gates"), report))
    disable = tuple(names_in(keys.get("disable"), "disable", report))
    rules = tuple(_rule(rule, body, report) for rule, body in named(keys.get("rules"), "rules", CODE, report))
    rollup, fill = (tuple(named(keys.get(key), key, NAME, report)) for key in ("rollup", "fill"))
    return WrittenPack(
        name=name,
        facts=facts,
        parameters=parameters,
        definitions=definitions,
        gates=gates,
        disable=disable,
        rules=rules,
        rollup=rollup,
        fill=fill,
        targets=tuple(read_targets(keys.get("targets"), report)),
    )


def _parameters(entry: Entry | None, report: Report) -> Iterator[WrittenParameter]:
    for name, node in named(entry, "parameters", NAME, report):
        if isinstance(node, MapNode):
            values = tuple(_dated(name, node, report))
        else:
            value = _parameter_value(name, node, report)
            values = () if value is None else ((dt.date.min, value),)
        kinds = {float if type(value) is int else type(value) for _, value in values}
        if len(kinds) > 1:
            message = f"the values of `{name.text}` are of different types"
            report(name.span, "parameter/types", message, "make them all numbers, all texts, or all true and false")
            values = ()
        yield WrittenParameter(name, values)


def _dated(name: Name, node: MapNode, report: Report) -> Iterator[tuple[dt.date, Plain]]:
    found: dict[dt.date, Plain] = {}
    for key, item in node.entries:
        date = date_text(key.text)
        value = _parameter_value(name, item, report)
        if date is None:
            report(key.span, "parameter/date", f"`{cut(key.text)}` is not a date", "write it as `2026-01-31`")
        elif value is not None:
            found[date] = value
    if not node.entries:
        report(name.span, "parameter/value", f"the parameter `{name.text}` has no value",
               "write one, or values by date: `{2026-01-01: 60}`")  # fmt: skip
    yield from sorted(found.items(), key=lambda pair: pair[0])


def _parameter_value(name: Name, node: Node, report: Report) -> Plain:
    """The value of a parameter, or None after a report."""
    if isinstance(node, Scalar) and isinstance(node.value, (bool, str)):
        return node.value
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)):
        if -(2**63) < node.value < 2**63:  # also keeps infinities and NaN out
            return node.value
        report(node.span, "parameter/number", f"`{cut(node.text)}` is not a number that rules can take",
               "it must lie within ±(2^63 - 1)")  # fmt: skip
        return None
    what = "has no value" if is_empty(node) else "takes a number, a text, true or false"
    place = name.span if is_empty(node) else first_of(node.span)
    report(place, "parameter/value", f"the parameter `{name.text}` {what}",
           "write one, or values by date: `{2026-01-01: 60}`")  # fmt: skip
    return None


def _gates(entry: Entry | None, report: Report) -> Iterator[tuple[Name, tuple[Deadline, ...]]]:
    for name, node in named(entry, "gates", NAME, report):
        deadlines: list[Deadline] = []
        for each in names_in((cast("Scalar", node), node), name.text, report):
            if each.text in DEADLINES:
                deadlines.append(each.text)
            else:
                message = f"`{cut(each.text)}` is not a deadline"
                report(each.span, "gate/deadline", message, did_you_mean(each.text, DEADLINES))
        yield name, tuple(deadlines)


def _rule(name: Name, node: Node, report: Report) -> WrittenRule:
    entries: dict[str, Entry] = {}
    if isinstance(node, MapNode):
        entries = keys_of(node, RULE_KEYS, report, "a rule")
    else:
        report(name.span, "rule/empty", f"the rule `{name.text}` says nothing",
               "it needs `when`, an effect such as `warn`, and `message`")  # fmt: skip
    if isinstance(node, MapNode) and "when" not in entries:
        report(
            name.span, "rule/no-when", f"the rule `{name.text}` has no `when`", "add the condition on which it fires"
        )
    return WrittenRule(
        name=name,
        when=entries["when"][1] if "when" in entries else None,
        outcome=read_outcome(name, entries if isinstance(node, MapNode) else None, report),
        overrides=tuple(names_in(entries.get("overrides"), "overrides", report)),
        examples=tuple(_examples(entries.get("examples"), report)),
    )


def _examples(entry: Entry | None, report: Report) -> Iterator[WrittenExample]:
    form = "write `- {given: {...}, fires: true}`"
    for node, keys in examples_in(entry, EXAMPLE_KEYS, form, report):
        fires = fires_of(node, keys.get("fires"), report)
        given: dict[str, Entry] = {}
        if "given" in keys and isinstance(keys["given"][1], MapNode):
            given = {key.text: (key, value) for key, value in keys["given"][1].entries}
        elif "given" in keys and not is_empty(keys["given"][1]):
            report(keys["given"][0].span, "example/given", "`given` takes facts and their values",
                   "write `given: {a_fact: a_value}`")  # fmt: skip
            continue
        as_of = date_of(keys["as_of"][1], "as_of", report) if "as_of" in keys else None
        if fires is not Ellipsis:
            yield WrittenExample(given, cast("bool | None", fires), as_of, first_of(node.span))
