"""The examples of rules: read into facts without building an instance, and tried against the meaning.

An example is a promise of its own pack: it is judged with the pack's rules, among them those that override, and with
the parameters as the files state them. A pack loaded beside it, or a parameter changed when loading, may well change
what a rule does, and that is no mistake in the example.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, cast

import attrs

from dxrules import expression as ex
from dxrules import meaning
from dxrules.language.nodes import Mapping as MapNode
from dxrules.language.nodes import Node, Scalar
from dxrules.language.nodes import Sequence as SeqNode
from dxrules.language.scan import cut
from dxrules.language.written import Report, WrittenExample, WrittenRule
from dxrules.rulebook import Epoch, Example, Parameter, Rule, override_order
from dxrules.schema import Fact, FactType
from dxrules.source import Span
from dxrules.suggest import did_you_mean, listed
from dxrules.values import BadValueError, Plain, constant, plain

CONTRADICTION = "example/contradiction"  # of this the rules can be used all the same

_EXAMPLE_DAY = dt.date(2000, 1, 1)
_STEPS = 2_000_000  # nodes of conditions that trying the examples of a pack may look at,
_STEPS_EACH = 50  # and for each example so many more
_WORDS = {True: "fires", False: "does not fire", None: "is undetermined"}
_FIRES = {True: "true", False: "false", None: "unknown"}


@attrs.frozen(eq=False)
class ParameterValues(Mapping[str, Plain]):
    """The parameters as they stand on a day, each looked up when asked for."""

    parameters: Mapping[str, Parameter]
    as_of: dt.date

    def __getitem__(self, name: str) -> Plain:
        values = self.parameters[name].values
        place = bisect_right(values, self.as_of, key=lambda pair: pair[0])
        return values[place - 1][1] if place else None

    def __iter__(self) -> Iterator[str]:
        return iter(self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)


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
        return default_of(self.fact_type, fact, self.given)


def default_of(fact_type: FactType, fact: Fact, given: Mapping[str, Plain]) -> Plain:
    """The plain default of a fact; None for one that has none. A group that is given has the defaults of its class."""
    held: Any = _Missing(fact_type.cls)
    for end in range(1, len(fact.path) + 1):
        name = ".".join(fact.path[:end])
        step = fact_type.facts[name]
        held = _default(held.cls, fact.path[end - 1]) if isinstance(held, _Missing) else getattr(held, step.path[-1])
        if step is not fact and name in given:
            held = _Missing(step.type.python)
    if held is attrs.NOTHING or held is None:
        return None
    try:
        return plain(fact.type, held)
    except BadValueError:
        return None


@attrs.frozen
class _Missing:
    """An instance of a class that is made of its defaults, except that none is made."""

    cls: Any


def _default(cls: Any, name: str) -> Any:
    default: Any = attrs.fields_dict(cls)[name].default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return None if default.takes_self else default.factory()
    return default


def read_example(written: WrittenExample, fact_type: FactType, valid_from: dt.date, report: Report) -> Example | None:
    """An example with its values checked; None after a report."""
    given = read_given(written.given, fact_type, report)
    if given is None:
        return None
    day = written.as_of or (valid_from if valid_from != dt.date.min else _EXAMPLE_DAY)
    return Example(given, written.fires, day, written.span)


def read_given(
    written: Mapping[str, tuple[Scalar, Node]], fact_type: FactType, report: Report
) -> dict[str, Plain] | None:
    """The values of facts by their names, a group that is given as True; None after a report."""
    given: dict[str, Plain] = {}
    before = len(report.found)
    for name, (key, node) in written.items():
        _given(fact_type, name, key, node, given, report)
    return None if len(report.found) > before or report.full else given


def _given(fact_type: FactType, name: str, key: Scalar, node: Node, given: dict[str, Plain], report: Report) -> None:
    fact = fact_type.facts.get(name)
    if fact is None:
        report(key.span, "example/fact", f"`{cut(name)}` is not a fact of `{fact_type.name}`",
               did_you_mean(name, fact_type.facts))  # fmt: skip
        return
    value = _checked_value(fact, key, node, report)
    around = [".".join(fact.path[:end]) for end in range(1, len(fact.path))]
    twice = name in given and (fact.type.kind != "group" or given[name] != value)
    given[name] = value
    if twice or any(given.setdefault(each, True) is None for each in around):
        report(key.span, "example/fact", f"`{name}` is given twice", "give each fact once")
    if fact.type.kind == "group" and isinstance(node, MapNode):
        for inner, each in node.entries:
            _given(fact_type, f"{name}.{inner.text}", inner, each, given, report)


def _checked_value(fact: Fact, key: Scalar, node: Node, report: Report) -> Plain:
    if fact.type.kind == "group" and isinstance(node, MapNode):
        return True
    if isinstance(node, Scalar) and node.value is None and fact.optional:
        return None
    try:
        return _value(fact, node)
    except BadValueError as bad:
        place = node.span if isinstance(node, Scalar) and node.text else key.span
        if fact.type.kind == "set" and isinstance(node, SeqNode):
            place = next((item.span for item in node.items if not _is_member(item, fact)), place)
        report(place, "example/value", f"`{fact.name}` takes {bad.allowed}", bad.help)
        return None


def _is_member(node: Node, fact: Fact) -> bool:
    return isinstance(node, Scalar) and node.value in fact.type.members


def _value(fact: Fact, node: Node) -> Plain:
    kind = fact.type.kind
    if kind == "unreadable":
        raise BadValueError("nothing in examples", fact.type.reason)
    if isinstance(node, Scalar) and node.value is None:
        raise BadValueError(
            fact.type.words(), "write `unknown`" if "unknown" in fact.type.members else "it is always known"
        )
    if kind == "set" and isinstance(node, SeqNode):
        items = [item.value if isinstance(item, Scalar) else None for item in node.items]
        if len(set(items)) < len(items):
            raise BadValueError("each member once")
        return plain(fact.type, frozenset(items))
    if not isinstance(node, Scalar) or kind in ("set", "group"):
        if kind == "set":
            raise BadValueError(f"a list, for {fact.type.words()}", "write `[...]`")
        raise BadValueError(fact.type.words())
    value: object = node.value
    if kind in ("text", "enum") and not isinstance(value, str) and node.text in (fact.type.members or (node.text,)):
        raise BadValueError(fact.type.words(), "put quotes around it")
    if kind in ("date", "datetime") and isinstance(value, str):
        try:
            value = constant(value, fact.type)
        except ValueError as bad:
            raise BadValueError(fact.type.words(), str(bad)) from None
    if kind == "bool" and not isinstance(value, bool):
        raise BadValueError("true or false, or nothing when it is unknown")
    found = plain(fact.type, value)
    low = None if fact.note is None else fact.note.minimum
    if low is not None and found is not None and cast("float", found) < low:
        raise BadValueError(f"{fact.type.words()} of at least {low}")
    return found


@attrs.define(eq=False)
class Trial:
    """Tries the examples of one pack's rules, and reports those that contradict their rule.

    Examples whose outcome hangs on a rule that is itself broken are left alone.
    """

    rules: list[Rule]
    unsound: list[WrittenRule]
    parameters: Mapping[str, Parameter]
    report: Report
    _over: dict[str, list[Rule]] = attrs.field(factory=dict, init=False)
    _required: dict[str, list[ex.FactRef]] = attrs.field(factory=dict, init=False)
    _sizes: dict[str, int] = attrs.field(factory=dict, init=False)

    def run(self) -> None:
        """Try them all."""
        for rule in self.rules:
            for name in rule.overrides:
                self._over.setdefault(name, []).append(rule)
        unsure = self._unsure()
        left = _STEPS + _STEPS_EACH * sum(len(rule.examples) for rule in self.rules)
        for rule in self.rules:
            if rule.name in unsure or not rule.examples or self.report.full:
                continue
            above = self._above(rule)
            steps = sum(self._sizes[each.name] for each in above)
            for example in rule.examples:
                left -= steps
                if left < 0:
                    self.report(_span(example), "example/too-many", "trying the examples takes too long",
                                "let fewer rules override one another, or give fewer examples")  # fmt: skip
                    return
                self._try(rule, example, [each for each in above if each.valid(example.as_of)])

    def _unsure(self) -> set[str]:
        """The rules that broken ones may silence, directly or by way of others, and those in a ring of overrides."""
        below = {rule.name: rule.overrides for rule in self.rules}
        waiting = [over.text for rule in self.unsound for over in rule.overrides]
        waiting += self._in_rings(below)
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(below.get(name, ()))
        return found

    def _in_rings(self, below: Mapping[str, tuple[str, ...]]) -> list[str]:
        """What is left when rules that nothing overrides are taken away, again and again."""
        above = {name: sum(1 for rule in self._over.get(name, ())) for name in below}
        free = [name for name, count in above.items() if not count]
        for name in free:
            for each in below[name]:
                if each in above:
                    above[each] -= 1
                    if not above[each]:
                        free.append(each)
        return [name for name, count in above.items() if count]

    def _above(self, rule: Rule) -> list[Rule]:
        """A rule and those that may silence it, directly or by way of others; the rule itself first."""
        found = {rule.name: rule}
        waiting = [rule]
        while waiting:
            for each in self._over.get(waiting.pop().name, ()):
                if each.name not in found:
                    found[each.name] = each
                    waiting.append(each)
        for each in found.values():
            if each.name not in self._sizes:
                self._sizes[each.name] = sum(1 for _ in ex.walk(each.when))
                refs = ex.facts_of(each.when).values()
                self._required[each.name] = [ref for ref in refs if ref.fact.required]
        return list(found.values())

    def _try(self, rule: Rule, example: Example, involved: list[Rule]) -> None:
        if not rule.valid(example.as_of):
            if example.fires is not False:
                self.report(_span(example), "example/outside", f"`{rule.name}` is not in force on {example.as_of}",
                            "give the example an `as_of` on which it is")  # fmt: skip
            return
        needed = sorted({name for each in involved for name in self._needed(each, example)})
        if needed:
            self.report(_span(example), "example/needs-fact",
                        f"the rule reads `{needed[0]}`, which has no default: the example must give it",
                        f"add `{needed[0]}: ...` under `given`")  # fmt: skip
            return
        values = ParameterValues(self.parameters, example.as_of)
        facts = ExampleFacts(rule.fact_type, example.given, values, example.as_of)
        truths = [cast("bool | None", meaning.value(each.when, facts)) for each in involved]
        rules = tuple(involved)
        epoch = Epoch(rule.fact_type, rules, values, override_order(rules), "", {}, frozenset())
        truth = meaning.settle(epoch, truths)[0]
        if truth is not example.fires:
            waits = meaning.missing_of_rule(epoch, 0, facts) if truth is None else ()
            help_text = f"it waits for {listed(waits, 'and')}" if waits else None
            if truth is False and truths[0] is not False:
                help_text = "a rule that overrides it silences it"
            self.report(_span(example), CONTRADICTION,
                        f"with these facts `{rule.name}` {_WORDS[truth]}; the example says "
                        f"`fires: {_FIRES[example.fires]}`", help_text)  # fmt: skip

    def _needed(self, rule: Rule, example: Example) -> Iterator[str]:
        """The facts without default that a rule reads and an example does not give."""
        for ref in self._required[rule.name]:
            inside_none = any(example.given.get(group.name) is None for group in ref.groups)
            if ref.fact.name not in example.given and not inside_none:
                yield ref.fact.name


def _span(example: Example) -> Span:
    assert example.span is not None
    return example.span
