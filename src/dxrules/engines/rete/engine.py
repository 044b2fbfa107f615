"""The rete engine from outside: which matchers decide which fact on which day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from dxrules import expression as ex
from dxrules.decision import Decision, decision_of
from dxrules.engines.day import day_of
from dxrules.engines.interpret import interpret
from dxrules.engines.rete.conditions import Value
from dxrules.engines.rete.guard import ReenteredError
from dxrules.engines.rete.lowering import Property, UnfitError, lower
from dxrules.engines.rete.matcher import Matcher
from dxrules.engines.rete.module import durable_rules
from dxrules.errors import EngineError, FactError
from dxrules.meaning import InstanceFacts, settle
from dxrules.plan import At, Plan, plan_of
from dxrules.rulebook import Rulebook
from dxrules.values import Plain


class ReteEngine:
    """Decides facts by durable-rules, as the other engines do.

    Threads may share it; it survives a fork; it is not pickled.

    Raises:
        MissingExtraError: durable-rules is not there; the message says what to type.
    """

    name = "rete"

    def __init__(self, rulebook: Rulebook) -> None:
        durable_rules()
        self.rulebook = rulebook
        self._programs: dict[int, _Program] = {}

    def evaluate(self, fact: Any, as_of: dt.date | None = None) -> Decision:
        """Decide one fact as of a day, by default today.

        Raises:
            FactError: the fact holds what its class does not take.
            EngineError: the rulebook has no such facts, or `as_of` is no date.
        """
        day = day_of(as_of)
        epoch = self.rulebook.epoch(self.rulebook.fact_type_of(type(fact)), day)
        program = self._programs.get(id(epoch))  # the rulebook keeps its epochs alive
        if program is None:
            program = self._programs.setdefault(id(epoch), _program(plan_of(epoch)))
        return program.decide(fact, day)

    def __reduce__(self) -> tuple[Any, ...]:
        message = "an engine is not pickled: load and compile its rulebook again, or pickle its decisions"
        raise EngineError(message)


@attrs.frozen(eq=False)
class _Program:
    """An epoch made ready: what its rules read, what durable-rules is handed, and the two matchers.

    `all` is the mask of every rule.
    """

    plan: Plan
    refs: tuple[ex.FactRef, ...]
    properties: tuple[Property, ...]
    undated: bool
    true: Matcher
    false: Matcher
    all: int

    def decide(self, fact: Any, day: dt.date) -> Decision:
        """The decision on a fact.

        What durable-rules does not compare exactly, and what is an error, is left to the interpreter.
        """
        at = At(self.plan, day)
        facts = _Read(InstanceFacts(fact, self.plan.epoch.parameters, day))
        try:
            for ref in self.refs:
                facts.read(ref)  # what no comparison hangs on is checked too
            values = [each.read(facts) for each in self.properties]
            fired = self.true.match(values)
            unknown = self._unknown(fired, values)
        except (FactError, UnfitError, ReenteredError):
            return interpret(fact, at)
        if self.plan.epoch.overriders:
            fired, unknown = self._settled(fired, unknown)
        return decision_of(at, fact, fired, unknown)

    def _unknown(self, fired: int, values: list[Value | None]) -> int:
        """The rules that are neither surely true nor surely false."""
        if not self.undated and None not in values:
            return 0
        open_ = self.all & ~fired
        return open_ & ~self.false.match(values) if open_ else 0

    def _settled(self, fired: int, unknown: int) -> tuple[int, int]:
        """The masks once overriding rules have silenced those below them."""
        rules = range(len(self.plan.epoch.rules))
        own = [None if unknown >> place & 1 else bool(fired >> place & 1) for place in rules]
        truths = settle(self.plan.epoch, own)
        return (
            sum(1 << place for place in rules if truths[place] is True),
            sum(1 << place for place in rules if truths[place] is None),
        )


def _program(plan: Plan) -> _Program:
    epoch = plan.epoch
    lowered = lower(epoch)
    refs: dict[str, ex.FactRef] = {}
    for rule in epoch.rules:
        refs.update(ex.facts_of(rule.when))
    return _Program(
        plan,
        tuple(refs.values()),
        lowered.properties,
        lowered.undated,
        Matcher([rule.true for rule in lowered.rules]),
        Matcher([rule.false for rule in lowered.rules]),
        (1 << len(epoch.rules)) - 1,
    )


@attrs.frozen
class _Read:
    """The facts of an instance, each read once."""

    facts: InstanceFacts
    _found: dict[str, Plain] = attrs.field(factory=dict, init=False)

    @property
    def parameters(self) -> Any:
        """The parameters' values on the day."""
        return self.facts.parameters

    @property
    def as_of(self) -> dt.date:
        """The day."""
        return self.facts.as_of

    def read(self, ref: ex.FactRef) -> Plain:
        """The plain value of a fact."""
        name = ref.fact.name
        if name not in self._found:
            self._found[name] = self.facts.read(ref)
        return self._found[name]

    def unknown_name(self, ref: ex.FactRef) -> str:
        """For an unknown fact: its name, or that of the group around it that is None."""
        return self.facts.unknown_name(ref)
