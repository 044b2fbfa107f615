"""The cards of rules/bundled.cases.yaml give exactly the codes that it says, on every engine."""

from pathlib import Path

import pytest

import dxrules
from dxrules.authoring.cases import read_cases
from dxrules.authoring.coverage import coverage
from dxrules.authoring.trying import try_case

FILE = Path(__file__).parent.parent / "rules" / "bundled.cases.yaml"
RULEBOOK = dxrules.default_rulebook()
CASES, MISTAKES = read_cases(FILE, RULEBOOK)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_card_gets_exactly_the_codes_that_are_expected(engine, case):
    assert case.expected.codes is not None
    assert case.expected.blocked is not None
    assert try_case(case, dxrules.compile(RULEBOOK, engine)).differences == ()


def test_there_are_twenty_cards_and_no_mistake():
    assert (len(CASES), MISTAKES) == (20, [])


def test_every_clause_of_the_bundled_rules_was_seen_true_and_seen_false():
    engine = dxrules.compile(RULEBOOK)
    covered = coverage(RULEBOOK, [try_case(case, engine) for case in CASES])
    assert {each.name for each in covered if each.kind == "rule"} == {rule.name for rule in RULEBOOK.rules}
    assert [each.name for each in covered if not each.complete] == []
