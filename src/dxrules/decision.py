"""Decisions: which rules fired on a fact, and which could not be decided.

A decision is little more than its fact and two bit masks over the rules of an epoch. Everything else is made when it
is asked for, by the plan that all decisions of the epoch share.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from dxrules.errors import EngineError
from dxrules.explain import Explanation, explain
from dxrules.meaning import InstanceFacts, missing_of_rule
from dxrules.outcome import Outcome, bound_outcome, shared_outcome
from dxrules.rulebook import Epoch
from dxrules.suggest import did_you_mean

_KEPT = 4_096  # mask decodings that a plan remembers


class Verdict(enum.StrEnum):
    """Whether an operation may be done."""

    BLOCKED = "blocked"
    UNDETERMINED = "undetermined"
    ALLOWED = "allowed"


@attrs.frozen(eq=False)
class Plan:
    """What the decisions of one epoch share.

    Bit `i` of a mask stands for `epoch.rules[i]`. `blocks` and `gated` are, for each operation, the rules that block
    it and the required actions that stand in its way.
    """

    epoch: Epoch
    names: tuple[str, ...]
    shared: tuple[Outcome | None, ...]
    blocks: Mapping[str, int]
    gated: Mapping[str, int]
    codes_of: dict[int, tuple[str, ...]] = attrs.field(factory=dict)

    @property
    def digest(self) -> str:
        """The digest of the rulebook."""
        return self.epoch.digest

    def decode(self, mask: int) -> tuple[str, ...]:
        """The names of the rules of a mask, in order; the usual masks are remembered."""
        found = tuple([self.names[place] for place in places(mask)])
        if len(self.codes_of) < _KEPT:
            self.codes_of[mask] = found
        return found

    def outcomes(self, decision: Decision) -> tuple[Outcome, ...]:
        """The outcomes of the rules that fired, in order."""
        fact, as_of = decision.fact, decision.as_of
        epoch = self.epoch
        return tuple(
            self.shared[place] or bound_outcome(epoch.rules[place], fact, epoch.parameters, as_of)
            for place in places(decision._fired)
        )

    def undetermined(self, decision: Decision) -> tuple[Undetermined, ...]:
        """The rules that could not be decided, in order."""
        mask = decision._open
        names = self.codes_of.get(mask) or self.decode(mask)
        return tuple([Undetermined(name, None, decision) for name in names])

    def missing(self, decision: Decision, name: str) -> tuple[str, ...]:
        """The unknown facts that an undetermined rule waits for."""
        facts = InstanceFacts(decision.fact, self.epoch.parameters, decision.as_of)
        return missing_of_rule(self.epoch, self.names.index(name), facts)


def plan_of(epoch: Epoch) -> Plan:
    """The plan for the decisions of an epoch."""
    blocks = dict.fromkeys(epoch.operations, 0)
    gated = dict.fromkeys(epoch.operations, 0)
    for place, rule in enumerate(epoch.rules):
        if rule.kind == "block" and rule.target is not None:
            blocks[rule.target] |= 1 << place
        if rule.kind == "require":
            for operation, deadlines in epoch.gates.items():
                if rule.deadline in deadlines and operation in gated:
                    gated[operation] |= 1 << place
    names = tuple(rule.name for rule in epoch.rules)
    return Plan(epoch, names, tuple(map(shared_outcome, epoch.rules)), blocks, gated)


def places(mask: int) -> Iterator[int]:
    """The places of the bits of a mask, lowest first.

    >>> list(places(0b10110))
    [1, 2, 4]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Undetermined:
    """A rule that could not be decided: `rule` is its name, `missing` the unknown facts that it waits for.

    >>> Undetermined("IDLE_COST", ("monthly_fee_fen",))
    Undetermined(rule='IDLE_COST', missing=('monthly_fee_fen',))
    """

    __slots__ = ("_decision", "_missing", "_rule")

    def __init__(
        self, rule: str, missing: tuple[str, ...] | None, decision: Decision | None = None
    ) -> None:
        self._rule = rule
        self._missing = missing
        self._decision = decision

    @property
    def rule(self) -> str:
        """The rule's name."""
        return self._rule

    @property
    def missing(self) -> tuple[str, ...]:
        """The unknown facts that it waits for, in the order in which the rule names them."""
        if self._missing is None:
            assert self._decision is not None
            self._missing = self._decision._plan.missing(self._decision, self._rule)
        return self._missing

    def __repr__(self) -> str:
        return f"Undetermined(rule={self.rule!r}, missing={self.missing!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Undetermined):
            return NotImplemented
        return self.rule == other.rule and self.missing == other.missing

    def __hash__(self) -> int:
        return hash((self.rule, self.missing))

    def __reduce__(self) -> tuple[Any, ...]:
        return Undetermined, (self.rule, self.missing)


class Decision:
    """What the rules say of one fact on one day. Immutable; made by engines.

    Attributes:
        fact: the fact that was decided.
        as_of: the day for which.
        digest: the digest of the rulebook.
    """

    __slots__ = ("_as_of", "_fact", "_fired", "_open", "_plan")

    def __init__(self, plan: Plan | StoredPlan, fact: Any, as_of: dt.date, fired: int, open_: int) -> None:
        self._plan = plan
        self._fact = fact
        self._as_of = as_of
        self._fired = fired
        self._open = open_

    @property
    def fact(self) -> Any:
        """The fact that was decided."""
        return self._fact

    @property
    def as_of(self) -> dt.date:
        """The day for which it was decided."""
        return self._as_of

    @property
    def digest(self) -> str:
        """The digest of the rulebook that decided."""
        return self._plan.digest

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the outcomes, in order."""
        fired = self._fired
        if not fired:
            return ()
        return self._plan.codes_of.get(fired) or self._plan.decode(fired)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the rules that fired conclude: highest priority first."""
        return self._plan.outcomes(self)

    @property
    def undetermined(self) -> tuple[Undetermined, ...]:
        """The rules that could not be decided, because a fact that they read is unknown."""
        return self._plan.undetermined(self) if self._open else ()

    @property
    def blocks(self) -> tuple[Outcome, ...]:
        """The outcomes that forbid an operation."""
        return self._of_kind("block")

    @property
    def required_actions(self) -> tuple[Outcome, ...]:
        """The outcomes that demand something."""
        return self._of_kind("require")

    @property
    def suggested_actions(self) -> tuple[Outcome, ...]:
        """The outcomes that advise something."""
        return self._of_kind("suggest")

    @property
    def warnings(self) -> tuple[Outcome, ...]:
        """The outcomes that warn."""
        return self._of_kind("warn")

    @property
    def notes(self) -> tuple[Outcome, ...]:
        """The outcomes that inform."""
        return self._of_kind("inform")

    def _of_kind(self, kind: str) -> tuple[Outcome, ...]:
        return tuple(each for each in self.outcomes if each.kind == kind)

    def verdict(self, operation: str) -> Verdict:
        """Whether an operation may be done.

        BLOCKED when a rule that blocks it fires, else UNDETERMINED when one is undetermined, else ALLOWED.

        Raises:
            EngineError: no rule of the rulebook blocks such an operation.
        """
        blocking = self._masks(self._plan.blocks, operation)
        if blocking & self._fired:
            return Verdict.BLOCKED
        return Verdict.UNDETERMINED if blocking & self._open else Verdict.ALLOWED

    def ready(self, operation: str) -> bool | None:
        """Whether an operation is allowed and no required action that gates it is open; None when undetermined.

        Raises:
            EngineError: no rule of the rulebook blocks such an operation.
        """
        verdict = self.verdict(operation)
        gating = self._masks(self._plan.gated, operation)
        if verdict is Verdict.BLOCKED or gating & self._fired:
            return False
        return None if verdict is Verdict.UNDETERMINED or gating & self._open else True

    def _masks(self, masks: Mapping[str, int], operation: str) -> int:
        if operation not in masks:
            help_text = did_you_mean(str(operation), masks) or "its rules block nothing"
            message = f"no rule of this rulebook blocks an operation `{operation}`; {help_text}"
            raise EngineError(message)
        return masks[operation]

    def explain(self) -> Explanation:
        """Why: each rule that fired or is undetermined, with the truth of its clauses and the values that they read.

        Raises:
            EngineError: the decision was unpickled, and its rules did not travel with it.
        """
        if not isinstance(self._plan, Plan):
            message = "an unpickled decision has no rules to explain it by: evaluate its fact again"
            raise EngineError(message)
        shown = places(self._fired | self._open)
        return explain(self._plan.epoch, list(shown), self._fact, self._as_of)

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain data that `json.dumps` takes."""
        return {
            "fact": _as_data(self._fact),
            "as_of": self._as_of.isoformat(),
            "digest": self.digest,
            "outcomes": [each.to_dict() for each in self.outcomes],
            "undetermined": [{"rule": each.rule, "missing": list(each.missing)} for each in self.undetermined],
        }

    def __repr__(self) -> str:
        codes = ", ".join(self.codes) or "nothing"
        waiting = self._open.bit_count()
        rest = f"; {waiting} undetermined" if waiting else ""
        return f"<Decision on a {type(self._fact).__name__} as of {self._as_of}: {codes}{rest}>"

    def _key(self) -> tuple[Any, ...]:
        return self._fact, self.digest, self._as_of, self.outcomes, self.undetermined

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        return self is other or (self.codes == other.codes and self._key() == other._key())

    def __hash__(self) -> int:
        return hash((self.digest, self._as_of, self.codes))  # a fact need not be hashable

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision, (_stored(self), self._fact, self._as_of, self._fired, self._open)


@attrs.frozen(eq=False)
class StoredPlan:
    """The plan of a decision that travels without its rules: it holds the decision's own outcomes."""

    digest: str
    stored_outcomes: tuple[Outcome, ...]
    stored_undetermined: tuple[Undetermined, ...]
    blocks: Mapping[str, int]
    gated: Mapping[str, int]
    codes_of: Mapping[int, tuple[str, ...]]

    def decode(self, mask: int) -> tuple[str, ...]:
        """The names of the rules of a mask, in order."""
        raise AssertionError(mask)  # the only mask that can be asked for is in `codes_of`

    def outcomes(self, decision: Decision) -> tuple[Outcome, ...]:
        """The outcomes of the rules that fired, in order."""
        del decision
        return self.stored_outcomes

    def undetermined(self, decision: Decision) -> tuple[Undetermined, ...]:
        """The rules that could not be decided, in order."""
        del decision
        return self.stored_undetermined


def _stored(decision: Decision) -> StoredPlan:
    plan = decision._plan
    if isinstance(plan, StoredPlan):
        return plan
    seen = decision._fired | decision._open
    return StoredPlan(
        plan.digest,
        decision.outcomes,
        decision.undetermined,
        {operation: mask & seen for operation, mask in plan.blocks.items()},
        {operation: mask & seen for operation, mask in plan.gated.items()},
        {decision._fired: decision.codes},
    )


def _as_data(value: Any) -> Any:
    """A fact as plain data: enums as text, dates in ISO form, sets as sorted lists."""
    if attrs.has(type(value)):
        return {field.name: _as_data(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, (frozenset, set)):
        return sorted(map(_as_data, value), key=str)
    if isinstance(value, (list, tuple)):
        return [_as_data(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _as_data(each) for key, each in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)  # JSON has neither
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
