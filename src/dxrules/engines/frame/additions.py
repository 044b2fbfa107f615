"""The columns that a table gets: joined codes, rules, the worst severity, and what is wrong with a row."""

from __future__ import annotations

from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.engines.frame import nw
from dxrules.engines.frame.backend import Backend
from dxrules.engines.frame.columns import Columns, Fault, any_of, prepare
from dxrules.engines.frame.engine import Job, worst_first
from dxrules.engines.frame.layout import Layout
from dxrules.engines.frame.stages import Value
from dxrules.engines.frame.translate import Translator, opposite
from dxrules.errors import EngineError, FrameError, Problem
from dxrules.rulebook import Epoch

_BAD = "__dxbad"


@attrs.frozen(eq=False)
class Decided:
    """A native table with the truth of every rule in columns `__dxr0`, `__dxr1`, ..., and what else was asked for."""

    frame: Any
    columns: Columns

    @property
    def faults(self) -> list[Fault]:
        """What can be wrong with a row; `__dxbad` tells where anything is, if there is any."""
        return self.columns.faults


def lazily(frame: Any, backend: Backend, layout: Layout, job: Job) -> Any:
    """A lazy table with the columns that are asked for."""
    if any(each.startswith("messages") for each in job.add):
        raise EngineError("messages are written in Python, from the values of each row: collect the table first")
    decided = _decided(frame, backend, layout, job)
    made = nw.lazy(_added(decided, backend, job))
    return made.drop([name for name in made.collect_schema().names() if name.startswith("__dx")]).to_native()


def at_once(frame: Any, backend: Any, layout: Layout, job: Job) -> Any:
    """For a lazy Polars frame over data in memory: a frame of the columns that are asked for only.

    Raises:
        FrameError: rows are no facts, and they are not to be marked.
    """
    decided = _decided(frame, backend, layout, job)
    made = _added(decided, backend, job)
    keep = list(job.columns)
    messages = [each for each in job.add if each.startswith("messages")]
    if not messages:
        found = backend.collected(made, keep + ([_BAD] if decided.faults else []))
    else:
        from dxrules.engines.frame.messages import with_messages

        found = with_messages(made, backend, decided.columns, layout, job, [_BAD] if decided.faults else [])
    if decided.faults:
        if not job.mark and found[_BAD].any():
            raise _error(decided, backend, layout, found)
        found = found.drop(_BAD)
    return found


def _decided(frame: Any, backend: Backend, layout: Layout, job: Job) -> Decided:
    epoch = job.epoch
    frame, columns = prepare(frame, layout, backend, _calculated(epoch))
    translator = Translator(columns, epoch.parameters, job.day)
    stages = columns.stages
    truths = [translator.truth(rule.when) for rule in epoch.rules]
    for place, above in epoch.overriders:
        made = translator.joined([truths[place], *(opposite(truths[each]) for each in above)], by=False)
        truths[place] = made if made.constant else stages.shared(("effective", place), made.expr, made.level)
    level = 0
    for place, truth in enumerate(truths):
        level = max(level, stages.add(f"__dxr{place}", truth).level)
    if "blocked" in job.add:
        for place, operation in enumerate(_operations(epoch)):
            blocking = [n for n, rule in enumerate(epoch.rules) if (rule.kind, rule.target) == ("block", operation)]
            stages.add(f"__dxp{place}", Value(_any_fired(blocking), level))
    if "severity" in job.add:
        for severity in worst_first():
            places = [n for n, rule in enumerate(epoch.rules) if rule.severity == severity]
            stages.add(f"__dxq{severity}", Value(_any_fired(places), level))
    if columns.faults:
        bad = any_of([nw.col(each.column) for each in columns.faults]).fill_null(value=False)
        stages.add(_BAD, Value(bad, len(stages.steps)))
    return Decided(stages.run(nw.lazy(frame)).to_native(), columns)


def _calculated(epoch: Epoch) -> frozenset[str]:
    """The facts that rules calculate with."""
    found: set[str] = set()
    for rule in epoch.rules:
        for node in ex.walk(rule.when):
            if isinstance(node, (ex.Arith, ex.Neg)):
                found.update(ex.facts_of(node))
    return frozenset(found)


def _operations(epoch: Epoch) -> list[str]:
    """The operations that rules in force block, by name."""
    return sorted({rule.target for rule in epoch.rules if rule.kind == "block" and rule.target is not None})


def _any_fired(places: list[int]) -> nw.Expr:
    if not places:
        return nw.lit(value=False)
    return any_of([nw.col(f"__dxr{place}") for place in places]).fill_null(value=False)


def _added(decided: Decided, backend: Backend, job: Job) -> Any:
    """The table with the columns that are asked for."""
    frame, epoch = decided.frame, job.epoch
    names = [rule.name for rule in epoch.rules]
    blocked = [(operation, f"__dxp{place}", True) for place, operation in enumerate(_operations(epoch))]
    if "codes" in job.add:
        frame = backend.joined(frame, "dx_codes", [(name, f"__dxr{place}", True) for place, name in enumerate(names)])
    if "blocked" in job.add:
        frame = backend.joined(frame, "dx_blocked", blocked)
    if "undetermined" in job.add:
        tests = [(name, f"__dxr{place}", False) for place, name in enumerate(names)]
        frame = backend.joined(frame, "dx_undetermined", tests)
    made: dict[str, nw.Expr] = {}
    if "rules" in job.add:
        made |= {f"dx_rule_{name}": nw.col(f"__dxr{place}") for place, name in enumerate(names)}
    if "severity" in job.add:
        worst = nw.lit(None, dtype=nw.String)
        for severity in reversed(worst_first()):
            worst = nw.when(nw.col(f"__dxq{severity}")).then(nw.lit(severity)).otherwise(worst)
        made["dx_severity"] = worst
    if job.mark:
        joined = [name for name in job.columns if name.startswith("dx_") and name != "dx_invalid" and name not in made]
        made |= {name: nw.col(name) for name in joined if not name.startswith("dx_messages")}
        if decided.faults:
            sound = ~nw.col(_BAD)
            made = {name: nw.when(sound).then(expr) for name, expr in made.items()}
        made["dx_invalid"] = _said(decided.columns.faults)
    return nw.lazy(frame).with_columns(**made).to_native() if made else frame


def _said(faults: list[Fault]) -> nw.Expr:
    """What is wrong with a row; null for a row that is right."""
    if not faults:
        return nw.lit(None, dtype=nw.String)
    texts = []
    for fault in faults:
        said: list[nw.Expr] = [nw.lit(f"{fault.path}: found "), fault.shown, nw.lit(f", allowed is {fault.allowed}")]
        texts.append(nw.when(nw.col(fault.column)).then(nw.concat_str(said)))
    return nw.when(nw.col(_BAD)).then(nw.concat_str(texts, separator="; ", ignore_nulls=True))


def _error(decided: Decided, backend: Any, layout: Layout, found: Any) -> FrameError:
    faults = decided.faults
    texts = {f"__dxt{place}": fault.shown for place, fault in enumerate(faults)}
    shown = nw.lazy(decided.frame).with_columns(**texts).to_native()
    problems = []
    for fault, (count, first, value) in zip(
        faults, backend.bad_rows(shown, [(each.column, f"__dxt{n}") for n, each in enumerate(faults)]), strict=True
    ):
        if count:
            rows = f"{count:,} rows, the first of them row {first}" if count > 1 else f"row {first}"
            problems.append(Problem(fault.path, f"{value} in {rows}", fault.allowed))
    return FrameError(layout.fact_type.name, problems, rows=(int(found[_BAD].sum()), len(found)))
