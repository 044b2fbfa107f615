"""The columns that a table gets: joined codes, rules, the worst severity, and what is wrong with a row."""

from __future__ import annotations

from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.engines.frame import nw
from dxrules.engines.frame.backend import Backend, Words
from dxrules.engines.frame.columns import Columns, Fault, any_of, prepare
from dxrules.engines.frame.engine import Job, worst_first
from dxrules.engines.frame.layout import Layout
from dxrules.engines.frame.stages import Value
from dxrules.engines.frame.translate import Translator, opposite
from dxrules.errors import EngineError, FrameError, Problem
from dxrules.rulebook import Epoch

_BAD = "__dxbad"
_KEPT = 64  # recipes that a rulebook remembers


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
    decided, steps = recipe(frame, backend, layout, job)
    made = steps.replay(frame)
    decided = attrs.evolve(decided, frame=made)
    keep = list(job.columns)
    checked = [_BAD] if decided.faults else []
    found = backend.collected(made, keep + checked)
    if checked:
        if not job.mark and found[_BAD].any():
            raise _error(decided, backend, layout, found)
        found = found.drop(_BAD)
    return found


def recipe(frame: Any, backend: Any, layout: Layout, job: Job) -> tuple[Decided, Any]:
    """What is to be done to a Polars frame: the same for every frame of its columns, so it is remembered."""
    key = ("frame", id(job.epoch), job.day, job.add, job.mark, job.trust, backend.signature(frame))
    found = job.kept.get(key)
    if found is None:
        steps = backend.recorder(frame)
        decided = _decided(steps, backend, layout, job)
        _added(decided, backend, job)
        if len(job.kept) >= _KEPT:
            job.kept.clear()
        found = job.kept[key] = (decided, steps)
    return found


def _decided(frame: Any, backend: Backend, layout: Layout, job: Job) -> Decided:
    epoch = job.epoch
    frame, columns = prepare(frame, layout, backend, _calculated(epoch), backend.words, checks=not job.trust)
    translator = Translator(columns, epoch.parameters, job.day)
    stages, words = columns.stages, backend.words
    truths = [translator.truth(rule.when) for rule in epoch.rules]
    for place, above in epoch.overriders:
        made = translator.joined([truths[place], *(opposite(truths[each]) for each in above)], by=False)
        truths[place] = made if made.constant else stages.shared(("effective", place), made.made, made.level)
    level = 0
    for place, truth in enumerate(truths):
        level = max(level, stages.add(f"__dxr{place}", truth).level)
    if "blocked" in job.add:
        for place, operation in enumerate(_operations(epoch)):
            blocking = [n for n, rule in enumerate(epoch.rules) if (rule.kind, rule.target) == ("block", operation)]
            stages.add(f"__dxp{place}", Value(_any_fired(blocking, words), level))
    if "severity" in job.add:
        for severity in worst_first():
            places = [n for n, rule in enumerate(epoch.rules) if rule.severity == severity]
            stages.add(f"__dxq{severity}", Value(_any_fired(places, words), level))
    if columns.faults:
        bad = any_of([words.col(each.column) for each in columns.faults]).fill_null(value=False)
        stages.add(_BAD, Value(bad, len(stages.steps)))
    for step in stages.steps:
        if step:
            frame = words.with_columns(frame, step)
    return Decided(frame, columns)


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


def _any_fired(places: list[int], words: Words) -> Any:
    if not places:
        return words.lit(value=False)
    return any_of([words.col(f"__dxr{place}") for place in places]).fill_null(value=False)


def _added(decided: Decided, backend: Backend, job: Job) -> Any:
    """The table with the columns that are asked for."""
    frame, epoch, words = decided.frame, job.epoch, backend.words
    names = [rule.name for rule in epoch.rules]
    blocked = [(operation, f"__dxp{place}", True) for place, operation in enumerate(_operations(epoch))]
    if "codes" in job.add:
        frame = backend.joined(frame, "dx_codes", [(name, f"__dxr{place}", True) for place, name in enumerate(names)])
    if "blocked" in job.add:
        frame = backend.joined(frame, "dx_blocked", blocked)
    if "undetermined" in job.add:
        tests = [(name, f"__dxr{place}", False) for place, name in enumerate(names)]
        frame = backend.joined(frame, "dx_undetermined", tests)
    made: dict[str, Any] = {}
    if "rules" in job.add:
        made |= {f"dx_rule_{name}": words.col(f"__dxr{place}") for place, name in enumerate(names)}
    if "severity" in job.add:
        worst = words.lit(None, dtype=words.String)
        for severity in reversed(worst_first()):
            worst = words.when(words.col(f"__dxq{severity}")).then(words.lit(severity)).otherwise(worst)
        made["dx_severity"] = worst
    if job.mark:
        joined = [name for name in job.columns if name.startswith("dx_") and name != "dx_invalid" and name not in made]
        made |= {name: words.col(name) for name in joined}
        if decided.faults:
            sound = ~words.col(_BAD)
            made = {name: words.when(sound).then(expr) for name, expr in made.items()}
        made["dx_invalid"] = _said(decided.columns.faults, words)
    return words.with_columns(frame, made) if made else frame


def _said(faults: list[Fault], words: Words) -> Any:
    """What is wrong with a row; null for a row that is right."""
    if not faults:
        return words.lit(None, dtype=words.String)
    texts = []
    for fault in faults:
        said: list[Any] = [
            words.lit(f"{fault.path}: found "),
            fault.shown(words),
            words.lit(f", allowed is {fault.allowed}"),
        ]
        texts.append(words.when(words.col(fault.column)).then(words.concat_str(said)))
    return words.when(words.col(_BAD)).then(words.concat_str(texts, separator="; ", ignore_nulls=True))


def _error(decided: Decided, backend: Any, layout: Layout, found: Any) -> FrameError:
    faults = decided.faults
    texts = {f"__dxt{place}": fault.shown(backend.words) for place, fault in enumerate(faults)}
    shown = backend.words.with_columns(decided.frame, texts)
    problems = []
    for fault, (count, first, value) in zip(
        faults, backend.bad_rows(shown, [(each.column, f"__dxt{n}") for n, each in enumerate(faults)]), strict=True
    ):
        if count:
            rows = f"{count:,} rows, the first of them row {first}" if count > 1 else f"row {first}"
            problems.append(Problem(fault.path, f"{value} in {rows}", fault.allowed))
    return FrameError(layout.fact_type.name, problems, rows=(int(found[_BAD].sum()), len(found)))
