"""The twenty cards of tests/data/bundled.cases.yaml give exactly the codes that it says, on every engine."""

from pathlib import Path

import pytest
import yaml

import dxrules
from dxrules import Account, Card

CASES = yaml.safe_load((Path(__file__).parent / "data" / "bundled.cases.yaml").read_text(encoding="utf-8"))
PACKS = {
    "cancellation": "cancellation",
    "security": "security",
    "compliance": "compliance",
    "batch": "fleet",
    "fleet": "fleet",
}


@pytest.fixture(scope="module")
def rulebook():
    return dxrules.default_rulebook()


def facts_of(case):
    """The card of a case, and its account where it has one."""
    defaults = {} if case.get("defaults") == "none" else CASES["case_defaults"]
    card = {"card_id": case["id"], **defaults, **case.get("card", {})}
    card |= {name: case[name] for name in ("request", "usage") if name in case}
    found = [dxrules.structure(card, Card)]
    if "account" in case:
        found.append(dxrules.structure({"account_id": case["id"], **case["account"]}, Account))
    return found


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: f"{case['id']} {case['title']}")
def test_a_card_gets_exactly_the_codes_that_are_expected(engine, rulebook, case):
    made = dxrules.compile(rulebook, engine)
    packs = {(rule.fact_type.name, rule.name): rule.pack for rule in rulebook.rules}
    found = {key: [] for key in case["expect"]}
    blocked = set()
    for fact in facts_of(case):
        decision = made.evaluate(fact)
        for code in decision.codes:
            found[PACKS[packs[type(fact).__name__, code]]].append(code)
        blocked |= {each for each in rulebook.operations if decision.verdict(each) == "blocked"}
    assert found == case["expect"]
    assert blocked == set(case["blocked"])


def test_the_cases_assume_the_parameters_that_the_packs_declare(rulebook):
    declared = {name: each.values[-1][1] for name, each in rulebook.parameters.items()}
    assert declared == CASES["parameters"]


def test_there_are_twenty_cases():
    assert len(CASES["cases"]) == 20
