"""Fleets of facts: what cards add up to, what is given of accounts, and what the two say of each other."""

import warnings

import attrs
import polars as pl
import pytest

import dxrules
from dxrules import (
    Account,
    Card,
    EngineError,
    FactError,
    FactWarning,
    FrameError,
    Text,
    evaluate_fleet,
    evaluate_fleet_frame,
    load,
)
from dxrules.rollup import total

WAYS = """
rulebook: ways
facts: Crate
rollup:
  count: count(heavy)
  surely: at_least(heavy)
  bound: at_least(heavy, weight == 9)
  sum: sum(weight, heavy)
  least: min(weight)
  most: max(weight, heavy)
  any: any(heavy)
  all: all(heavy)
  same: same(kind, heavy)
  kinds: distinct(kind, heavy)
  alike: most(kind, heavy)
"""
KINDS = dxrules.facts.Intent


@attrs.frozen(kw_only=True)
class Box:
    key: str | None = None
    heavy: bool | None = None
    weight: int | None = None
    kind: KINDS | None = None


@attrs.frozen(kw_only=True)
class Crate:
    key: str
    count: int | None = None
    surely: int | None = None
    bound: int | None = None
    sum: int | None = None
    least: int | None = None
    most: int | None = None
    any: bool | None = None
    all: bool | None = None
    same: KINDS | None = None
    kinds: int | None = None
    alike: int | None = None


N, C, S = KINDS.NONE, KINDS.CANCEL, KINDS.SUSPEND


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([(True, 3, C), (True, 4, C), (False, 9, N)], (2, 2, 2, 7, 3, 4, True, False, "cancel", 1, 2)),
        ([(True, 3, C), (True, 4, S)], (2, 2, 2, 7, 3, 4, True, True, None, 2, 1)),
        ([(False, 3, C)], (0, 0, 0, 0, 3, None, False, False, None, 0, 0)),
        ([(False, 9, C)], (0, 0, None, 0, 9, None, False, False, None, 0, 0)),
        ([(True, None, None)], (1, 1, 1, None, None, None, True, True, None, None, None)),
        ([(True, 3, C), (None, 4, C)], (None, 1, 1, None, 3, None, True, None, None, None, None)),
        ([(False, 3, C), (None, 4, C)], (None, None, None, None, 3, None, None, False, None, None, None)),
        ([(False, None, None), (True, 1, C)], (1, 1, 1, 1, None, 1, True, False, "cancel", 1, 1)),
    ],
)
def test_every_way_of_adding_up_alike_for_facts_and_tables(boxes, expected):
    rules = load(Text(WAYS), facts=[Box, Crate])
    facts = [Box(key="k", heavy=heavy, weight=weight, kind=kind) for heavy, weight, kind in boxes]
    crate = evaluate_fleet(facts, rulebook=rules).accounts["k"].fact
    assert attrs.astuple(crate)[1:] == expected
    frame = pl.DataFrame(
        [(each.key, each.heavy, each.weight, each.kind and str(each.kind)) for each in facts],
        schema={"key": pl.String, "heavy": pl.Boolean, "weight": pl.Int64, "kind": pl.String},
        orient="row",
    )
    found = evaluate_fleet_frame(frame, rulebook=rules, facts=Box).accounts
    names = [each.name for each in attrs.fields(Crate)]
    assert found.select(names).rows() == [("k", *expected)]


def test_nothing_adds_up_to_nothing():
    assert [total(each, []) for each in ("count", "at_least", "sum", "any", "all", "distinct", "most")] == [
        0, 0, 0, False, True, 0, 0,
    ]  # fmt: skip
    assert [total(each, []) for each in ("min", "max", "same")] == [None, None, None]


def test_cards_without_an_account_and_accounts_without_cards_are_decided_alone():
    fleet = evaluate_fleet([Card(card_id="c")], [Account(account_id="z", lost_unsuspended=1)])
    assert fleet.cards[0].fact.fleet_size is None
    assert set(fleet.accounts) == {"z"}
    assert fleet.accounts["z"].codes == ("SUSPEND_LOST_FIRST",)
    assert fleet.accounts["z"].fact.live_cards is None, "no card was seen: that is no claim of zero"


@pytest.mark.parametrize(
    ("statuses", "live"),
    [
        (["unknown", "unknown"], None),
        (["unknown", "cancelled"], None),
        (["cancelled", "recycled"], 0),
        (["active", "unknown", "suspended_lost"], 2),
    ],
)
def test_live_cards_are_a_lower_bound_and_never_none_for_want_of_a_status(statuses, live):
    cards = [Card(card_id=str(n), account_id="a", status=status) for n, status in enumerate(statuses)]
    fleet = evaluate_fleet(cards)
    assert fleet.accounts["a"].fact.live_cards == live
    assert fleet.cards[0].fact.fleet_size == live
    table = {"card_id": [each.card_id for each in cards], "account_id": ["a"] * len(cards), "status": statuses}
    nulls = table | {"status": [None if each == "unknown" else each for each in statuses]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each in (table, nulls):
            found = evaluate_fleet_frame(pl.DataFrame(each))
            assert found.accounts["live_cards"].to_list() == [live]
            assert found.cards["fleet_size"].to_list() == [live] * len(cards)


def test_what_is_given_of_an_account_holds_and_a_contradiction_is_a_warning():
    cards = [Card(card_id=str(n), account_id="a", status="active", operator="cmcc") for n in range(3)]
    given = Account(account_id="a", live_cards=5, operator_count=1, holder_type="enterprise")
    with pytest.warns(FactWarning, match="account 'a': live_cards: given 5, the cards add up to 3"):
        fleet = evaluate_fleet(cards, [given])
    assert fleet.accounts["a"].fact.live_cards == 5
    assert [str(each) for each in fleet.contradictions] == ["live_cards: given 5, the cards add up to 3"]
    assert fleet.cards[0].fact.fleet_size == 5
    assert fleet.to_dict()["contradictions"] == [{"account": "a", "fact": "live_cards", "given": 5, "added_up": 3}]


def test_an_unknown_part_makes_a_sum_unknown_and_what_is_surely_so_a_lower_bound():
    cards = [
        Card(card_id="1", account_id="a", status="active", arrears_fen=100, lost=True),
        Card(card_id="2", account_id="a", status="active", arrears_fen=None, lost=None),
    ]
    account = evaluate_fleet(cards).accounts["a"].fact
    assert (account.total_arrears_fen, account.cards_with_arrears, account.lost_unsuspended) == (None, None, 1)


def test_what_cards_add_up_to_beyond_all_bounds_is_an_error_and_no_wrapped_number():
    cards = [Card(card_id=str(n), account_id="a", arrears_fen=2**53 - 1) for n in range(2)]
    with pytest.raises(FactError, match=r"a.total_arrears_fen: found 18014398509481982.*its cards add up to this"):
        evaluate_fleet(cards)
    many = pl.DataFrame(
        {"card_id": map(str, range(3000)), "account_id": ["a"] * 3000, "arrears_fen": [2**53 - 1] * 3000}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(FrameError, match="total_arrears_fen"):
            evaluate_fleet_frame(many)


def test_a_row_that_is_no_card_leaves_its_account_unknown():
    frame = pl.DataFrame(
        {"card_id": ["1", "2", "3"], "account_id": ["a", "a", "b"], "status": ["active", "actve", "active"]}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = evaluate_fleet_frame(frame, on_error="mark")
        with pytest.raises(FrameError, match="'actve' in row 1"):
            evaluate_fleet_frame(frame)
    assert dict(found.accounts.select("account_id", "live_cards").rows()) == {"a": None, "b": 1}
    assert found.cards["fleet_size"].to_list() == [None, None, 1]


def test_what_cannot_be_rolled_up_is_said():
    rules = load(Text("rulebook: p\nfacts: Card"))
    with pytest.raises(EngineError, match="adds nothing up"):
        evaluate_fleet([], rulebook=rules)
    with pytest.raises(EngineError, match="two accounts have the key 'a'"):
        evaluate_fleet([], [Account(account_id="a"), Account(account_id="a")])
    with pytest.raises(EngineError, match="facts of the type Account, not Card"):
        evaluate_fleet([], [Card(card_id="a")])
    with pytest.raises(EngineError, match="no column `account_id`"):
        evaluate_fleet_frame(pl.DataFrame({"card_id": ["a"]}))


def test_roll_ups_are_part_of_the_digest_and_the_rest_of_it_stays():
    one = Text("rulebook: p\nfacts: Account\nrollup: {live_cards: count(lost)}")
    two = Text("rulebook: p\nfacts: Account\nrollup: {live_cards: count(misused)}")
    none = Text("rulebook: p\nfacts: Account")
    assert len({load(each).digest for each in (one, two, none)}) == 3
    fill = Text("rulebook: p\nfacts: Account\nrollup: {live_cards: count(lost)}\nfill: {fleet_size: live_cards}")
    assert load(fill).digest != load(one).digest
