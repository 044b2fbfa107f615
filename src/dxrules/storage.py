"""A checked rulebook as plain data, and back: what a cache keeps, so that rule files need not be read again.

It is data and no code: reading it runs nothing. What it holds is what decisions and their messages need; the examples
of rules and their places in files stay behind. So do roll-ups, which only fleets ask for, and pattern rules: only a
session decides by them, and no command makes one. A rulebook that came back without its pattern rules says so
(`sessions`), and no session is made from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from dxrules import expression as ex
from dxrules.rulebook import Hole, Parameter, Rule, Rulebook, Template
from dxrules.schema import FactType, Type
from dxrules.values import Plain, groups_of

_SIMPLE: Mapping[str, Type] = {
    each.kind: each for each in (ex.BOOL, ex.INT, ex.FLOAT, ex.TEXT, ex.DATE, ex.DATETIME)
}  # fmt: skip
_TIMES: Mapping[str, Callable[[str], dt.date]] = {"date": dt.date.fromisoformat, "datetime": dt.datetime.fromisoformat}


def to_data(rulebook: Rulebook) -> dict[str, Any]:
    """A rulebook as what `json.dumps` takes."""
    writers = {each.name: _Writer(each) for each in rulebook.fact_types}
    return {
        "digest": rulebook.digest,
        "sessions": rulebook.sessions and not rulebook.patterns,
        "facts": [each.name for each in rulebook.fact_types],
        "operations": sorted(rulebook.operations),
        "gates": {name: {key: sorted(each) for key, each in ops.items()} for name, ops in rulebook.gates.items()},
        "disabled": rulebook.disabled,
        "targets": rulebook.targets,
        "parameters": [
            [each.name, each.pack, [[start.isoformat(), value] for start, value in each.values]]
            for each in rulebook.parameters.values()
        ],
        "definitions": {
            name: {key: writers[name].expr(each) for key, each in named.items()}
            for name, named in rulebook.definitions.items()
        },
        "rules": [writers[rule.fact_type.name].rule(rule) for rule in rulebook.rules],
    }


def from_data(data: Mapping[str, Any], fact_types: Iterable[FactType]) -> Rulebook:
    """The rulebook of `to_data`, for the fact types that it was checked against.

    >>> import dxrules
    >>> bundled = dxrules.default_rulebook()
    >>> from_data(to_data(bundled), bundled.fact_types).digest == bundled.digest
    True
    """
    known = {each.name: each for each in fact_types}
    readers = {name: _Reader(each, data["definitions"].get(name, {})) for name, each in known.items()}
    return Rulebook(
        fact_types=tuple(known[name] for name in data["facts"]),
        rules=tuple(readers[each[0]].rule(each) for each in data["rules"]),
        parameters={
            name: Parameter(name, tuple((dt.date.fromisoformat(start), value) for start, value in values), pack)
            for name, pack, values in data["parameters"]
        },
        definitions={
            name: {key: readers[name].definition(key) for key in named} for name, named in data["definitions"].items()
        },
        gates={name: {key: frozenset(each) for key, each in ops.items()} for name, ops in data["gates"].items()},
        digest=data["digest"],
        sessions=data["sessions"],
        operations=frozenset(data["operations"]),
        disabled=data["disabled"],
        targets=data["targets"],
    )


def _type_key(type_: Type, fact_type: FactType) -> str:
    """How a type is written: its kind, or the first fact that has it."""
    if type_.kind in _SIMPLE:
        return type_.kind
    for name, fact in fact_type.facts.items():
        if fact.type == type_:
            return f"of {name}"
        if fact.type.kind == "set" and _member_type(fact.type) == type_:
            return f"in {name}"
    raise AssertionError(type_)


def _member_type(type_: Type) -> Type:
    return Type("enum", type_.members, type_.python)


class _Writer:
    """Writes the rules of one fact type."""

    def __init__(self, fact_type: FactType) -> None:
        self.fact_type = fact_type
        self.keys: dict[Type, str] = {}

    def rule(self, rule: Rule) -> list[Any]:
        until = None if rule.valid_until is None else rule.valid_until.isoformat()
        return [
            rule.fact_type.name, rule.name, rule.pack, rule.kind, rule.target, rule.severity, rule.deadline,
            rule.priority, rule.place, rule.source, rule.valid_from.isoformat(), until, rule.overrides,
            {lang: self.template(each) for lang, each in rule.message.items()}, self.expr(rule.when),
        ]  # fmt: skip

    def template(self, template: Template) -> list[Any]:
        return [
            part if isinstance(part, str) else [part.name, part.format, self.expr(part.expr)] for part in template.parts
        ]

    def type(self, type_: Type) -> str:
        if type_ not in self.keys:
            self.keys[type_] = _type_key(type_, self.fact_type)
        return self.keys[type_]

    def expr(self, expr: ex.Expr) -> list[Any]:  # noqa: C901, PLR0912  # one branch a construct
        match expr:
            case ex.Clause(body=body, text=text):
                return ["clause", text, self.expr(body)]
            case ex.DefRef(name=name):
                return ["defined", name]
            case ex.FactRef(fact=fact):
                return ["fact", fact.name]
            case ex.Const(value=value, of=of):
                return ["const", value.isoformat() if isinstance(value, dt.date) else value, self.type(of)]
            case ex.ParamRef(name=name, of=of):
                return ["parameter", name, self.type(of)]
            case ex.And(items=items):
                return ["and", *map(self.expr, items)]
            case ex.Or(items=items):
                return ["or", *map(self.expr, items)]
            case ex.Not(item=item):
                return ["not", self.expr(item)]
            case ex.Compare(op=op, left=left, right=right):
                return ["compare", op, self.expr(left), self.expr(right)]
            case ex.In(item=item, values=values, negated=negated):
                return ["in", negated, self.expr(item), *map(self.expr, values)]
            case ex.Contains(member=member, item=item, negated=negated):
                return ["contains", negated, self.expr(member), self.expr(item)]
            case ex.StartsWith(item=item, prefix=prefix):
                return ["startswith", prefix, self.expr(item)]
            case ex.IsNone(item=item, negated=negated):
                return ["is none", negated, self.expr(item)]
            case ex.IsBool(item=item, value=value, negated=negated):
                return ["is", value, negated, self.expr(item)]
            case ex.Arith(op=op, left=left, right=right, bounds=bounds):
                return ["arith", op, bounds, self.expr(left), self.expr(right)]
            case ex.Neg(item=item):
                return ["neg", self.expr(item)]
            case ex.Len(item=item):
                return ["len", self.expr(item)]
            case ex.DaysSince(item=item):
                return ["days since", self.expr(item)]
            case _:
                raise AssertionError(expr)


class _Reader:
    """Reads the rules of one fact type."""

    def __init__(self, fact_type: FactType, written: Mapping[str, Any]) -> None:
        self.fact_type = fact_type
        self.written = written
        self.definitions: dict[str, ex.Expr] = {}
        self.facts: dict[str, ex.FactRef] = {}

    def rule(self, data: list[Any]) -> Rule:
        (_, name, pack, kind, target, severity, deadline, priority, place, source, start, until, overrides, message,
         when) = data  # fmt: skip
        return Rule(
            name=name,
            pack=pack,
            fact_type=self.fact_type,
            when=self.expr(when),
            kind=kind,
            target=target,
            severity=severity,
            deadline=deadline,
            priority=priority,
            message={lang: self.template(each) for lang, each in message.items()},
            source=tuple(source),
            valid_from=dt.date.fromisoformat(start),
            valid_until=None if until is None else dt.date.fromisoformat(until),
            overrides=tuple(overrides),
            place=place,
        )

    def template(self, parts: list[Any]) -> Template:
        return Template(
            tuple(part if isinstance(part, str) else Hole(part[0], self.expr(part[2]), part[1]) for part in parts)
        )

    def definition(self, name: str) -> ex.Expr:
        if name not in self.definitions:
            self.definitions[name] = self.expr(self.written[name])
        return self.definitions[name]

    def type(self, key: str) -> Type:
        if key in _SIMPLE:
            return _SIMPLE[key]
        type_ = self.fact_type.facts[key[3:]].type
        return _member_type(type_) if key.startswith("in ") else type_

    def fact(self, name: str) -> ex.FactRef:
        if name not in self.facts:
            fact = self.fact_type.facts[name]
            self.facts[name] = ex.FactRef(fact, groups_of(self.fact_type, fact))
        return self.facts[name]

    def const(self, value: Plain, key: str) -> ex.Const:
        type_ = self.type(key)
        if type_.kind in _TIMES:
            value = _TIMES[type_.kind](cast("str", value))
        return ex.Const(value, type_)

    def expr(self, data: list[Any]) -> ex.Expr:  # noqa: C901, PLR0912  # one branch a construct
        match data:
            case ["clause", text, body]:
                return ex.Clause(self.expr(body), text)
            case ["defined", name]:
                return ex.DefRef(name, self.definition(name))
            case ["fact", name]:
                return self.fact(name)
            case ["const", value, key]:
                return self.const(value, key)
            case ["parameter", name, key]:
                return ex.ParamRef(name, self.type(key))
            case ["and", *items]:
                return ex.And(tuple(map(self.expr, items)))
            case ["or", *items]:
                return ex.Or(tuple(map(self.expr, items)))
            case ["not", item]:
                return ex.Not(self.expr(item))
            case ["compare", op, left, right]:
                return ex.Compare(op, self.expr(left), self.expr(right))
            case ["in", negated, item, *values]:
                return ex.In(self.expr(item), tuple(cast("ex.Const", self.expr(each)) for each in values), negated)
            case ["contains", negated, member, item]:
                return ex.Contains(cast("ex.Const", self.expr(member)), self.expr(item), negated)
            case ["startswith", prefix, item]:
                return ex.StartsWith(self.expr(item), prefix)
            case ["is none", negated, item]:
                return ex.IsNone(self.expr(item), negated)
            case ["is", value, negated, item]:
                return ex.IsBool(self.expr(item), value, negated)
            case ["arith", op, bounds, left, right]:
                return ex.Arith(op, self.expr(left), self.expr(right), bounds and tuple(bounds))
            case ["neg", item]:
                return ex.Neg(self.expr(item))
            case ["len", item]:
                return ex.Len(self.expr(item))
            case ["days since", item]:
                return ex.DaysSince(self.expr(item))
            case _:
                raise ValueError(data)
