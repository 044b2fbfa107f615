"""Everything that a decision says, for comparing the decisions of two engines."""

import json
from collections.abc import Callable
from typing import Any

from dxrules import Decision, FactError, Rulebook


def view(decision: Decision, rulebook: Rulebook) -> dict[str, Any]:
    """All that a decision answers, by what was asked."""
    return {
        "codes": decision.codes,
        "undetermined": tuple((each.rule, each.missing) for each in decision.undetermined),
        "verdicts": {each: decision.verdict(each) for each in sorted(rulebook.operations)},
        "ready": {each: decision.ready(each) for each in sorted(rulebook.operations)},
        "repr": repr(decision),
        "outcomes": tuple((each.kind, each.code, each.target) for each in decision.outcomes),
        "by kind": [
            [each.code for each in outcomes]
            for outcomes in (
                decision.blocks,
                decision.required_actions,
                decision.suggested_actions,
                decision.warnings,
                decision.notes,
            )
        ],
        "data": _or_error(lambda: json.dumps(decision.to_dict(), ensure_ascii=False)),
    }


def _or_error(ask: Callable[[], Any]) -> Any:
    """The answer, or that the fact is wrong: a message may show a fact that no condition reads."""
    try:
        return ask()
    except FactError:
        return FactError
