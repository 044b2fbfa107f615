"""Deciding a fact by interpreting the written trees of an epoch's rules."""

from __future__ import annotations

from typing import cast

from dxrules.decision import Decision, decision_of
from dxrules.errors import FactError
from dxrules.meaning import InstanceFacts, check_facts, settle, value
from dxrules.plan import At


def interpret(fact: object, at: At) -> Decision:
    """The decision on a fact, by `dxrules.meaning` alone.

    Raises:
        FactError: a rule hangs on what the fact's class does not take; the error has all such values of the fact.
    """
    epoch = at.plan.epoch
    facts = InstanceFacts(fact, epoch.parameters, at.day)
    try:
        truths = settle(epoch, [cast("bool | None", value(rule.when, facts)) for rule in epoch.rules])
    except FactError:
        check_facts(epoch, fact)
        raise
    fired = sum(1 << place for place, truth in enumerate(truths) if truth is True)
    unknown = sum(1 << place for place, truth in enumerate(truths) if truth is None)
    return decision_of(at, fact, fired, unknown)
