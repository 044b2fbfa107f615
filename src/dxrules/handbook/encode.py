"""A rulebook as plain data for the browser: trees of conditions, never code.

Numbers are text in it, because JSON has no whole numbers; dates are in ISO form. `resources/evaluator.js` reads it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.rulebook import Lang, Parameter, Rule, Rulebook, Template, override_order
from dxrules.schema import Fact, FactType, label
from dxrules.values import Plain, groups_of

Data = dict[str, Any]


def encode(rulebook: Rulebook, langs: Iterable[Lang]) -> Data:
    """All that the evaluator needs, with the messages in some languages."""
    langs = tuple(langs)
    return {
        "parameters": [[name, _parameter(each)] for name, each in rulebook.parameters.items()],
        "operations": sorted(rulebook.operations),
        "types": [_fact_type(rulebook, each, langs) for each in rulebook.fact_types],
    }


def as_json(data: object) -> str:
    """JSON that may stand in a script element: what could end one, or a line, is escaped."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def value_of(value: Plain) -> list[Any]:
    """A value with its kind.

    >>> value_of(90), value_of(dt.date(2026, 1, 5)), value_of(frozenset({"b", "a"}))
    (['int', '90'], ['date', '2026-01-05'], ['set', ['a', 'b']])
    """
    match value:
        case bool():
            return ["bool", value]
        case int():
            return ["int", str(value)]
        case float():
            return ["float", repr(value)]
        case dt.datetime():
            return ["datetime", value.isoformat()]
        case dt.date():
            return ["date", value.isoformat()]
        case frozenset():
            return ["set", sorted(value)]
        case _:
            return ["text", value]


def card_of(facts: Mapping[str, Plain]) -> dict[str, Any]:
    """Facts by name, each as the evaluator's `decode` takes it."""
    return {name: value_of(value)[1] for name, value in facts.items()}


def _parameter(parameter: Parameter) -> list[list[Any]]:
    return [
        [None if start == dt.date.min else start.isoformat(), *value_of(value)] for start, value in parameter.values
    ]


def _fact_type(rulebook: Rulebook, fact_type: FactType, langs: tuple[Lang, ...]) -> Data:
    rules = tuple(rule for rule in rulebook.rules if rule.fact_type is fact_type)
    trees = Trees()
    encoded = [_rule(rule, trees, langs) for rule in rules]
    return {
        "name": fact_type.name,
        "facts": [_fact(fact_type, fact, langs) for fact in fact_type.facts.values() if fact.type.kind != "unreadable"],
        "rules": encoded,
        "shared": trees.shared,
        "overriders": [[place, list(above)] for place, above in override_order(rules)],
        "gates": [[name, sorted(each)] for name, each in rulebook.gates.get(fact_type.name, {}).items()],
    }


def _fact(fact_type: FactType, fact: Fact, langs: tuple[Lang, ...]) -> Data:
    members = ([text, {lang: label(fact.type, text, lang) for lang in langs}] for text in fact.type.members)
    return {
        "name": fact.name,
        "kind": fact.type.kind,
        "groups": [each.name for each in groups_of(fact_type, fact)],
        "labels": list(members),
        "personal": fact.note is not None and fact.note.personal,
        "unit": None if fact.note is None else fact.note.unit,
        "minimum": None if fact.note is None else fact.note.minimum,
    }


def _rule(rule: Rule, trees: Trees, langs: tuple[Lang, ...]) -> Data:
    return {
        "name": rule.name,
        "kind": rule.kind,
        "target": rule.target,
        "severity": rule.severity,
        "deadline": rule.deadline,
        "from": None if rule.valid_from == dt.date.min else rule.valid_from.isoformat(),
        "until": None if rule.valid_until is None else rule.valid_until.isoformat(),
        "when": trees.encode(rule.when),
        "message": {lang: _template(rule.message[lang], trees) for lang in langs},
    }


def _template(template: Template, trees: Trees) -> list[Any]:
    return [part if isinstance(part, str) else [trees.encode(part.expr), part.format] for part in template.parts]


@attrs.define(eq=False)
class Trees:
    """Encodes expressions; what a defined name stands for is held once, in `shared`."""

    shared: list[Any] = attrs.field(factory=list)
    _places: dict[int, int] = attrs.field(factory=dict)
    _kept: list[ex.Expr] = attrs.field(factory=list)  # a place goes by identity, which lasts as long as the node

    def encode(self, expr: ex.Expr) -> list[Any]:
        """One expression."""
        match expr:
            case ex.Clause(body=body):
                return self.encode(body)
            case ex.DefRef(body=body):
                return ["definition", self._place(body)]
            case ex.FactRef(fact=fact):
                return ["fact", fact.name]
            case ex.ParamRef(name=name, of=type_):
                return ["parameter", name, type_.kind]
            case ex.Const(value=value):
                return ["const", *value_of(value)]
            case ex.And(items=items):
                return ["and", *map(self.encode, items)]
            case ex.Or(items=items):
                return ["or", *map(self.encode, items)]
            case ex.Not(item=item):
                return ["not", self.encode(item)]
            case ex.Compare(op=op, left=left, right=right) | ex.Arith(op=op, left=left, right=right):
                return [op, self.encode(left), self.encode(right)]
            case ex.In(item=item, values=values, negated=negated):
                return ["in", self.encode(item), [value_of(each.value) for each in values], negated]
            case ex.Contains(member=member, item=item, negated=negated):
                return ["has", self.encode(item), member.value, negated]
            case ex.StartsWith(item=item, prefix=prefix):
                return ["starts", self.encode(item), prefix]
            case ex.IsNone(item=item, negated=negated):
                return ["none", self.encode(item), negated]
            case ex.IsBool(item=item, value=value, negated=negated):
                return ["is", self.encode(item), value, negated]
            case ex.Neg(item=item):
                return ["neg", self.encode(item)]
            case ex.Len(item=item):
                return ["len", self.encode(item)]
            case ex.DaysSince(item=item):
                return ["days", self.encode(item)]
            case _:
                raise AssertionError(expr)

    def _place(self, body: ex.Expr) -> int:
        place = self._places.get(id(body))
        if place is None:
            encoded = self.encode(body)
            place = self._places[id(body)] = len(self.shared)
            self.shared.append(encoded)
            self._kept.append(body)
        return place
