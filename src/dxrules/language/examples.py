"""The examples of rules: read into facts without building an instance, and tried against the meaning.

An example is a promise of its own pack: it is judged with the pack's rules, among them those that override, and with
the parameters as the files state them. A pack loaded beside it, or a parameter changed when loading, may well change
what a rule does, and that is no mistake in the example.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, cast

import attrs

from dxrules import meaning
from dxrules import expression as ex
from dxrules.language.checker import example_day
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.pack import Report, WrittenExample
from dxrules.rulebook import Epoch, Example, Parameter, Rule, override_order
from dxrules.schema import Fact, FactType
from dxrules.suggest import did_you_mean
from dxrules.values import BadValue, Plain, constant, plain

_WORDS = {True: "fires", False: "does not fire", None: "is undetermined"}
_FIRES = {True: "true", False: "false", None: "unknown"}


@attrs.frozen(eq=False)
class ExampleFacts:
    """The facts of an example: given values, else the defaults of the class."""

    fact_type: FactType
    given: Mapping[str, Plain]
    parameters: Mapping[str, Plain]
    as_of: dt.date

    def read(self, ref: ex.FactRef) -> Plain:
        """The plain value of a fact."""
        for group in ref.groups:
            if self._value(group) is None:
                return None
        return self._value(ref.fact)

    def unknown_name(self, ref: ex.FactRef) -> str:
        """The fact's name, or that of the outermost group around it that is None."""
        return next((group.name for group in ref.groups if self._value(group) is None), ref.fact.name)

    def _value(self, fact: Fact) -> Plain:
        if fact.name in self.given:
            return self.given[fact.name]
        return default_of(self.fact_type, fact)


def default_of(fact_type: FactType, fact: Fact) -> Plain:
    """The plain default of a fact; None for one that has none."""
    cls: Any = fact_type.cls
    for step in fact.path[:-1]:
        cls = fact_type.facts[".".join(fact.path[: fact.path.index(step) + 1])].type.python
    default = attrs.fields_dict(cls)[fact.path[-1]].default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = None if default.takes_self else default.factory()
    if default is attrs.NOTHING or default is None:
        return None
    try:
        return plain(fact.type, default)
    except BadValue:
        return None


def read_example(written: WrittenExample, rule: Rule, report: Report) -> Example | None:
    """An example with its values checked; None after a report."""
    given: dict[str, Plain] = {}
    before = len(report.found)
    for name, (key, node) in written.given.items():
        _given(rule.fact_type, name, key, node, given, report)
    if len(report.found) > before:
        return None
    return Example(given, written.fires, example_day(written.as_of, rule), written.span)


def _given(
    fact_type: FactType, name: str, key: Scalar, node: Node, given: dict[str, Plain], report: Report
) -> None:
    fact = fact_type.facts.get(name)
    if fact is None:
        report(key.span, "example/fact", f"`{name}` is not a fact of `{fact_type.name}`",
               did_you_mean(name, fact_type.facts))  # fmt: skip
        return
    for end in range(1, len(fact.path)):
        given.setdefault(".".join(fact.path[:end]), True)
    if name in given and fact.type.kind != "group":
        report(key.span, "example/fact", f"`{name}` is given twice")
    elif fact.type.kind == "group" and isinstance(node, MapNode):
        given[name] = True
        for inner, value in node.entries:
            _given(fact_type, f"{name}.{inner.text}", inner, value, given, report)
    elif isinstance(node, Scalar) and node.value is None:
        given[name] = None
    else:
        try:
            given[name] = _value(fact, node)
        except BadValue as bad:
            message = f"`{name}` takes {bad.allowed}"
            report(node.span if isinstance(node, Scalar) else key.span, "example/value", message, bad.help)


def _value(fact: Fact, node: Node) -> Plain:
    kind = fact.type.kind
    if kind == "unreadable":
        raise BadValue("nothing in examples", fact.type.reason)
    if kind == "set" and isinstance(node, SeqNode):
        items = [item.value if isinstance(item, Scalar) else None for item in node.items]
        if len(set(items)) < len(items):
            raise BadValue("each member once")
        return plain(fact.type, frozenset(items))
    if not isinstance(node, Scalar) or kind in ("set", "group"):
        raise BadValue("a list" if kind == "set" else fact.type.words())
    value: object = node.value
    if kind == "text" and isinstance(value, (bool, int, float)):
        raise BadValue("text", "put quotes around it")
    if kind in ("date", "datetime") and isinstance(value, str):
        try:
            value = constant(value, fact.type)
        except ValueError as bad:
            raise BadValue(fact.type.words(), str(bad)) from None
    if kind == "bool" and not isinstance(value, bool):
        raise BadValue("true, false or nothing")
    found = plain(fact.type, value)
    low = None if fact.note is None else fact.note.minimum
    if low is not None and found is not None and cast("float", found) < low:
        raise BadValue(f"{fact.type.words()} of at least {low}")
    return found


def try_examples(rules: list[Rule], parameters: Mapping[str, Parameter], report: Report) -> None:
    """Try the examples of one pack's rules; report those that contradict their rule."""
    epochs: dict[dt.date, Epoch] = {}
    for rule in rules:
        for example in rule.examples:
            epoch = epochs.get(example.as_of)
            if epoch is None:
                epoch = epochs[example.as_of] = _epoch(rules, parameters, example.as_of)
            _try(rule, example, epoch, report)


def _epoch(rules: list[Rule], parameters: Mapping[str, Parameter], as_of: dt.date) -> Epoch:
    held = tuple(rule for rule in rules if rule.valid(as_of))
    values = {name: each.at(as_of) for name, each in parameters.items()}
    return Epoch(rules[0].fact_type, held, values, override_order(held), "", {}, frozenset())


def _try(rule: Rule, example: Example, epoch: Epoch, report: Report) -> None:
    assert example.span is not None
    facts = ExampleFacts(rule.fact_type, example.given, epoch.parameters, example.as_of)
    if not rule.valid(example.as_of):
        if example.fires is not False:
            report(example.span, "example/outside", f"`{rule.name}` is not in force on {example.as_of}",
                   "give the example an `as_of` on which it is")  # fmt: skip
        return
    involved = _involved(rule, epoch)
    for name in sorted({ref for each in involved.values() for ref in _needed(each, example)}):
        report(example.span, "example/needs-fact", f"the rule reads `{name}`, which has no default: the example must give it",
               f"add `{name}: ...` under `given`")  # fmt: skip
        return
    truths: list[bool | None] = [None] * len(epoch.rules)
    for index, each in involved.items():
        truths[index] = cast("bool | None", meaning.value(each.when, facts))
    index = next(place for place, each in involved.items() if each is rule)
    overriders = tuple(pair for pair in epoch.overriders if pair[0] in involved)
    truth = meaning.settle(attrs.evolve(epoch, overriders=overriders), truths)[index]
    if truth is not example.fires:
        waits = meaning.missing_of_rule(epoch, index, facts) if truth is None else ()
        help_text = f"it waits for {', '.join(f'`{name}`' for name in waits)}" if waits else None
        silent = truth is False and truths[index] is not False
        report(example.span, "example/contradiction",
               f"with these facts `{rule.name}` {_WORDS[truth]}; the example says `fires: {_FIRES[example.fires]}`",
               "a rule that overrides it silences it" if silent else help_text)  # fmt: skip


def _involved(rule: Rule, epoch: Epoch) -> dict[int, Rule]:
    """A rule and those that may silence it, by place."""
    if not epoch.overriders:
        return {_place(rule, epoch): rule}
    overriders = dict(epoch.overriders)
    waiting = [_place(rule, epoch)]
    found: dict[int, Rule] = {}
    while waiting:
        index = waiting.pop()
        if index not in found:
            found[index] = epoch.rules[index]
            waiting.extend(overriders.get(index, ()))
    return found


def _place(rule: Rule, epoch: Epoch) -> int:
    low, high = 0, len(epoch.rules)
    while low < high:  # rules of a pack are kept by their place in it
        middle = (low + high) // 2
        if epoch.rules[middle].place < rule.place:
            low = middle + 1
        else:
            high = middle
    return low


def _needed(rule: Rule, example: Example) -> Iterator[str]:
    """The facts without default that a rule reads and an example does not give."""
    for name, ref in ex.facts_of(rule.when).items():
        inside_none = any(example.given.get(group.name) is None for group in ref.groups)
        if ref.fact.required and name not in example.given and not inside_none:
            yield name
