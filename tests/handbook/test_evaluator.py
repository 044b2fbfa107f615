"""The handbook's evaluator decides as `reference` does: outcomes, undetermined rules, messages, verdicts."""

import datetime as dt
from random import Random
from typing import Literal

import attrs
import pytest
from hypothesis import given, settings

import dxrules
from dxrules import engines
from generate import coverage
from generate.cards import random_fact
from generate.rulebooks import case_of as random_case
from generate.rulebooks import days_of, facts_of, recipes
from handbook.javascript import case_of, decide_all, expected, job
from profiles import examples

CARDS = examples(ci=5_000, long=100_000)
RULEBOOKS = examples(ci=400, long=20_000)


def differences(batch, wanted, said):
    """Where the evaluator decides differently; `said` tells what of."""
    found = decide_all(batch)
    assert [len(each) for each in found] == [len(each) for each in wanted]
    return [
        f"{said(place, number)}\nfound {one}\nwanted {two}"
        for place, (ones, twos) in enumerate(zip(found, wanted, strict=True))
        for number, (one, two) in enumerate(zip(ones, twos, strict=True))
        if one != two
    ]


def test_it_decides_random_cards_as_reference_does_by_the_bundled_rules():
    rng = Random(20_240_912)
    rulebook = dxrules.default_rulebook()
    reference = engines.make(rulebook, "reference")
    facts = [random_fact(rng, rng.choice((dxrules.Card, dxrules.Card, dxrules.Account))) for _ in range(CARDS)]
    day = dt.date(2026, 1, 15)
    decisions = [reference.evaluate(fact, day) for fact in facts]
    assert {code for each in decisions for code in each.codes} == {rule.name for rule in rulebook.rules}
    wanted = [expected(each, rulebook) for each in decisions]
    batch = [job(rulebook, [case_of(rulebook, fact, day) for fact in facts])]
    assert not differences(batch, [wanted], lambda _, number: repr(facts[number]))


def test_it_decides_random_facts_as_reference_does_by_random_rulebooks():
    batch, wanted, cases = [], [], []

    @settings(max_examples=RULEBOOKS)
    @given(recipes())
    def collect(recipe):
        case = random_case(recipe)
        rulebook = case.load()
        reference = engines.make(rulebook, "reference")
        facts = facts_of(recipe, case)
        days = days_of(rulebook, Random(recipe.seed), len(facts))
        pairs = list(zip(facts, days, strict=True))
        batch.append(job(rulebook, [case_of(rulebook, fact, day) for fact, day in pairs]))
        wanted.append([expected(reference.evaluate(fact, day), rulebook) for fact, day in pairs])
        cases.append((case, pairs))

    collect()
    assert len(batch) >= min(200, RULEBOOKS)
    assert tried(batch) == NODES, "every node of the language must be tried"
    for said in differences(batch, wanted, lambda place, number: f"{cases[place][0].texts}\n{cases[place][1][number]}"):
        pytest.fail(said)


# What stands at the head of the arrays of `encode`.
NODES = {
    "fact", "const", "parameter", "definition", "and", "or", "not", "==", "!=", "<", "<=", ">", ">=", "in", "has",
    "starts", "none", "is", "+", "-", "*", "neg", "len", "days",
}  # fmt: skip


def tried(batch):
    """The heads of all nodes in the trees of a batch."""
    found = set()

    def walk(node):
        found.add(node[0])
        for child in node[1:]:
            if (
                isinstance(child, list)
                and child
                and isinstance(child[0], str)
                and child[0] in NODES
                and node[0] != "in"
            ):
                walk(child)
        if node[0] == "in":
            walk(node[1])

    for each in batch:
        for type_ in each["data"]["types"]:
            for tree in (*type_["shared"], *(rule["when"] for rule in type_["rules"])):
                walk(tree)
    return found


def test_there_is_an_entry_for_every_node_of_the_language():
    """A node added to the language must be given to the evaluator too."""
    assert {each.__name__ for each in coverage.all_nodes()} == {
        "FactRef", "Const", "ParamRef", "Clause", "DefRef", "And", "Or", "Not", "Compare", "In", "Contains",
        "StartsWith", "IsNone", "IsBool", "Arith", "Neg", "Len", "DaysSince",
    }  # fmt: skip


# Values at their edges


@attrs.frozen
class Edge:
    whole: int | None = None
    real: float | None = None
    day: dt.date | None = None
    moment: dt.datetime | None = None
    text: str | None = None
    kind: Literal["a", "constructor", "__proto__"] | None = None
    kinds: frozenset[Literal["a", "constructor", "__proto__"]] | None = None


EDGES = """
rulebook: edges
facts: Edge
parameters:
  limit: {2026-01-01: 9007199254740991}
  start: {2025-01-01: "2024-02-29"}
define:
  one_more: whole + 1
rules:
  SHOW:
    when: whole is not None or real is not None or day is not None or moment is not None or kind is not None
    inform:
    message:
      en: "{whole} {whole:yuan} {one_more} {real} {day} {moment} {text} {kind} {kinds} {limit} {{}}"
      zh: "{whole} {whole:yuan} {one_more} {real} {day} {moment} {text} {kind} {kinds} {limit} {{}}"
  EXACT: {when: whole < real, inform: , message: {en: x, zh: x}}
  SAME: {when: whole == real, inform: , message: {en: x, zh: x}}
  DATED: {when: whole == limit, block: it, message: {en: x, zh: x}}
  AGE: {when: days_since(day) >= 365 and day >= start, inform: , message: {en: x, zh: x}, valid: {from: 2025-06-01}}
  SMILES: {when: 'text.startswith("😀")', inform: , message: {en: x, zh: x}}
  WORD: {when: 'kind == "__proto__" or "constructor" in kinds', inform: , message: {en: x, zh: x}}
  CLOCK: {when: 'moment >= "2024-02-29T12:00:00.000001"', inform: , message: {en: x, zh: x}}
  SILENT: {when: 'day is None', inform: , overrides: [SHOW], message: {en: x, zh: x}}
"""
FLOATS = (
    0.0, -0.0, 1.0, 0.1, 0.1 + 0.2, 1e15, 1e16, 123456789012345678.0, 1e22, 1e-4, 1e-5, 1.5e-7, 5e-324, -2.5e-300,
    1.7976931348623157e308, 9007199254740992.0, 9007199254740990.5, 100.0, 12.5, float("nan"),
)  # fmt: skip
WHOLES = (0, 1, -1, 99, -5, 100, 2**53 - 1, -(2**53) + 1, 12)
DAYS = (dt.date(1, 1, 1), dt.date(99, 12, 31), dt.date(2024, 2, 29), dt.date(2025, 3, 1), dt.date(9999, 12, 31))
MOMENTS = (
    dt.datetime(1, 1, 1), dt.datetime(1969, 12, 31, 23, 59, 59, 999_999), dt.datetime(2024, 2, 29, 12, 0, 0, 1),
    dt.datetime(2024, 2, 29, 12), dt.datetime(9999, 12, 31, 23, 59, 59), dt.datetime(2024, 5, 6, 7, 8),
)  # fmt: skip


def test_it_reads_compares_and_shows_values_at_their_edges_as_reference_does():
    rulebook = dxrules.load(dxrules.Text(EDGES), facts=[Edge])
    reference = engines.make(rulebook, "reference")
    facts = [Edge(real=real, whole=whole) for real in FLOATS for whole in (*WHOLES, None)]
    facts += [Edge(day=day, whole=2**53 - 1, real=float(2**53)) for day in DAYS]
    facts += [Edge(moment=moment, day=dt.date(2024, 1, 1)) for moment in MOMENTS]
    facts += [Edge(text=text, day=dt.date(2024, 1, 1)) for text in ("😀!", "\ud83d", "", "a", "😃")]
    facts += [
        Edge(kind=kind, kinds=frozenset({kind}), day=dt.date(2024, 1, 1)) for kind in ("constructor", "__proto__")
    ]
    facts += [Edge(kinds=frozenset(), kind="a", text="<b>")]
    days = (dt.date(1, 1, 1), dt.date(2025, 5, 31), dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(9999, 12, 31))
    pairs = [(fact, day) for fact in facts for day in days]
    wanted = [expected(reference.evaluate(fact, day), rulebook) for fact, day in pairs]
    codes = {code for each in wanted for code in each["codes"]}
    assert codes == {rule.name for rule in rulebook.rules}
    batch = [job(rulebook, [case_of(rulebook, fact, day) for fact, day in pairs])]
    assert not differences(batch, [wanted], lambda _, number: repr(pairs[number]))
