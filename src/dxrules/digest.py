"""The digest of a rulebook: one number for what it means, whatever its files look like.

SHA-256 (FIPS 180-4) over canonical JSON: conditions in written order with definitions written out, parameters after
overriding, outcomes, messages, gates and the fact types; no layout, comments, examples, or names of definitions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping

from dxrules import expression as ex
from dxrules.pattern import Match, PatternRule
from dxrules.rollup import Rollup
from dxrules.rulebook import Parameter, Rule, Template
from dxrules.schema import FactType
from dxrules.values import Plain


def digest(
    fact_types: Iterable[FactType],
    rules: Iterable[Rule],
    parameters: Mapping[str, Parameter],
    gates: Mapping[str, Mapping[str, frozenset[str]]],
    patterns: Iterable[PatternRule] = (),
    rollups: Iterable[Rollup] = (),
) -> str:
    """The digest as 64 hexadecimal digits. `rules` and `patterns` are in the order of decisions."""
    content: dict[str, object] = {
        "facts": sorted(_fact_type(each) for each in fact_types),
        "gates": {name: {op: sorted(each) for op, each in ops.items()} for name, ops in gates.items() if ops},
        "parameters": {
            name: [[start.isoformat(), _plain(value)] for start, value in each.values]
            for name, each in parameters.items()
        },
        "patterns": [_pattern(pattern) for pattern in patterns],
        "rules": [_rule(rule) for rule in rules],
    }
    added_up = sorted([_rollup(each) for each in rollups], key=str)
    if added_up:
        content["rollups"] = added_up
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _fact_type(fact_type: FactType) -> list[object]:
    facts = [
        [fact.name, fact.type.kind, sorted(fact.type.members), fact.optional]
        for fact in fact_type.facts.values()
        if fact.type.kind != "unreadable"
    ]
    return [fact_type.name, sorted(facts, key=str)]


def _rule(rule: Rule) -> list[object]:
    until = None if rule.valid_until is None else rule.valid_until.isoformat()
    return [
        rule.fact_type.name, rule.pack, rule.name, rule.kind, rule.target, rule.severity, rule.deadline,
        rule.priority, list(rule.source), rule.valid_from.isoformat(), until, sorted(rule.overrides),
        _expr(rule.when), {lang: _template(template) for lang, template in rule.message.items()},
    ]  # fmt: skip


def _pattern(rule: PatternRule) -> list[object]:
    until = None if rule.valid_until is None else rule.valid_until.isoformat()
    after = _expr(rule.after) if isinstance(rule.after, ex.FactRef) else _length(rule.after)
    about = [rule.about.match, rule.about.fact_type.name, _optional(rule.about.ref)]
    return [
        rule.pack, rule.name, rule.kind, rule.target, rule.severity, rule.deadline, rule.priority, list(rule.source),
        rule.valid_from.isoformat(), until, [_match(each) for each in rule.match],
        [_match(each) for each in rule.absent], _optional(rule.where), _length(rule.within), after,
        _length(rule.keep), about, {lang: _template(template) for lang, template in rule.message.items()},
    ]  # fmt: skip


def _match(match: Match) -> list[object]:
    joined = [[_expr(join.own), join.other, _expr(join.theirs)] for join in match.joined]
    return [
        match.name, match.fact_type.name, _optional(match.when), joined, _optional(match.where), match.at_least,
        [_expr(ref) for ref in match.shared],
    ]  # fmt: skip


def _optional(expr: ex.Expr | None) -> object:
    return None if expr is None else _expr(expr)


def _length(length: dt.timedelta | None) -> int | None:
    """In seconds: lengths of time are whole minutes."""
    return None if length is None else length // dt.timedelta(seconds=1)


def _rollup(rollup: Rollup) -> list[object]:
    facts = [
        [each.fact.name, each.function, each.value and _expr(each.value), each.where and _expr(each.where)]
        for each in rollup.facts
    ]
    return [rollup.to.name, rollup.of.name, rollup.key, sorted(facts, key=str), sorted(map(list, rollup.fill))]


def _template(template: Template) -> list[object]:
    return [part if isinstance(part, str) else [_expr(part.expr), part.format] for part in template.parts]


def _expr(expr: ex.Expr) -> object:
    match expr:
        case ex.Clause(body=body) | ex.DefRef(body=body):
            return _expr(body)
        case ex.FactRef(fact=fact):
            return ["fact", fact.name]
        case ex.ParamRef(name=name, of=type_):
            return ["parameter", name, type_.kind]
        case ex.Const(value=value, of=type_):
            return [type_.kind, _plain(value)]
        case ex.And(items=items):
            return ["and", *map(_expr, items)]
        case ex.Or(items=items):
            return ["or", *map(_expr, items)]
        case ex.Not(item=item):
            return ["not", _expr(item)]
        case ex.Compare(op=op, left=left, right=right) | ex.Arith(op=op, left=left, right=right):
            return [op, _expr(left), _expr(right)]
        case ex.In(item=item, values=values, negated=negated):
            return ["not in" if negated else "in", _expr(item), *map(_expr, values)]
        case ex.Contains(member=member, item=item, negated=negated):
            return ["lacks" if negated else "holds", _expr(item), _expr(member)]
        case ex.IsNone(item=item, negated=negated):
            return ["is not None" if negated else "is None", _expr(item)]
        case ex.IsBool(item=item, value=value, negated=negated):
            return [f"is {'not ' if negated else ''}{value}", _expr(item)]
        case ex.StartsWith(item=item, prefix=prefix):
            return ["startswith", _expr(item), prefix]
        case ex.Neg(item=item):
            return ["neg", _expr(item)]
        case ex.Len(item=item):
            return ["len", _expr(item)]
        case ex.DaysSince(item=item):
            return ["days_since", _expr(item)]
        case _:
            raise AssertionError(expr)


def _plain(value: Plain) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value
