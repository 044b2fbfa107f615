"""Decisions: which rules fired on a fact, and which could not be decided.

A decision is little more than its fact and two bit masks over the rules of an epoch. Everything else is made when it
is asked for, by the plan that all decisions of the epoch share.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, overload

import attrs

from dxrules.errors import EngineError
from dxrules.outcome import Outcome
from dxrules.plaindata import as_data
from dxrules.plan import At, Plan
from dxrules.suggest import did_you_mean

if TYPE_CHECKING:
    from dxrules.explain import Explanation, Questions, RuleExplanation, Subject, WhatIf


class Verdict(enum.StrEnum):
    """Whether an operation may be done."""

    BLOCKED = "blocked"
    UNDETERMINED = "undetermined"
    ALLOWED = "allowed"


class Undetermined:
    """A rule that could not be decided: `rule` is its name, `missing` the unknown facts that it waits for.

    >>> Undetermined("IDLE_COST", ("monthly_fee_fen",))
    Undetermined(rule='IDLE_COST', missing=('monthly_fee_fen',))
    """

    __slots__ = ("_among", "_missing", "_rule")

    def __init__(self, rule: str, missing: tuple[str, ...] | None, among: UndeterminedRules | None = None) -> None:
        self._rule = rule
        self._missing = missing
        self._among = among

    @property
    def rule(self) -> str:
        """The rule's name."""
        return self._rule

    @property
    def missing(self) -> tuple[str, ...]:
        """The unknown facts that it waits for, in the order in which the rule names them."""
        if self._missing is None:
            rules = self._among
            assert rules is not None
            self._missing = rules._at.plan.missing(self._rule, rules._fact, rules._at.day)
            self._among = None  # no ring of references is left behind
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


class UndeterminedRules(Sequence[Undetermined]):
    """The undetermined rules of a decision, in order. Equal to the tuple of them; made when they are looked at."""

    __slots__ = ("_at", "_fact", "_items", "_mask")

    # Made in place by generated code, like decisions.
    _at: At
    _fact: Any
    _mask: int
    _items: tuple[Undetermined, ...]

    def _made(self) -> tuple[Undetermined, ...]:
        try:
            return self._items
        except AttributeError:  # the first look
            names = self._at.plan.codes[self._mask]
            self._items = tuple([Undetermined(name, None, self) for name in names])
            return self._items

    @overload
    def __getitem__(self, index: int) -> Undetermined: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Undetermined, ...]: ...
    def __getitem__(self, index: int | slice) -> Undetermined | tuple[Undetermined, ...]:
        return self._made()[index]

    def __len__(self) -> int:
        return self._mask.bit_count()

    def __iter__(self) -> Iterator[Undetermined]:
        return iter(self._made())

    def __repr__(self) -> str:
        return repr(self._made())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, UndeterminedRules):
            other = other._made()
        return self._made() == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._made())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._made(),)


class Decision:
    """What the rules say of one fact on one day. Immutable; made by engines.

    Attributes:
        fact: the fact that was decided.
        as_of: the day for which.
        digest: the digest of the rulebook.
    """

    __slots__ = ("_at", "_codes", "_fact", "_fired", "_undetermined")

    # Made by `decision_of`, or in place by generated code, which is why there is no `__init__`: it would cost as much
    # as all the rest.
    _at: At | StoredAt
    _fact: Any
    _fired: int
    _codes: tuple[str, ...]
    _undetermined: UndeterminedRules | tuple[Undetermined, ...]

    @property
    def fact(self) -> Any:
        """The fact that was decided."""
        return self._fact

    @property
    def as_of(self) -> dt.date:
        """The day for which it was decided."""
        return self._at.day

    @property
    def digest(self) -> str:
        """The digest of the rulebook that decided."""
        return self._at.plan.digest

    if TYPE_CHECKING:

        @property
        def codes(self) -> tuple[str, ...]:
            """The codes of the outcomes, in order."""

        @property
        def undetermined(self) -> Sequence[Undetermined]:
            """The rules that could not be decided, in order, because a fact that they read is unknown."""

    else:  # getters in C: these two are what nearly everybody asks of every decision
        codes = property(attrgetter("_codes"), doc="The codes of the outcomes, in order.")
        undetermined = property(
            attrgetter("_undetermined"),
            doc="The rules that could not be decided, in order, because a fact that they read is unknown.",
        )

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the rules that fired conclude: highest priority first."""
        return self._at.plan.outcomes(self._fired, self._fact, self.as_of)

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
        blocking = self._masks(self._at.plan.blocks, operation)
        if blocking & self._fired:
            return Verdict.BLOCKED
        return Verdict.UNDETERMINED if blocking & self._open else Verdict.ALLOWED

    def ready(self, operation: str) -> bool | None:
        """Whether an operation is allowed and no required action that gates it is open; None when undetermined.

        Raises:
            EngineError: no rule of the rulebook blocks such an operation.
        """
        verdict = self.verdict(operation)
        gating = self._masks(self._at.plan.gated, operation)
        if verdict is Verdict.BLOCKED or gating & self._fired:
            return False
        return None if verdict is Verdict.UNDETERMINED or gating & self._open else True

    @property
    def _open(self) -> int:
        """The mask of the undetermined rules."""
        rules = self._undetermined
        if isinstance(rules, UndeterminedRules):
            return rules._mask
        return self._at.plan.open if isinstance(self._at.plan, StoredPlan) else 0

    def _masks(self, masks: Mapping[str, int], operation: str) -> int:
        if operation not in masks:
            help_text = did_you_mean(str(operation), masks) or "its rules block nothing"
            message = f"no rule of this rulebook blocks an operation `{operation}`; {help_text}"
            raise EngineError(message)
        return masks[operation]

    def explain(self) -> Explanation:
        """Why: each rule that fires, is undetermined or is silenced, with its clauses and what they read.

        Raises:
            EngineError: the decision was unpickled, and its rules did not travel with it.
        """
        from dxrules.explain import explain

        return explain(self._subject())

    def why_not(self, rule: str) -> RuleExplanation:
        """Why a rule does not fire: its clauses, with a smallest set of those marked that stand in its way.

        Args:
            rule: its name.

        Raises:
            EngineError: there is no such rule on facts of this type, or the decision was unpickled.
        """
        from dxrules.explain import why_not

        return why_not(self._subject(), rule)

    def missing(self) -> Questions:
        """The unknown facts worth asking for: those that most undetermined rules wait for first.

        Raises:
            EngineError: the decision was unpickled, and its rules did not travel with it.
        """
        from dxrules.explain import missing

        return missing(self._subject())

    def what_if(
        self, *, allow: str | None = None, fire: str | None = None, silence: str | None = None
    ) -> WhatIf[Decision]:
        """The smallest changes of facts that reach a goal, each with the decision that would follow.

        Only facts change whose notes say that a person can change them (`note(..., settable=...)`).

        Args:
            allow: an operation whose verdict is to be ALLOWED.
            fire: a rule that is to fire.
            silence: a rule that is neither to fire nor to be undetermined.

        Raises:
            EngineError: not one goal but none or several; no rule blocks such an operation; there is no such rule on
                facts of this type; or the decision was unpickled.
            DxRulesError: a note says that a fact can be set to what is no value of it.
        """
        from dxrules.explain.what_if import goal_from, what_if

        kind, name = goal_from(allow, fire, silence)
        at, subject = self._at, self._subject()
        blocking = self._masks(at.plan.blocks, name) if kind == "allow" else 0
        assert isinstance(at, At)
        return what_if(subject, kind, name, blocking, lambda fact, fired, left: decision_of(at, fact, fired, left))

    def _subject(self) -> Subject:
        """What explanations are made of."""
        from dxrules.explain import Subject

        plan = self._at.plan
        if not isinstance(plan, Plan):
            message = "an unpickled decision has no rules to explain it by: evaluate its fact again"
            raise EngineError(message)
        return Subject(plan, self._fact, self.as_of, self._fired, self._open)

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain data that `json.dumps` takes."""
        return {
            "fact": as_data(self._fact),
            "as_of": self.as_of.isoformat(),
            "digest": self.digest,
            "outcomes": [each.to_dict() for each in self.outcomes],
            "undetermined": [{"rule": each.rule, "missing": list(each.missing)} for each in self.undetermined],
        }

    def __repr__(self) -> str:
        codes = ", ".join(self.codes) or "nothing"
        waiting = len(self._undetermined)
        rest = f"; {waiting} undetermined" if waiting else ""
        return f"<Decision on a {type(self._fact).__name__} as of {self.as_of}: {codes}{rest}>"

    def _key(self) -> tuple[Any, ...]:
        return self._fact, self.digest, self.as_of, self.outcomes, tuple(self.undetermined)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        return self is other or (self.codes == other.codes and self._key() == other._key())

    def __hash__(self) -> int:
        return hash((self.digest, self.as_of, self.codes))  # a fact need not be hashable

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (_stored(self), self._fact, self._fired)


class Settled(Decision):
    """A decision that leaves nothing open, as most do: it need not hold, nor look up, what is undetermined."""

    __slots__ = ()

    _undetermined = ()
    undetermined = ()


def decision_of(at: At, fact: Any, fired: int, open_: int) -> Decision:
    """A decision on a fact, with the masks of the rules that fired and of those left open."""
    decision = Decision() if open_ else Settled()
    decision._at = at
    decision._fact = fact
    decision._fired = fired
    decision._codes = at.plan.codes[fired]
    if open_:
        rules = decision._undetermined = UndeterminedRules()
        rules._at = at
        rules._fact = fact
        rules._mask = open_
    return decision


@attrs.frozen(eq=False)
class StoredPlan:
    """The plan of a decision that travels without its rules: it holds the decision's own outcomes."""

    digest: str
    stored: tuple[Outcome, ...]
    undetermined: tuple[Undetermined, ...]
    open: int
    blocks: Mapping[str, int]
    gated: Mapping[str, int]

    def outcomes(self, fired: int, fact: Any, as_of: dt.date) -> tuple[Outcome, ...]:
        """The outcomes of the rules that fired, in order."""
        del fired, fact, as_of
        return self.stored


@attrs.frozen(eq=False)
class StoredAt:
    """A stored plan on its day."""

    plan: StoredPlan
    day: dt.date


def _stored(decision: Decision) -> StoredAt:
    at = decision._at
    if isinstance(at, StoredAt):
        return at
    plan = at.plan
    seen = decision._fired | decision._open
    stored = StoredPlan(
        plan.digest,
        decision.outcomes,
        tuple(decision.undetermined),
        decision._open,
        {operation: mask & seen for operation, mask in plan.blocks.items()},
        {operation: mask & seen for operation, mask in plan.gated.items()},
    )
    return StoredAt(stored, at.day)


def _restore(at: StoredAt, fact: Any, fired: int) -> Decision:
    decision = Decision()
    decision._at = at
    decision._fact = fact
    decision._fired = fired
    decision._codes = tuple(each.code for each in at.plan.stored)
    decision._undetermined = at.plan.undetermined
    return decision
