"""Rolling the rows of a table up: one row a key, by expressions that every kind of table has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.engines.frame import nw
from dxrules.engines.frame.backend import Backend
from dxrules.engines.frame.columns import Columns, any_of, prepare
from dxrules.engines.frame.layout import Layout
from dxrules.engines.frame.stages import Value
from dxrules.engines.frame.translate import Translator
from dxrules.errors import EngineError
from dxrules.rollup import Aggregate, Rollup
from dxrules.schema import MAX_INT
from dxrules.values import Plain


@attrs.frozen(eq=False)
class _Sums:
    """The columns of which one aggregate takes sums, and what it makes of them."""

    columns: Mapping[str, nw.Expr]
    totals: Mapping[str, nw.Expr]
    result: nw.Expr


def rolled_up(
    frame: Any, backend: Backend, layout: Layout, rollup: Rollup, parameters: Mapping[str, Plain], day: dt.date
) -> nw.LazyFrame[Any]:
    """One row a key, with the facts that its rows add up to; rows without a key are left out.

    A row that is no fact is unknown in everything.
    """
    calculated = {
        name
        for each in rollup.facts
        for expr in (each.value, each.where)
        if expr is not None
        for node in ex.walk(expr)
        if isinstance(node, (ex.Arith, ex.Neg))
        for name in ex.facts_of(node)
    }
    frame, columns = prepare(frame, layout, backend, frozenset(calculated), nw.WORDS)
    translator = Translator(columns, parameters, day)
    made = [_sums(place, each, translator, columns) for place, each in enumerate(rollup.facts)]
    bad = None
    if columns.faults:
        level = max(each.test.level for each in columns.faults)
        bad = any_of([each.test.on(nw.WORDS) for each in columns.faults]).fill_null(value=False)
        columns.stages.add("__dxbad", Value(bad, level))
    found = nw.lazy(frame)
    for step in columns.stages.steps:
        found = found.with_columns(**step) if step else found
    found = found.filter(~nw.col(rollup.key).is_null())
    found = found.with_columns(**{name: expr for each in made for name, expr in each.columns.items()})
    spoilt = nw.col("__dxbad") if columns.faults else nw.lit(value=False)
    found = found.with_columns(__dxspoilt=nw.when(spoilt).then(nw.lit(1)).otherwise(nw.lit(0)))
    totals = {name: expr for each in made for name, expr in each.totals.items()}
    found = found.group_by(rollup.key).agg(__dxspoilt=nw.col("__dxspoilt").sum(), **_named(totals))
    sound = nw.col("__dxspoilt") == 0
    results = {f.fact.name: nw.when(sound).then(each.result) for f, each in zip(rollup.facts, made, strict=True)}
    return found.with_columns(**results).select(rollup.key, *results)


def _named(totals: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    return dict(totals)


def _count(test: nw.Expr) -> nw.Expr:
    return nw.when(test).then(nw.lit(1)).otherwise(nw.lit(0))


def _sums(place: int, each: Aggregate, translator: Translator, columns: Columns) -> _Sums:
    name = f"__dxa{place}"
    where = Value.of(True) if each.where is None else translator.truth(each.where)
    truth = columns.stages.add(f"{name}w", where).made
    made: dict[str, nw.Expr] = {}
    totals: dict[str, nw.Expr] = {}

    def sum_of(suffix: str, expr: nw.Expr) -> nw.Expr:
        made[name + suffix] = expr
        totals[name + suffix] = nw.col(name + suffix).sum()
        return nw.col(name + suffix)

    if each.value is None or each.function == "at_least":
        maybe = None if each.value is None else columns.stages.add(f"{name}v", translator.truth(each.value)).made
        return _Sums(made, totals, _counted(each, truth, maybe, sum_of))

    found = translator.value_of(each.value)
    column = columns.stages.add(f"{name}v", found).made
    waiting = sum_of("u", _count(truth.is_null() | (truth & column.is_null())))
    known = waiting == 0
    counted = nw.when(truth).then(column)
    if each.function in ("distinct", "most"):
        members = [
            sum_of(f"m{n}", _count(truth & (column.cast(nw.String) == nw.lit(member))))
            for n, member in enumerate(each.value.type.members)
        ]
        if each.function == "distinct":
            result = _count(members[0] > 0)
            for member in members[1:]:
                result = result + _count(member > 0)
        else:
            result = members[0]
            for member in members[1:]:
                result = nw.when(member > result).then(member).otherwise(result)
        return _Sums(made, totals, nw.when(known).then(result.cast(nw.Int64)))
    if each.function == "sum":
        whole = sum_of("s", counted.fill_null(0))
        about = sum_of("f", counted.cast(nw.Float64).fill_null(0.0))  # tells sums that no integer column holds
        inside = (about <= float(MAX_INT)) & (about >= -float(MAX_INT))
        result = nw.when(inside).then(whole.cast(nw.Int64)).otherwise(nw.lit(MAX_INT + 1))
        return _Sums(made, totals, nw.when(known).then(result))
    if each.value.type.kind in ("enum", "text"):
        counted = nw.when(truth).then(column.cast(nw.String))
    made[f"{name}l"] = made[f"{name}h"] = counted
    totals[f"{name}l"], totals[f"{name}h"] = nw.col(f"{name}l").min(), nw.col(f"{name}h").max()
    low, high = nw.col(f"{name}l"), nw.col(f"{name}h")
    if each.function == "same":
        return _Sums(made, totals, nw.when(known & (low == high)).then(low))
    return _Sums(made, totals, nw.when(known).then(low if each.function == "min" else high))


def _counted(
    each: Aggregate, truth: nw.Expr, maybe: nw.Expr | None, sum_of: Callable[[str, nw.Expr], nw.Expr]
) -> nw.Expr:
    """What an aggregate of conditions makes of the counts that it takes."""
    open_ = truth.is_null() if maybe is None else truth.is_null() | (~truth & maybe.fill_null(value=True))
    yes, waiting = sum_of("y", _count(truth)), sum_of("u", _count(open_))
    if each.function in ("count", "at_least"):
        sure = waiting == 0 if each.function == "count" else (yes > 0) | (waiting == 0)
        return nw.when(sure).then(yes.cast(nw.Int64))
    if each.function == "any":
        rest = nw.when(waiting == 0).then(nw.lit(value=False))
        return nw.when(yes > 0).then(nw.lit(value=True)).otherwise(rest)
    no = sum_of("n", _count(~truth))
    rest = nw.when(waiting == 0).then(nw.lit(value=True))
    return nw.when(no > 0).then(nw.lit(value=False)).otherwise(rest)


def merged(
    rolled: nw.LazyFrame[Any], given: nw.LazyFrame[Any] | None, rollup: Rollup, columns: frozenset[str]
) -> nw.LazyFrame[Any]:
    """What rows add up to, and what is given of the same accounts: what is given holds.

    `columns` are those of what is given. The column `dx_contradictions` says where the two differ.
    """
    if given is None:
        return rolled.with_columns(dx_contradictions=nw.lit(""))
    facts = {each.fact.name: each.fact for each in rollup.facts}
    theirs = given.select(__dxkey=nw.col(rollup.key), **{f"__dxg_{name}": nw.col(name) for name in columns})
    both = rolled.join(theirs, left_on=rollup.key, right_on="__dxkey", how="full")
    made: dict[str, nw.Expr] = {rollup.key: nw.coalesce(nw.col(rollup.key), nw.col("__dxkey"))}
    said: list[nw.Expr] = []
    for name, fact in facts.items():
        if name not in columns:
            made[name] = nw.col(name)
            continue
        ours, said_ = nw.col(name), nw.col(f"__dxg_{name}")
        if fact.type.kind in ("enum", "text"):
            said_ = said_.cast(nw.String)
        open_ = said_.is_null()
        if "unknown" in fact.type.members:
            open_ = open_ | (said_ == nw.lit("unknown"))
            ours = nw.when(ours != nw.lit("unknown")).then(ours)
        made[name] = nw.when(open_).then(ours).otherwise(said_)
        other = (~open_ & (ours != said_)).fill_null(value=False)
        words = [nw.lit(f"{name}: given "), _text(said_, fact.type.kind), nw.lit(", the cards add up to ")]
        said.append(nw.when(other).then(nw.concat_str([*words, _text(ours, fact.type.kind)])))
    made |= {name: nw.col(f"__dxg_{name}") for name in columns if name not in facts and name != rollup.key}
    text = nw.concat_str(said, separator="; ", ignore_nulls=True) if said else nw.lit("")
    return both.select(**made, dx_contradictions=text.fill_null(""))


def _text(value: nw.Expr, kind: str) -> nw.Expr:
    if kind == "bool":
        return nw.when(value).then(nw.lit("True")).otherwise(nw.lit("False"))
    return value.cast(nw.String)


def filled(frame: Any, backend: Any, accounts: Any, rollup: Rollup, columns: frozenset[str]) -> Any:
    """The table with what its rows leave open filled from their accounts."""
    pairs = [(name, source) for name, source in rollup.fill if source in {each.fact.name for each in rollup.facts}]
    if not pairs:
        return frame
    twins = {each.lower(): each for each in columns} if backend.folds else {}
    for name, _ in pairs:
        if name not in columns and name.lower() in twins:
            raise EngineError(f"the column `{twins[name.lower()]}` would be taken for the fact `{name}`: rename it")
    wanted = {f"__dxz{place}": nw.col(source) for place, (_, source) in enumerate(pairs)}
    looked_up = nw.lazy(accounts).select(rollup.key, **wanted).to_native()
    found = nw.lazy(backend.left_join(frame, looked_up, rollup.key))
    made = {}
    for place, (name, _) in enumerate(pairs):
        source = nw.col(f"__dxz{place}")
        made[name] = nw.coalesce(nw.col(name), source) if name in columns else source
    return found.with_columns(**made).drop(list(wanted)).to_native()
