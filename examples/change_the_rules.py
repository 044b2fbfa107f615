"""The bundled rules with one switched off, one added and a parameter changed: the same card before and after."""

import io
import sys

import dxrules

# A pack of your own, loaded beside the bundled ones. It would usually be a file: `load(dxrules.BUNDLED, "mine.yaml")`.
MINE = dxrules.Text(
    """
rulebook: mine
facts: Card
disable: [IDLE_COST]              # our contracts cost nothing while a card rests
rules:
  KEEP_SHARED_NUMBER:
    # `is_live` is a definition of the bundled packs. A rule can silence others where it fires.
    when: is_live and "group_plan" in bound_services
    warn: cancel
    severity: high
    priority: 600
    overrides: [CANCEL_UNUSED_CARD]
    message:
      en: "The card belongs to a group plan: ask the plan's owner before cancelling it."
      zh: "该卡属于集团套餐：注销前请先征得套餐负责人同意。"
    source: [our handbook 4.2]
    examples:
      - {given: {status: active, bound_services: [group_plan]}, fires: true}
      - {given: {status: active, bound_services: []}, fires: false}
""",
    name="mine.yaml",
)


def main() -> None:
    """Decide one card by the bundled rules and by ours, and print the difference."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where Chinese cannot be shown there stands ?, and no error

    card = dxrules.structure(
        {
            "card_id": "c-1",
            "status": "active",
            "still_needed": False,
            "lost": False,
            "misused": False,
            "monthly_fee_fen": 1900,
            "bound_services": ["group_plan"],
            "usage.calls_per_day": 60,
        },
        dxrules.Card,
    )
    bundled = dxrules.default_rulebook()
    ours = dxrules.load(dxrules.BUNDLED, MINE, parameters={"calls_per_day_warn": 50})

    before = dxrules.evaluate(card, rulebook=bundled)
    after = dxrules.evaluate(card, rulebook=ours)
    print(f"bundled: {len(bundled.rules)} rules, digest {before.digest[:12]}")
    print(f"ours:    {len(ours.rules)} rules, digest {after.digest[:12]}")
    print()
    for outcome in (*before.outcomes, *after.outcomes):
        if outcome.code in before.codes and outcome.code in after.codes:
            continue
        sign = "+" if outcome.code in after.codes else "-"
        print(f"{sign} {outcome.code}: {outcome.message('en')}")
        print(f"  {outcome.message('zh')}")


if __name__ == "__main__":
    main()
