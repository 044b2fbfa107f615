"""The references that the benchmark trusts agree with each other, and its cards are the same on every run."""

import itertools
import sys
from collections import Counter
from pathlib import Path

import attrs
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # benchmarks are not installed: they stand beside tests

from benchmarks import synthetic, workload

UNKNOWN = attrs.evolve(workload.known_cards(1)[0], **dict.fromkeys(workload.FACTS))


@pytest.fixture(scope="module")
def known() -> list[workload.BenchCard]:
    return workload.known_cards(3_000)


def test_hand_written_references_agree_on_known_cards(known: list[workload.BenchCard]) -> None:
    for card in known:
        verdict = workload.kleene(card)
        assert tuple(workload.floor(card)) == tuple(workload.shared_guards(card)) == verdict.codes
        assert verdict.undetermined == {}


def test_every_rule_fires_on_some_cards_and_not_on_others(known: list[workload.BenchCard]) -> None:
    fired = Counter(itertools.chain.from_iterable(map(workload.floor, known)))
    assert set(fired) == set(workload.CODES)
    assert all(0 < count < len(known) for count in fired.values())


def test_rulebook_names_the_twelve_rules_in_order() -> None:
    lines = [line for line in workload.RULEBOOK.splitlines() if line.startswith("  ") and line[2] != " "]
    assert tuple(line.strip().removesuffix(":") for line in lines) == workload.CODES


def test_filling_in_a_fact_changes_nothing_that_was_decided() -> None:
    for known, sparse in zip(workload.known_cards(500), workload.sparse_cards(500), strict=True):
        verdict, final = workload.kleene(sparse), workload.kleene(known)
        assert set(verdict.codes) <= set(final.codes)
        assert set(final.codes) <= set(verdict.codes) | set(verdict.undetermined)


def test_undetermined_rules_miss_only_what_is_unknown_and_matters() -> None:
    card = attrs.evolve(UNKNOWN, cancel_requested=False, lost=False, status=workload.Status.ACTIVE)
    assert workload.kleene(card).undetermined == {
        "SUSPEND_NOW": {"stolen"},
        "CONTACT_OPERATOR": {"stolen"},
        "BATCH_CANCEL": {"reason", "holder_type", "fleet_size"},
        "CANCEL_IDLE": {"idle_days", "monthly_fee_fen"},
        "COMPLIANCE": {"complaints_30d"},
    }


def test_cards_are_the_same_on_every_run() -> None:
    assert workload.known_cards(50) == workload.known_cards(50)
    assert workload.known_cards(50) != workload.known_cards(50, seed=1)
    assert workload.sparse_cards(50) == workload.sparse_cards(50)


def test_sparse_cards_know_seven_facts_in_ten() -> None:
    values = [value for card in workload.sparse_cards(1_000) for value in attrs.astuple(card)]
    assert values.count(None) / len(values) == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("make", [synthetic.conjunctive, synthetic.guarded, synthetic.joining, synthetic.disjunctive])
def test_synthetic_rules_are_the_same_on_every_run_and_fire_seldom(make) -> None:
    rules = make(300)
    assert rules == make(300)
    assert 150 < len(rules.yaml()) / 300 < 260
    flat = rules.flat()
    fired = [len(flat(card)) for card in synthetic.subscribers(300)]
    assert 0 < sum(fired) / len(fired) < 5


def test_synthetic_rules_say_the_same_as_text_and_as_code() -> None:
    for make in (synthetic.conjunctive, synthetic.guarded, synthetic.joining, synthetic.disjunctive):
        rules = make(100)
        flat = rules.flat()
        for card in synthetic.subscribers(30):
            facts = attrs.asdict(card, recurse=False)
            pairs = zip(rules.codes, rules.conditions, strict=True)
            assert flat(card) == [code for code, condition in pairs if eval(condition.text, {}, facts)]
