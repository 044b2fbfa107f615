"""The program of an epoch: one generated Python function that decides a fact.

It reads the facts in place. Straight code decides where that is worth while, else the index does. A fact that holds
anything unusual is left to the interpreter, which finds out whether that is an error; so the generated code need not
know every form that a type takes.
"""

from __future__ import annotations

import datetime as dt
import linecache
import time
import weakref
from collections.abc import Callable
from typing import Any, Protocol

import attrs

from dxrules import expression as ex
from dxrules.codes import Codes
from dxrules.decision import Decision
from dxrules.engines.compiled.assembly import assemble
from dxrules.engines.compiled.decided import write_decision
from dxrules.engines.compiled.indexcode import IndexCode
from dxrules.engines.compiled.normal import Formula, normal, tests_of
from dxrules.engines.compiled.straight import Item, StraightCode, straight_items
from dxrules.engines.compiled.writer import Writer
from dxrules.engines.interpret import interpret
from dxrules.plan import At, Plan

# The names of sources whose programs are gone. The next program takes them out: a finalizer runs in the midst of
# anything, of `linecache.checkcache` too, which fails when what it goes through changes.
_gone: list[str] = []


class Decide(Protocol):
    """A generated function. With `at` it decides; without, it is the engine's `evaluate` for today's facts."""

    def __call__(self, fact: Any, as_of: dt.date | None = None, at: At | None = None) -> Decision:
        """The decision on a fact."""


@attrs.define(eq=False)
class Program:
    """A compiled epoch.

    Attributes:
        plan: the plan of its decisions.
        decide: the generated function.
        space: the namespace that it runs in. Between the times `begin` and `end` it decides for `today`; else, and for
            any other call than on a plain fact of its type, it asks `other`.
        source: its source.
    """

    plan: Plan
    decide: Decide
    space: dict[str, Any]
    source: str
    _last: At

    def at(self, day: dt.date) -> At:
        """The plan on a day; that of the last day asked for is kept."""
        found = self._last
        if found.day != day:
            found = self._last = At(self.plan, day)
        return found

    def set_today(self, today: At | None, begin: float, end: float) -> None:
        """Say which day it is between two times, in seconds since 1970."""
        self.space["end"] = 0.0  # until all is set, another thread asks `other`
        self.space["today"] = today
        self.space["begin"] = begin
        self.space["end"] = end


def compile_epoch(plan: Plan, label: str, other: Callable[[Any, dt.date | None], Decision]) -> Program:
    """Generate, compile and register the function that decides a fact in an epoch. `label` names it in tracebacks."""
    source, space = write_epoch(plan)
    space.update(other=other, now=time.time, begin=0.0, end=0.0, today=None)
    filename = f"<dxrules {label}>"
    exec(compile(source, filename, "exec"), space)  # noqa: S102  # our own text: see `Writer`
    while _gone:
        linecache.cache.pop(_gone.pop(), None)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    program = Program(plan, space["decide"], space, source, At(plan, dt.date.min))
    weakref.finalize(program, _gone.append, filename)
    return program


def write_epoch(plan: Plan) -> tuple[str, dict[str, Any]]:
    """The source of the function `decide`, and the namespace that it runs in."""
    epoch = plan.epoch
    formulas = [normal(rule.when, epoch.parameters) for rule in epoch.rules]
    reads = [ex.facts_of(rule.when) for rule in epoch.rules]
    untested = _untested(formulas, reads) | _together([rule.when for rule in epoch.rules])
    writer = Writer()
    writer.space["slow"] = interpret
    items = straight_items(formulas) if not epoch.overriders else None
    index = IndexCode(writer, assemble(formulas, reads, untested), epoch)
    with writer.block("def decide(fact, as_of=None, at=None):"):
        with writer.block("if at is None:"):
            kind = writer.constant(epoch.fact_type.cls)
            with writer.block(f"if as_of is not None or type(fact) is not {kind} or not begin <= now() < end:"):
                writer.line("return other(fact, as_of)")
            writer.line("at = today")
        if items is None:
            index.write()
            write_decision(writer, plan.codes, "s", "o", index.remember)
        else:
            _write_straight(writer, plan.codes, items, list(untested.values()))
    if items is not None:
        writer.line("")
        with writer.block("def rest(fact, at):"):
            index.write()
            write_decision(writer, plan.codes, "s", "o", index.remember)
    return writer.source, writer.space


def _untested(formulas: list[Formula], reads: list[dict[str, ex.FactRef]]) -> dict[str, ex.FactRef]:
    """The facts that a rule reads but, in its normal form, does not test."""
    found: dict[str, ex.FactRef] = {}
    for formula, refs in zip(formulas, reads, strict=True):
        tested = {ref.fact.name for test in tests_of(formula) for ref in test.term.refs}
        found.update((name, ref) for name, ref in refs.items() if name not in tested)
    return found


def _together(conditions: list[ex.Expr]) -> dict[str, ex.FactRef]:
    """The facts of parts that an `is` test looks at together.

    The normal form puts the test to each part, where an unknown one decides it; but unknown does not decide the parts
    together, and then what is wrong with another is an error.
    """
    found: dict[str, ex.FactRef] = {}
    for condition in conditions:
        for node in ex.walk(condition):
            if isinstance(node, (ex.IsNone, ex.IsBool)) and any(
                isinstance(each, (ex.And, ex.Or)) for each in ex.walk(node)
            ):
                found.update(ex.facts_of(node))
    return found


def _write_straight(writer: Writer, codes: Codes, items: list[Item], untested: list[ex.FactRef]) -> None:
    writer.line("m = o = 0")
    with writer.block("try:"):
        code = StraightCode(writer)
        code.check(untested)
        code.write(items)
        writer.line("pass")
    with writer.block("except (TypeError, OverflowError):"):  # a value that cannot be looked up or compared
        writer.line("return rest(fact, at)")
    write_decision(writer, codes, "m", "o")
