"""The handbook of 2,000 rules: written whole, and searched in Chromium. benchmarks/handbook.py has what it costs."""

import pytest
from benchmarks.handbook import RULES, large_rulebook
from benchmarks.synthetic import Subscriber

import dxrules


@pytest.fixture(scope="module")
def rulebook():
    return dxrules.load(dxrules.Text(large_rulebook()), facts=[Subscriber])


def test_two_thousand_rules_are_written_and_found(opened, rulebook, tmp_path):
    page = opened(dxrules.write_handbook(rulebook, tmp_path, langs=["en"]))
    assert page.locator("article.rule").count() == RULES
    assert "2000 undetermined" in page.inner_text("#summary")
    page.keyboard.press("Tab")
    page.focus("#query")
    page.keyboard.type("r01234", delay=5)
    assert page.locator("#results a").all_inner_texts() == ["R01234"]
    page.fill("#query", "")
    page.select_option("#by-outcome", "block cancel")
    page.select_option("#by-deadline", "within_24h")
    wanted = [rule.name for rule in rulebook.rules if (rule.target, rule.deadline) == ("cancel", "within_24h")]
    assert page.inner_text("#found").startswith(f"{len(wanted)} of 2000 rules")
    assert page.locator("#results a").count() == min(60, len(wanted))
    assert set(page.locator("#results a").all_inner_texts()) <= set(wanted)


def test_a_pack_of_many_rules_is_drawn_without_them(rulebook):
    text = dxrules.graph(rulebook, rules=False)
    assert text.count("<path") < 16 * 5 * 65
    assert "R01234" not in text
