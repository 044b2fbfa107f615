"""Conditions in words say what the conditions mean."""

import datetime as dt
from random import Random
from typing import Literal

import attrs
import pytest
from hypothesis import given, settings

import dxrules
from dxrules import expression as ex
from dxrules.handbook.words import Speaker, text_of
from dxrules.meaning import InstanceFacts, value
from dxrules.schema import note
from generate.rulebooks import case_of, days_of, facts_of, recipes
from profiles import examples

LANGS = ("en", "zh")


@attrs.frozen
class Papers:
    stage: Literal["draft", "sent"] | None = attrs.field(default=None, metadata=note("stage of the papers", "材料阶段"))


@attrs.frozen
class Loan:
    overdue: bool | None = attrs.field(default=None, metadata=note("the loan is overdue", "贷款已逾期"))
    owed: int | None = attrs.field(default=None, metadata=note("amount owed", "欠款", unit="fen"))
    days: int | None = None
    rate: float | None = None
    kind: Literal["house", "car", "boat"] | None = attrs.field(default=None, metadata=note("kind of loan", "贷款种类"))
    since: dt.date | None = attrs.field(default=None, metadata=note("day of the contract", "签约日"))
    name: str | None = None
    held: frozenset[Literal["deed", "key"]] | None = attrs.field(default=None, metadata=note("papers held", "所持证件"))
    papers: Papers | None = attrs.field(default=None, metadata=note("the papers", "材料"))


CASES = {
    "overdue": ("the loan is overdue: yes", "贷款已逾期：是"),
    "not overdue": ("the loan is overdue: no", "贷款已逾期：否"),
    "overdue == False": ("the loan is overdue: no", "贷款已逾期：否"),
    "overdue is True": ("the loan is overdue: known to be yes", "贷款已逾期：已知为是"),
    "overdue is not True": ("the loan is overdue: no or unknown", "贷款已逾期：否或未知"),
    "overdue is not False": ("the loan is overdue: yes or unknown", "贷款已逾期：是或未知"),
    "not (overdue is True)": ("the loan is overdue: no or unknown", "贷款已逾期：否或未知"),
    "owed > 3520": ("amount owed: more than 35.20 yuan", "欠款：大于 35.20 元"),
    "not owed > 3520": ("amount owed: at most 35.20 yuan", "欠款：不超过 35.20 元"),
    "days >= 90": ("days: at least 90", "days：不少于 90"),
    "days == limit": ("days: equal to limit (90)", "days：等于 limit（90）"),
    "owed + 100 < days * 2": ("amount owed + 1.00 yuan: less than days × 2", "欠款 + 1.00 元：小于 days × 2"),
    "-(days + 1) != 5": ("−(days + 1): not 5", "−(days + 1)：不等于 5"),
    "rate <= 2.5": ("rate: at most 2.5", "rate：不超过 2.5"),
    'kind == "house"': ("kind of loan: house", "贷款种类：house"),
    'kind != "house"': ("kind of loan: not house", "贷款种类：不是house"),
    'kind in ("house", "car", "boat")': ("kind of loan: house, car or boat", "贷款种类：house、car或boat"),
    'kind not in ("house", "car")': ("kind of loan: none of house, car", "贷款种类：不是house、car中的任何一个"),
    'kind in ("house",)': ("kind of loan: house", "贷款种类：house"),
    "kind is None": ("kind of loan: unknown", "贷款种类：未知"),
    "kind is not None": ("kind of loan: known", "贷款种类：已知"),
    "papers is None": ("the papers: not given", "材料：未提供"),
    "papers is not None": ("the papers: given", "材料：已提供"),
    'papers.stage == "draft"': ("stage of the papers: draft", "材料阶段：draft"),
    'since < "2026-01-31"': ("day of the contract: before 2026-01-31", "签约日：早于2026年1月31日"),
    'since >= "2026-01-31"': ("day of the contract: no earlier than 2026-01-31", "签约日：不早于2026年1月31日"),
    "days_since(since) > 30": ("days since day of the contract: more than 30", "自签约日起的天数：大于 30"),
    'name == "Li"': ("name: “Li”", "name：“Li”"),
    'name.startswith("L")': ("name: starts with “L”", "name：以“L”开头"),
    'not name.startswith("L")': ("name: does not start with “L”", "name：不以“L”开头"),
    '"deed" in held': ("papers held: include deed", "所持证件：包含deed"),
    '"deed" not in held': ("papers held: do not include deed", "所持证件：不包含deed"),
    "len(held) >= 2": ("number of papers held: at least 2", "所持证件的数量：不少于 2"),
    "overdue == late": ("the loan is overdue: equal to late", "贷款已逾期：等于 late"),
    "overdue == (days > 2 and not late)": (
        "the loan is overdue: equal to ((days: more than 2) and (late: no))",
        "贷款已逾期：等于 ((days：大于 2)且(late：否))",
    ),
    "late": ("late — days: more than 9", "late——days：大于 9"),
    "not late": ("not late — days: at most 9", "非 late——days：不超过 9"),
}


def loaded(condition):
    text = f"""
rulebook: loans
facts: Loan
parameters: {{limit: 90}}
define: {{late: days > 9}}
rules:
  R: {{when: {condition!r}, inform: , message: {{en: x, zh: x}}}}
"""
    return dxrules.load(dxrules.Text(text), facts=[Loan])


@pytest.mark.parametrize("condition", CASES)
def test_a_test_in_words(condition):
    rulebook = loaded(condition)
    rule = rulebook.rules[0]
    said = [Speaker(rulebook.parameters, lang).outline(rule.when) for lang in LANGS]
    assert tuple(text_of(each.phrase) for each in said) == CASES[condition]
    assert not any(each.parts for each in said)


def test_a_condition_line_by_line():
    rulebook = loaded("days > 1 and (late or not (overdue and owed > 0)) and (overdue or days < 3) is not True")
    rule = rulebook.rules[0]

    def lines(outline, depth=0):
        yield "  " * depth + text_of(outline.phrase)
        for part in outline.parts:
            yield from lines(part, depth + 1)

    assert list(lines(Speaker(rulebook.parameters, "en").outline(rule.when))) == [
        "all of these:",
        "  days: more than 1",
        "  any of these:",
        "    late — days: more than 9",
        "    not this:",
        "      all of these:",
        "        the loan is overdue: yes",
        "        amount owed: more than 0.00 yuan",
        "  this does not hold, or it is unknown whether:",
        "    any of these:",
        "      the loan is overdue: yes",
        "      days: less than 3",
    ]


@settings(max_examples=examples(ci=150, long=5_000))
@given(recipes())
def test_the_lines_of_a_condition_make_up_its_truth(recipe):
    """Whatever was joined, flattened or turned into its opposite on the way to words."""
    case = case_of(recipe)
    rulebook = case.load()
    facts = facts_of(recipe, case)
    for fact, day in zip(facts, days_of(rulebook, Random(recipe.seed), len(facts)), strict=True):
        epoch = rulebook.epoch(rulebook.fact_type_of(type(fact)), day)
        known = InstanceFacts(fact, epoch.parameters, day)
        for rule in epoch.rules:
            for lang in LANGS:
                outline = Speaker(rulebook.parameters, lang).outline(rule.when)
                assert truth_of(outline, rule.when, known) is value(rule.when, known)


def truth_of(outline, when, facts):
    node = at(when, outline.path)
    truth = value(node, facts)
    assert text_of(outline.phrase).strip()
    if outline.form == "test":
        assert set(outline.reads) in (set(), set(ex.facts_of(node)))
        return truth
    parts = [truth_of(part, when, facts) for part in outline.parts]
    match outline.form:
        case "all":
            found = False if False in parts else None if None in parts else True
        case "any" | "none":
            found = True if True in parts else None if None in parts else False
        case "not" | "is":
            (found,) = parts
    if outline.form in ("none", "not"):
        found = None if found is None else not found
    if outline.form == "is":
        return truth  # of a part that is looked at as a whole
    assert found is truth
    return found


def at(when, path):
    node = when
    while isinstance(node, ex.Clause):
        node = node.body
    for place in path:
        node = ex.children(node)[place]
        while isinstance(node, ex.Clause):
            node = node.body
    return node


def test_every_word_is_said_in_both_languages():
    from dxrules.handbook.labels import SCRIPT_WORDS, WORDS

    for words in (WORDS, SCRIPT_WORDS):
        assert set(words["en"]) == set(words["zh"])
        for key in words["en"]:
            assert words["en"][key].count("{") == words["zh"][key].count("{"), key
