"""From a pattern rule that fires, and the facts that it matched, to an explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from dxrules import expression as ex
from dxrules.explain.build import reading_of
from dxrules.explain.tree import MatchedFact, Message, RuleExplanation
from dxrules.matching import reads_of
from dxrules.meaning import InstanceFacts
from dxrules.pattern import PatternRule
from dxrules.rulebook import Lang
from dxrules.values import Plain


def explain_match(
    rule: PatternRule,
    facts: Sequence[object],
    message: Message,
    names: Mapping[Lang, str],
    parameters: Mapping[str, Plain],
    as_of: dt.date,
) -> RuleExplanation:
    """Why a pattern rule fires.

    Args:
        rule: the rule.
        facts: the facts that it matched, in its order; of a counted match all.
        message: what it says of them.
        names: what people call its target.
        parameters: the parameters' values on the day.
        as_of: the day.
    """
    return RuleExplanation(
        code=rule.name,
        state="fires",
        kind=rule.kind,
        target=rule.target,
        severity=rule.severity,
        deadline=rule.deadline,
        source=rule.source,
        truth=True,
        matched=tuple(_matched(rule, facts, parameters, as_of)),
        valid_from=None if rule.valid_from == dt.date.min else rule.valid_from,
        valid_until=rule.valid_until,
        as_of=as_of,
        message=message,
        names=names,
    )


def _matched(
    rule: PatternRule, facts: Sequence[object], parameters: Mapping[str, Plain], as_of: dt.date
) -> Iterator[MatchedFact]:
    read = reads_of(rule)
    remaining = iter(facts)
    for match in rule.match:
        moment = match.fact_type.moment
        refs = {} if moment is None else {moment.name: ex.FactRef(moment)}  # of an event first when it happened
        refs |= read[match.name]
        for _ in range(match.at_least):
            values = InstanceFacts(next(remaining), parameters, as_of)
            yield MatchedFact(match.name, match.fact_type.name, tuple(reading_of(ref, values) for ref in refs.values()))
