"""One card: may it be cancelled, what is required, forbidden and advised, and why. In English and in Chinese."""

import io
import sys

import dxrules

HEADINGS = {
    "block": ("Forbidden", "禁止"),
    "require": ("Required", "必须办理"),
    "suggest": ("Advised", "建议"),
    "warn": ("Warnings", "提醒"),
    "inform": ("Good to know", "说明"),
}


def main() -> None:
    """Decide one card, and print the decision in both languages, then why."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where Chinese cannot be shown there stands ?, and no error

    # Only the key is required. What you do not know, leave out: it is unknown, and never taken for "no".
    card = dxrules.Card(
        card_id="c-1",
        holder_type="individual",
        status="active",
        intent="cancel",
        arrears_fen=3520,  # money is in fen: 35.20 yuan
        linked_accounts=2,
        lost=False,
        request=dxrules.CancellationRequest(stage="draft", channel="carrier_hall", materials=frozenset()),
    )
    decision = dxrules.evaluate(card)

    print(card)
    print()
    print("May it be cancelled?", decision.verdict("cancel"))  # blocked, undetermined or allowed
    for place, lang in enumerate(("en", "zh")):
        print()
        for kind, headings in HEADINGS.items():
            outcomes = [each for each in decision.outcomes if each.kind == kind]
            if outcomes:
                print(headings[place])
            for outcome in outcomes:  # they come in order: the highest priority first
                print(f"  {outcome.code} ({outcome.severity}, {outcome.deadline})")
                print(f"    {outcome.message(lang)}")

    # Why: the written lines of the rule, whether each is true, and the values that it read.
    print()
    print("Why is it blocked?")
    for rule in decision.explain().fired:
        if rule.kind == "block":
            print(rule.text())

    # What would have to change: only what a person can change, and no more than is needed.
    print()
    print(decision.what_if(allow="cancel"))

    # What is not known stays open: first what most rules wait for.
    print()
    print("What would be good to know?")
    for question in decision.missing()[:3]:
        print(f"  {question.text()}: {len(question.rules)} rules")


if __name__ == "__main__":
    main()
