"""Rules and parameters in time, and the day of a decision."""

import datetime as dt
import json
import os
import time

import attrs
import pytest

import dxrules
from dxrules import EngineError


@attrs.frozen
class Order:
    n: int | None = None
    day: dt.date | None = None


def load(rules, **more):
    rules = {
        name: {"warn": None, "message": {"en": "a", "zh": "a"}, "when": "True", **rule} for name, rule in rules.items()
    }
    content = {"rulebook": "orders", "facts": "Order", "rules": rules, **more}
    return dxrules.load(dxrules.Text(json.dumps(content)), facts=[Order])


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("valid", "as_of", "fires"),
    [
        ({"from": "2026-01-15"}, "2026-01-14", False),
        ({"from": "2026-01-15"}, "2026-01-15", True),
        ({"from": "2026-01-15"}, "9999-12-31", True),
        ({"until": "2026-01-15"}, "0001-01-01", True),
        ({"until": "2026-01-15"}, "2026-01-14", True),
        ({"until": "2026-01-15"}, "2026-01-15", False),
        ({"from": "2026-01-15", "until": "2026-01-16"}, "2026-01-14", False),
        ({"from": "2026-01-15", "until": "2026-01-16"}, "2026-01-15", True),
        ({"from": "2026-01-15", "until": "2026-01-16"}, "2026-01-16", False),
        ({"from": "2024-02-29"}, "2024-02-28", False),
        ({"from": "0001-01-01"}, "0001-01-01", True),
        ({"until": "9999-12-31"}, "9999-12-31", False),
    ],
)
def test_a_rule_holds_from_its_first_day_until_before_its_last(engine, valid, as_of, fires):
    made = dxrules.compile(load({"A": {"valid": valid}}), engine)
    assert made.evaluate(Order(), day(as_of)).codes == (("A",) if fires else ())


def test_a_rule_out_of_force_is_not_undetermined(engine):
    made = dxrules.compile(load({"A": {"when": "n > 1", "valid": {"from": "2026-01-15"}}}), engine)
    assert made.evaluate(Order(), day("2026-01-14")).undetermined == ()
    assert [each.rule for each in made.evaluate(Order(), day("2026-01-15")).undetermined] == ["A"]


def test_a_rule_out_of_force_does_not_read_its_facts(engine):
    made = dxrules.compile(load({"A": {"when": "n > 1", "valid": {"from": "2026-01-15"}}}), engine)
    assert made.evaluate(Order(n="wrong"), day("2026-01-14")).codes == ()
    with pytest.raises(dxrules.FactError):
        made.evaluate(Order(n="wrong"), day("2026-01-15"))


@pytest.mark.parametrize(
    ("as_of", "n", "fires"),
    [
        ("2023-12-31", 1_000, None),
        ("2024-01-01", 91, True),
        ("2024-01-01", 90, False),
        ("2025-12-31", 90, False),
        ("2026-01-01", 90, True),
        ("2026-01-01", 60, False),
        ("9999-12-31", 61, True),
    ],
)
def test_a_dated_parameter(engine, as_of, n, fires):
    rulebook = load({"A": {"when": "n > idle"}}, parameters={"idle": {"2026-01-01": 60, "2024-01-01": 90}})
    decision = dxrules.compile(rulebook, engine).evaluate(Order(n), day(as_of))
    assert decision.codes == (("A",) if fires else ())
    assert [each.missing for each in decision.undetermined] == ([("parameter:idle",)] if fires is None else [])


def test_days_since_counts_to_the_day_of_the_decision_and_not_of_the_epoch(engine):
    rulebook = load({"A": {"when": "days_since(day) == 3"}}, parameters={"idle": {"2024-01-01": 1}})
    made = dxrules.compile(rulebook, engine)
    order = Order(day=day("2026-01-01"))
    fired = [number for number in range(1, 8) if made.evaluate(order, dt.date(2026, 1, number)).codes]
    assert fired == [4]


def test_the_cuts_of_a_rulebook():
    rules = {
        "A": {"valid": {"from": "2026-01-01", "until": "2027-01-01"}},
        "B": {},
        "C": {"valid": {"from": "2026-01-01"}},
    }
    rulebook = load(rules, parameters={"idle": {"2024-01-01": 90, "2026-01-01": 60}, "plain": 1})
    assert rulebook.cuts() == (day("2024-01-01"), day("2026-01-01"), day("2027-01-01"))
    (fact_type,) = rulebook.fact_types
    first = rulebook.epoch(fact_type, day("2024-01-01"))
    assert first is rulebook.epoch(fact_type, day("2025-12-31"))
    assert first is not rulebook.epoch(fact_type, day("2026-01-01"))
    assert [rule.name for rule in first.rules] == ["B"]
    assert [rule.name for rule in rulebook.epoch(fact_type, day("2026-06-01")).rules] == ["A", "B", "C"]


def test_the_same_fact_on_days_of_several_epochs_in_any_order(engine):
    rulebook = load({"A": {"valid": {"until": "2026-01-01"}}, "B": {"valid": {"from": "2026-01-01"}}})
    made = dxrules.compile(rulebook, engine)
    days = ["2026-01-01", "2025-12-31", "2026-01-01", "2025-01-01", "2027-01-01"]
    assert [made.evaluate(Order(), day(each)).codes for each in days] == [
        ("B",),
        ("A",),
        ("B",),
        ("A",),
        ("B",),
    ]
    assert [made.evaluate(Order(), day(each)).as_of for each in days] == [day(each) for each in days]


# The day


@pytest.mark.parametrize(
    ("as_of", "text"),
    [
        ("2026-01-15", "`as_of` takes a date, not '2026-01-15'"),
        (
            dt.datetime(2026, 1, 15, 9),
            "`as_of` takes a date, not datetime.datetime(2026, 1, 15, 9, 0); take its `.date()`",
        ),
        (20260115, "`as_of` takes a date, not 20260115"),
        (0, "`as_of` takes a date, not 0"),
        (False, "`as_of` takes a date, not False"),
        ("", "`as_of` takes a date, not ''"),
    ],
)
def test_a_day_that_is_none(engine, as_of, text):
    made = dxrules.compile(load({"A": {}}), engine)
    with pytest.raises(EngineError) as caught:
        made.evaluate(Order(), as_of)
    assert str(caught.value) == text


def test_a_day_that_is_none_after_a_day_that_is_one(engine):
    made = dxrules.compile(load({"A": {}}), engine)
    made.evaluate(Order())
    made.evaluate(Order(), day("2026-01-15"))
    with pytest.raises(EngineError):
        made.evaluate(Order(), dt.datetime(2026, 1, 15))


def test_the_day_is_today_unless_it_is_said(engine):
    made = dxrules.compile(load({"A": {}}), engine)
    before = dt.date.today()
    found = {made.evaluate(Order()).as_of, made.evaluate(Order()).as_of, made.evaluate(Order(), None).as_of}
    assert found <= {before, dt.date.today()}
    assert all(type(each) is dt.date for each in found)
    assert dxrules.evaluate(Order(), rulebook=load({"A": {}}), as_of=None).as_of in (before, dt.date.today())


@pytest.fixture
def midnight_in_two_seconds():
    """A time zone in which the day ends two seconds from now."""
    before = os.environ.get("TZ")
    left = 86_400 - int(time.time()) % 86_400 - 2  # to add to the time in Greenwich
    sign, shift = ("-", left) if left <= 43_200 else ("", 86_400 - left)
    os.environ["TZ"] = f"XXX{sign}{shift // 3600}:{shift // 60 % 60:02}:{shift % 60:02}"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="needs a Unix clock")
def test_at_midnight_the_day_changes(engine, midnight_in_two_seconds):
    today = dt.date.today()
    tomorrow = today + dt.timedelta(days=1)
    rules = {
        "TODAY": {"valid": {"until": tomorrow.isoformat()}},
        "TOMORROW": {"valid": {"from": tomorrow.isoformat()}},
        "AGED": {"when": "days_since(day) == 1"},
    }
    made = dxrules.compile(load(rules), engine)
    order = Order(day=today)
    first = made.evaluate(order)
    assert dt.date.today() == today, "this machine is too slow for the test"
    assert (first.as_of, first.codes) == (today, ("TODAY",))
    while dt.date.today() == today:
        last = made.evaluate(order)
        assert last.as_of in (today, dt.date.today())
    second = made.evaluate(order)
    assert (second.as_of, second.codes) == (tomorrow, ("TOMORROW", "AGED"))
    assert (first.as_of, first.codes) == (today, ("TODAY",))


def test_evaluate_many_decides_all_for_one_day():
    many = dxrules.evaluate_many([Order(), Order()], rulebook=load({"A": {}}))
    assert len({each.as_of for each in many}) == 1
