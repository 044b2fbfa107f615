"""A user's program: an attrs class of their own, rules of their own, and every answer with its type."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import attrs

import dxrules


@attrs.frozen
class Parcel:
    """A parcel on its way to a locker."""

    parcel_id: str
    size: Literal["small", "large"]
    weight_g: int | None = None
    free_lockers: int = 0


RULES = """\
rulebook: lockers
facts: Parcel
parameters:
  heavy_g: 20000
rules:
  NO_SPACE:
    when: free_lockers == 0
    block: deliver
    message: {en: "No locker is free.", zh: "没有空柜。"}
    examples:
      - {given: {free_lockers: 0}, fires: true}
      - {given: {free_lockers: 1}, fires: false}
  TOO_HEAVY:
    when: size == "large" and weight_g > heavy_g
    warn: deliver
    message: {en: "Needs two people.", zh: "需要两人搬运。"}
"""


def main() -> None:
    """Decide one parcel."""
    rulebook: dxrules.Rulebook = dxrules.load(dxrules.Text(RULES), facts=(Parcel,))
    parcel = Parcel(parcel_id="p-1", size="large")
    decision: dxrules.Decision = dxrules.evaluate(parcel, rulebook=rulebook)

    verdict: dxrules.Verdict = decision.verdict("deliver")
    outcomes: tuple[dxrules.Outcome, ...] = decision.outcomes
    codes: tuple[str, ...] = decision.codes
    messages: list[str] = [outcome.message("en") for outcome in outcomes]
    undetermined: Sequence[dxrules.Undetermined] = decision.undetermined
    missing: list[str] = [name for rule in undetermined for name in rule.missing]
    ready: bool | None = decision.ready("deliver")

    with dxrules.Session() as session:
        changes: dxrules.Changes = session.advance(dt.datetime(2026, 1, 5))
        began: list[dxrules.OutcomeChange] = list(changes.began)
    assert not began

    assert messages == ["No locker is free."]
    assert ready is False
    print(verdict.value, list(codes), "undetermined", missing)


if __name__ == "__main__":
    main()
