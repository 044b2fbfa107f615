"""Deciding a fact by interpreting the written trees of an epoch's rules."""

from __future__ import annotations

from dxrules.decision import Decision, decision_of
from dxrules.errors import FactError
from dxrules.meaning import InstanceFacts, check_facts, decide
from dxrules.plan import At


def interpret(fact: object, at: At) -> Decision:
    """The decision on a fact, by `dxrules.meaning` alone.

    Raises:
        FactError: a rule hangs on what the fact's class does not take; the error has all such values of the fact.
    """
    epoch = at.plan.epoch
    try:
        fired, unknown = decide(epoch, InstanceFacts(fact, epoch.parameters, at.day))
    except FactError:
        check_facts(epoch, fact)
        raise
    return decision_of(at, fact, fired, unknown)
