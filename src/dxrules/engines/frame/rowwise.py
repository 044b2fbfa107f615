"""Rows decided one after the other, for classes whose own Python code checks or changes facts.

What such code does is known only by running it: each row becomes a fact, and the compiled engine decides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dxrules.engines import make
from dxrules.engines.frame import polars_tables
from dxrules.engines.frame.engine import Job, worst_first
from dxrules.errors import EngineError, FactError, FrameError, Problem
from dxrules.facts.checking import has_code_of_its_own
from dxrules.rulebook import Rulebook
from dxrules.schema import FactType, describe
from dxrules.structuring import structure


def with_code_of_their_own(fact_type: FactType) -> list[type]:
    """The class, and those of its groups, that check or change facts by code of their own."""
    classes = [fact_type.cls, *(each.type.python for each in fact_type.facts.values() if each.type.kind == "group")]
    return [each for each in dict.fromkeys(classes) if each is not None and has_code_of_its_own(each)]


def decide(table: Any, rulebook: Rulebook, fact_type: FactType, job: Job) -> Any:
    """The columns that are asked for, of a Polars frame.

    Raises:
        FrameError: rows are no facts, and they are not to be marked.
    """
    engine = make(rulebook, "compiled")
    operations = sorted(rulebook.operations)
    rows: list[tuple[Any, ...]] = []
    bad: list[tuple[int, FactError]] = []
    for place, row in enumerate(table.iter_rows(named=True)):
        try:
            decision = engine.evaluate(structure(mapping_of(row, fact_type), fact_type.cls), job.day)
        except FactError as error:
            bad.append((place, error))
            rows.append((*[None] * (len(job.columns) - 1), _said(error)))
        else:
            rows.append(tuple(_answers(decision, job, operations)))
    if bad and not job.mark:
        raise FrameError(fact_type.name, _problems(bad), rows=(len(bad), len(rows)))
    return polars_tables.of_rows(rows, job.columns)


def _answers(decision: Any, job: Job, operations: list[str]) -> Iterator[Any]:
    fired, waiting = set(decision.codes), {each.rule for each in decision.undetermined}
    for each in job.add:
        if each == "codes":
            yield ",".join(decision.codes)
        elif each == "blocked":
            yield ",".join(name for name in operations if decision.verdict(name) == "blocked")
        elif each == "undetermined":
            yield ",".join(rule.rule for rule in decision.undetermined)
        elif each == "rules":
            for rule in job.epoch.rules:
                yield None if rule.name in waiting else rule.name in fired
        elif each == "severity":
            yield next((name for name in worst_first() if any(o.severity == name for o in decision.outcomes)), None)
        else:
            yield "\n".join(outcome.message(each.removeprefix("messages_")) for outcome in decision.outcomes)
    if job.mark:
        yield None


def mapping_of(row: Mapping[str, Any], fact_type: FactType) -> dict[str, Any]:
    """A row as `structure` takes it: nulls that stand for a default, and groups of nulls, are left out."""
    found: dict[str, Any] = {}
    for name, cell in row.items():
        if name in fact_type.facts:
            holder = found
            *above, last = name.split(".")
            for step in above:
                holder = holder.setdefault(step, {})
            holder[last] = cell
    return _settled(found, fact_type.cls)


def _settled(given: Mapping[str, Any], cls: type) -> dict[str, Any]:
    facts = describe(cls).facts
    settled: dict[str, Any] = {}
    for name, cell in given.items():
        fact = facts[name]
        if fact.type.kind == "group" and isinstance(cell, Mapping) and fact.type.python is not None:
            empty = all(map(_is_empty, _leaves(cell)))
            settled[name] = None if empty and fact.optional else _settled(cell, fact.type.python)
        elif not (cell is None and not fact.optional and not fact.required and "unknown" in fact.type.members):
            settled[name] = cell
    return settled


def _leaves(cell: Any) -> Iterator[Any]:
    if isinstance(cell, Mapping):
        for each in cell.values():
            yield from _leaves(each)
    else:
        yield cell


def _is_empty(cell: Any) -> bool:
    return cell is None or cell != cell  # noqa: PLR0124  # NaN


def _said(error: FactError) -> str:
    return "; ".join(f"{each.path or 'the fact'}: found {each.found}, allowed is {each.allowed}" for each in error.problems)


def _problems(bad: list[tuple[int, FactError]]) -> list[Problem]:
    """The problems of many rows, one of each kind."""
    places: dict[tuple[str, str], tuple[int, int, str]] = {}
    for place, error in bad:
        for each in error.problems:
            count, first, found = places.get((each.path, each.allowed), (0, place, each.found))
            places[each.path, each.allowed] = (count + 1, first, found)
    return [
        Problem(path, f"{found} in {count:,} rows, the first of them row {first}" if count > 1 else f"{found} in row {first}", allowed)
        for (path, allowed), (count, first, found) in places.items()
    ]


_ = EngineError
