"""Rows decided one after the other, for classes whose own Python code checks or changes facts.

What such code does is known only by running it: each row becomes a fact, and the compiled engine decides it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dxrules.decision import Decision
from dxrules.engines import make
from dxrules.engines.frame.engine import Addition, Job, worst_first
from dxrules.errors import FactError, FrameError, Problem
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
    from dxrules.engines.frame import polars_tables  # lazy tables of other kinds do without Polars

    engine = make(rulebook, "compiled")
    answers = Answers(rulebook, fact_type, job.day, job.add)
    rows: list[tuple[Any, ...]] = []
    bad: list[tuple[int, FactError]] = []
    for place, row in enumerate(table.iter_rows(named=True)):
        try:
            decision = engine.evaluate(structure(mapping_of(row, fact_type), fact_type.cls), job.day)
        except FactError as error:
            bad.append((place, error))
            rows.append((*[None] * len(answers.columns), _said(error)))
        else:
            rows.append((*answers.of(decision).values(), None))
    if bad and not job.mark:
        raise FrameError(fact_type.name, _problems(bad), rows=(len(bad), len(rows)))
    found = polars_tables.of_rows(rows, [*answers.columns, "dx_invalid"])
    return found if job.mark else found.drop("dx_invalid")


class Answers:
    """What columns say of a decision. `columns` has their names, and whether each holds truth values."""

    def __init__(self, rulebook: Rulebook, fact_type: FactType, day: dt.date, add: Sequence[Addition]) -> None:
        self.add = add
        self.operations = sorted(rulebook.operations)
        self.names = [rule.name for rule in rulebook.epoch(fact_type, day).rules]
        self.columns: dict[str, bool] = {}
        for each in add:
            if each == "rules":
                self.columns |= {f"dx_rule_{name}": True for name in self.names}
            else:
                self.columns[f"dx_{each}"] = False

    def of(self, decision: Decision) -> dict[str, Any]:
        """The values of the columns."""
        fired, waiting = set(decision.codes), {each.rule for each in decision.undetermined}
        found: dict[str, Any] = {}
        for each in self.add:
            if each == "codes":
                found["dx_codes"] = ",".join(decision.codes)
            elif each == "blocked":
                blocked = (name for name in self.operations if decision.verdict(name) == "blocked")
                found["dx_blocked"] = ",".join(blocked)
            elif each == "undetermined":
                found["dx_undetermined"] = ",".join(rule.rule for rule in decision.undetermined)
            elif each == "rules":
                found |= {f"dx_rule_{name}": None if name in waiting else name in fired for name in self.names}
            elif each == "severity":
                severities = {outcome.severity for outcome in decision.outcomes}
                found["dx_severity"] = next((name for name in worst_first() if name in severities), None)
            else:
                lang = each.removeprefix("messages_")
                found[f"dx_{each}"] = "\n".join(outcome.message(lang) for outcome in decision.outcomes)
        return found


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
    return "; ".join(
        f"{each.path or 'the fact'}: found {each.found}, allowed is {each.allowed}" for each in error.problems
    )


def _problems(bad: list[tuple[int, FactError]]) -> list[Problem]:
    """The problems of many rows, one of each kind."""
    places: dict[tuple[str, str], tuple[int, int, str]] = {}
    for place, error in bad:
        for each in error.problems:
            count, first, found = places.get((each.path, each.allowed), (0, place, each.found))
            places[each.path, each.allowed] = (count + 1, first, found)
    return [
        Problem(
            path,
            f"{found} in {count:,} rows, the first of them row {first}" if count > 1 else f"{found} in row {first}",
            allowed,
        )
        for (path, allowed), (count, first, found) in places.items()
    ]
