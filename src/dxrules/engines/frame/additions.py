"""The columns that a table gets: joined codes, rules, the worst severity, and what is wrong with a row."""

from __future__ import annotations

from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.engines.frame.backend import Backend, Test, Words
from dxrules.engines.frame.columns import Columns, Fault, any_of, prepare
from dxrules.engines.frame.engine import Job, worst_first
from dxrules.engines.frame.layout import Layout
from dxrules.engines.frame.stages import Value
from dxrules.engines.frame.translate import Translator, opposite
from dxrules.rulebook import Epoch

BAD = "__dxbad"  # tells where anything is wrong with a row


@attrs.frozen(eq=False)
class Decided:
    """A native table with the truth of every rule in columns `__dxr0`, `__dxr1`, ..., and what else was asked for.

    Unless it is `whole` it tells of each row what is wrong with it, if anything can be.
    """

    frame: Any
    columns: Columns
    whole: bool


def decided(frame: Any, backend: Backend, layout: Layout, job: Job, *, whole: bool = False) -> Decided:
    """The table with the truth of every rule; `whole` is for tables of which one must only know if all is well."""
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
    if columns.faults and not whole:
        bad = any_of([fault.test.on(words) for fault in columns.faults])
        stages.add(BAD, Value(words.sure(bad), max(fault.test.level for fault in columns.faults)))
    for step in stages.steps:
        if step:
            frame = words.with_columns(frame, step)
    return Decided(frame, columns, whole=whole)


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


def added(decided: Decided, backend: Backend, job: Job) -> Any:
    """The table with the columns that are asked for."""
    frame, epoch, words = decided.frame, job.epoch, backend.words
    faults = [] if decided.whole else decided.columns.faults
    names = [rule.name for rule in epoch.rules]
    tests: dict[str, list[Test]] = {}
    if "codes" in job.add:
        tests["dx_codes"] = [(name, f"__dxr{place}", True) for place, name in enumerate(names)]
    if "blocked" in job.add:
        tests["dx_blocked"] = [(name, f"__dxp{place}", True) for place, name in enumerate(_operations(epoch))]
    if "undetermined" in job.add:
        tests["dx_undetermined"] = [(name, f"__dxr{place}", False) for place, name in enumerate(names)]
    if tests:
        frame = backend.joined(frame, tests, BAD if job.mark and faults else None)
    made: dict[str, Any] = {}
    bad = words.col(BAD) if job.mark and faults else None
    if "rules" in job.add:
        truths = {f"dx_rule_{name}": words.col(f"__dxr{place}") for place, name in enumerate(names)}
        made |= (
            truths if bad is None else {name: words.unless(bad, truth, truth=True) for name, truth in truths.items()}
        )
    if "severity" in job.add:
        worst = words.lit(None, dtype=words.String)
        for severity in reversed(worst_first()):
            worst = words.when(words.col(f"__dxq{severity}")).then(words.lit(severity)).otherwise(worst)
        made["dx_severity"] = worst if bad is None else words.unless(bad, worst)
    if job.mark:
        made["dx_invalid"] = _said(faults, words)
    return words.with_columns(frame, made) if made else frame


def _said(faults: list[Fault], words: Words) -> Any:
    """What is wrong with a row; null for a row that is right."""
    if not faults:
        return words.lit(None, dtype=words.String)
    texts = []
    for fault in faults:
        said = fault.said(words, f"{fault.path}: found ", f", allowed is {fault.allowed}")
        texts.append(words.when(fault.test.on(words)).then(said))
    return words.when(words.col(BAD)).then(words.concat_str(texts, separator="; ", ignore_nulls=True))
