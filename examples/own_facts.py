"""Rules over a class of your own: may this loan be paid early, and what is to be done about it?"""

import enum
import io
import sys

import attrs

import dxrules


class Rate(enum.StrEnum):
    """How the interest of a loan is set."""

    FIXED = "fixed"
    FLOATING = "floating"


# Any attrs class is a fact type. `None` in a type says that the fact may be unknown.
@attrs.frozen(kw_only=True)
class Loan:
    """One loan, as far as it is known."""

    loan_id: str
    rate: Rate
    overdue_days: int | None = None
    months_left: int | None = None
    guarantor: bool | None = None


RULES = dxrules.Text(
    """
rulebook: loans
facts: Loan                       # the class that these rules read
parameters:
  grace_days: 15
define:
  late: overdue_days > grace_days
gates:
  prepay: [before_submit]         # what must be done before it can be paid early
rules:
  PAY_THE_ARREARS_FIRST:
    when: late
    block: prepay
    severity: high
    message:
      en: "{overdue_days} days overdue, {grace_days} are tolerated: no early payment yet."
      zh: "已逾期{overdue_days}天（宽限{grace_days}天）：暂不能提前还款。"
    examples:                     # documentation, and tried whenever the rules are loaded
      - {given: {overdue_days: 16}, fires: true}
      - {given: {overdue_days: 15}, fires: false}
      - {given: {}, fires: unknown}
  ASK_FOR_THE_FEE:
    when: rate == "fixed" and months_left > 0
    require: fee_statement
    deadline: before_submit
    message: {en: "Ask what paying early costs.", zh: "请先询问提前还款费用。"}
  TELL_THE_GUARANTOR:
    when: [late, guarantor]       # a list: all of them
    warn: guarantor
    message: {en: "The guarantor may be asked to pay.", zh: "保证人可能被要求代偿。"}
""",
    name="loans.yaml",
)


def main() -> None:
    """Decide three loans by these rules."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where Chinese cannot be shown there stands ?, and no error

    rulebook = dxrules.load(RULES, facts=[Loan])  # every name and type in the rules is checked here
    loans = [
        Loan(loan_id="on time", rate=Rate.FIXED, overdue_days=0, months_left=24),
        Loan(loan_id="late", rate=Rate.FLOATING, overdue_days=40, months_left=24),
        Loan(loan_id="not known", rate=Rate.FLOATING, months_left=24),
    ]
    for decision in dxrules.evaluate_many(loans, rulebook=rulebook):
        print(f"{decision.fact.loan_id}: early payment is {decision.verdict('prepay')}")
        print(f"  ready: {decision.ready('prepay')}")  # allowed, and nothing left to do before it?
        for outcome in decision.outcomes:
            print(f"  {outcome.code}: {outcome.message('en')} {outcome.message('zh')}")
        for rule in decision.undetermined:
            print(f"  {rule.rule} waits for {', '.join(rule.missing)}")


if __name__ == "__main__":
    main()
