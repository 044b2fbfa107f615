"""What is to be done to a table: planned once for all tables of its columns, and done to this one.

In memory it is done in the hope that every row is a fact, which one truth value a column tells when all is done. Only
where that was wrong is it told of each row what is wrong with it, which takes twice as long.
"""

from __future__ import annotations

from typing import Any

import attrs

from dxrules.engines.frame import nw
from dxrules.engines.frame.additions import BAD, Decided, added, decided
from dxrules.engines.frame.backend import Backend, Recording
from dxrules.engines.frame.columns import any_of
from dxrules.engines.frame.engine import Job
from dxrules.engines.frame.layout import Layout
from dxrules.errors import EngineError, FrameError, Problem


@attrs.define(eq=False)
class Recipe:
    """The steps for every table of certain columns. `doubtful` says that the last such table had wrong rows."""

    decided: Decided
    steps: Any
    doubtful: bool = False


def lazily(frame: Any, backend: Backend, layout: Layout, job: Job) -> Any:
    """A lazy table with the columns that are asked for."""
    if any(each.startswith("messages") for each in job.add):
        raise EngineError("messages are written in Python, from the values of each row: collect the table first")
    if isinstance(backend, Recording):
        return backend.bare(_recipe(frame, backend, layout, job).steps.replay(frame))
    made = nw.lazy(added(decided(frame, backend, layout, job), backend, job))
    return made.drop([name for name in made.collect_schema().names() if name.startswith("__dx")]).to_native()


def at_once(frame: Any, backend: Any, layout: Layout, job: Job) -> Any:
    """For a lazy Polars frame over data in memory: a frame of the columns that are asked for only.

    Raises:
        FrameError: rows are no facts, and they are not to be marked.
    """
    quick = _recipe(frame, backend, layout, job, whole=True)
    faults = quick.decided.columns.faults
    if not faults:
        return backend.collected(quick.steps.replay(frame), job.columns)
    if not quick.doubtful:
        wrong = any_of([fault.test.on(backend.words).any() for fault in faults]).alias(BAD)
        found = backend.collected(quick.steps.replay(frame), [*job.columns, wrong])
        if not found.drop_in_place(BAD).any():
            return found
    careful = _recipe(frame, backend, layout, job)
    made = careful.steps.replay(frame)
    found = backend.collected(made, [*job.columns, BAD])
    quick.doubtful = found[BAD].any()
    if quick.doubtful and not job.mark:
        raise _error(attrs.evolve(careful.decided, frame=made), backend, layout, found)
    return found.drop(BAD)


def _recipe(frame: Any, backend: Recording, layout: Layout, job: Job, *, whole: bool = False) -> Recipe:
    def made() -> Recipe:
        said = decided(backend.recorder(frame), backend, layout, job, whole=whole)
        return Recipe(said, added(said, backend, job))

    key = (type(backend), backend.signature(frame), job.day, job.add, job.mark, job.trust, whole)
    return job.remembered(key, made)


def _error(said: Decided, backend: Any, layout: Layout, found: Any) -> FrameError:
    faults = said.columns.faults
    asked = [(fault.test.on(backend.words), fault.said(backend.words)) for fault in faults]
    problems = []
    for fault, (count, first, value) in zip(faults, backend.bad_rows(said.frame, asked), strict=True):
        if count:
            rows = f"{count:,} rows, the first of them row {first}" if count > 1 else f"row {first}"
            problems.append(Problem(fault.path, f"{value} in {rows}", fault.allowed))
    return FrameError(layout.fact_type.name, problems, rows=(int(found[BAD].sum()), len(found)))
