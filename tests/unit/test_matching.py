"""What pattern rules mean: each row is a rule, the facts that are there, and whether it fires.

The rows are examples in rule files, which are tried by the meaning when they are loaded: each must hold, and its
opposite must not.
"""

import datetime as dt
import json

import pytest

import dxrules
from dxrules import RulebookError, Text

REPORT = {"is": "event", "when": 'kind == "loss_reported"'}
CALL = {"is": "event", "when": 'kind == "outgoing_call"', "joined": "card_id == report.card_id"}
FOUND = {"is": "event", "when": 'kind == "card_found"', "joined": "card_id == report.card_id"}
PAIR = {"match": {"report": REPORT, "call": CALL}, "about": "report.card_id"}
ORDERED = {**PAIR, "where": "call.at > report.at"}
SILENT = {"match": {"report": REPORT}, "about": "report.card_id", "absent": {"found": FOUND}}
THREE = {"match": {"reports": {**REPORT, "joined": "account_id", "at_least": 3}}, "about": "reports.account_id"}
CALLS = {"match": {"report": REPORT, "calls": {**CALL, "at_least": 2}}, "about": "report.card_id"}


def event(kind, time, **given):
    return {"is": "event", "kind": kind, "at": f"2026-01-{time}", "card_id": "c", **given}


def loss(time, **given):
    return event("loss_reported", time, **given)


def call(time, **given):
    return event("outgoing_call", time, **given)


def found(time, **given):
    return event("card_found", time, **given)


def charge(**given):
    return event("charge", "06 09:00", **given)


CASES = {
    "facts that go together": (PAIR, [loss("05 09:00"), call("05 10:00")], None, True),
    "one of them is not there": (PAIR, [loss("05 09:00")], None, False),
    "they are not joined": (PAIR, [loss("05 09:00"), call("05 10:00", card_id="d")], None, False),
    "an unknown joins nothing": (PAIR, [loss("05 09:00", card_id=None), call("05 10:00", card_id=None)], None, False),
    "an unknown in `when` is no match": (
        {"match": {"charge": {"is": "event", "when": "amount_fen > 5"}}, "about": "charge.card_id"},
        [charge()], None, False,
    ),
    "an unknown that is asked for is one": (
        {"match": {"charge": {"is": "event", "when": "amount_fen is None"}}, "about": "charge.card_id"},
        [charge()], None, True,
    ),
    "`where` holds": (ORDERED, [loss("05 09:00"), call("05 10:00")], None, True),
    "`where` does not": (ORDERED, [loss("05 09:00"), call("05 09:00")], None, False),
    "an unknown in `where` is no match": (
        {**PAIR, "where": "call.amount_fen != report.amount_fen"}, [loss("05 09:00"), call("05 10:00")], None, False,
    ),
    "one fact does not stand for two": (
        {"match": {"report": REPORT, "other": {**REPORT, "joined": "card_id == report.card_id"}},
         "about": "report.card_id"},
        [loss("05 09:00")], None, False,
    ),
    "two facts that are alike do": (
        {"match": {"report": REPORT, "other": {**REPORT, "joined": "card_id == report.card_id"}},
         "about": "report.card_id"},
        [loss("05 09:00"), loss("05 09:00")], None, True,
    ),
    "whom it is about is not known": (SILENT, [loss("05 09:00", card_id=None)], None, False),
    # Absent facts
    "nothing that must be absent is there": (SILENT, [loss("05 09:00")], None, True),
    "it is there": (SILENT, [loss("05 09:00"), found("05 10:00")], None, False),
    "it is another's": (SILENT, [loss("05 09:00"), found("05 10:00", card_id="d")], None, True),
    "an unknown in its join counts as present": (
        SILENT, [loss("05 09:00"), found("05 10:00", card_id=None)], None, False,
    ),
    "an unknown in its `when` counts as present": (
        {**SILENT, "absent": {"paid": {"is": "event", "when": "amount_fen > 5",
                                       "joined": "card_id == report.card_id"}}},
        [loss("05 09:00", amount_fen=1), charge()], None, False,
    ),
    "unless something else is surely false": (
        {**SILENT, "absent": {"paid": {"is": "event", "when": 'amount_fen > 5 and kind == "arrears_paid"',
                                       "joined": "card_id == report.card_id"}}},
        [loss("05 09:00", amount_fen=1), charge()], None, True,
    ),
    "an unknown in its `where` counts as present": (
        {**SILENT, "absent": {"paid": {**FOUND, "where": "paid.amount_fen > report.amount_fen"}}},
        [loss("05 09:00", amount_fen=1), found("05 10:00")], None, False,
    ),
    "the matched fact itself is not meant": (
        {**SILENT, "absent": {"other": {"is": "event", "joined": "card_id == report.card_id"}}},
        [loss("05 09:00")], None, True,
    ),
    "but those that are counted are": (
        {**CALLS, "absent": {"gone": {**CALL}}}, [loss("05 09:00"), call("05 10:00"), call("05 11:00")], None, False,
    ),
    # Counting
    "three": (THREE, [loss(f"0{day} 09:00", account_id="a") for day in (5, 6, 7)], None, True),
    "only two": (THREE, [loss(f"0{day} 09:00", account_id="a") for day in (5, 6)], None, False),
    "the third is another's": (
        THREE, [*(loss(f"0{day} 09:00", account_id="a") for day in (5, 6)), loss("07 09:00", account_id="b")],
        None, False,
    ),
    "unknown is not shared": (THREE, [loss(f"0{day} 09:00") for day in (5, 6, 7)], None, False),
    "some three lie within the time": (
        {**THREE, "within": "2 days"}, [loss(f"0{day} 09:00", account_id="a") for day in (1, 4, 5, 6)], None, True,
    ),
    "no three do": (
        {**THREE, "within": "2 days"}, [loss(f"0{day} 09:00", account_id="a") for day in (1, 2, 5, 6)], None, False,
    ),
    "several beside another": (CALLS, [loss("05 09:00"), call("05 10:00"), call("05 11:00")], None, True),
    "too few beside it": (CALLS, [loss("05 09:00"), call("05 10:00"), call("05 11:00", card_id="d")], None, False),
    "`where` of those that are counted": (
        {**CALLS, "match": {"report": REPORT, "calls": {**CALL, "at_least": 2, "where": "calls.at > report.at"}}},
        [loss("05 09:00"), call("05 08:00"), call("05 11:00")], None, False,
    ),
    # Time
    "within, to the minute": ({**PAIR, "within": "1 hour"}, [loss("05 09:00"), call("05 10:00")], None, True),
    "within, a minute more": ({**PAIR, "within": "1 hour"}, [loss("05 09:00"), call("05 10:01")], None, False),
    "within counts both ways": ({**PAIR, "within": "1 hour"}, [call("05 07:59"), loss("05 09:00")], None, False),
    "after, to the minute": ({**PAIR, "after": "1 hour"}, [loss("05 09:00"), call("05 10:00")], "05 11:00", True),
    "after, a minute less": ({**PAIR, "after": "1 hour"}, [loss("05 09:00"), call("05 10:00")], "05 10:59", False),
    "at a moment": (
        {**SILENT, "after": "report.promised_by"}, [loss("05 09:00", promised_by="2026-01-06T00:00")], "06 00:00", True,
    ),
    "not yet": (
        {**SILENT, "after": "report.promised_by"}, [loss("05 09:00", promised_by="2026-01-06T00:00")], "05 23:59",
        False,
    ),
    "at a moment that is not known": ({**SILENT, "after": "report.promised_by"}, [loss("05 09:00")], "06 00:00", False),
    "an event counts until keep has passed": (SILENT, [loss("05 09:00")], "15 08:59", True),
    "and no longer": (SILENT, [loss("05 09:00")], "15 09:00", False),
    "what must be absent leaves too": (SILENT, [found("05 09:00"), loss("06 09:00")], "15 09:00", True),
    "what is to come is not there": (SILENT, [loss("05 09:00")], "05 08:59", False),
    "before it is valid": ({**SILENT, "valid": {"from": "2026-01-06"}}, [loss("05 09:00")], "05 23:59", False),
    "since it is valid": ({**SILENT, "valid": {"from": "2026-01-06"}}, [loss("05 09:00")], "06 00:00", True),
    # Facts that are no events
    "a card with an event": (
        {"match": {"report": REPORT, "card": {"is": "card", "when": "lost is not True",
                                              "joined": "card_id == report.card_id"}}, "about": "card"},
        [loss("05 09:00"), {"is": "card", "card_id": "c"}], None, True,
    ),
    "cards alone have no time": (
        {"match": {"cards": {"is": "card", "when": "last_used_days > 90", "joined": "account_id", "at_least": 2}},
         "about": "cards.account_id"},
        [{"is": "card", "account_id": "a", "last_used_days": 100}] * 2, None, True,
    ),
}  # fmt: skip


def load(rule, given, now, fires):
    example = {"given": given, "fires": fires} | ({} if now is None else {"now": f"2026-01-{now}"})
    rule = {**rule, "warn": None, "message": {"en": "x", "zh": "y"}, "examples": [example]}
    pack = {
        "rulebook": "p",
        "facts": {"card": "Card", "account": "Account", "event": "CardEvent"},
        "keep": "10 days",
        "rules": {"A": rule},
    }
    return dxrules.load(Text(json.dumps(pack, ensure_ascii=False)))


@pytest.mark.parametrize("case", CASES)
def test_what_pattern_rules_mean(case):
    rule, given, now, fires = CASES[case]
    assert load(rule, given, now, fires).patterns
    with pytest.raises(RulebookError) as caught:
        load(rule, given, now, not fires)
    assert [each.code for each in caught.value.diagnostics] == ["example/contradiction"]


def test_examples_that_would_take_too_long_are_refused():
    many = [loss("05 09:00", account_id="a")] * 60
    with pytest.raises(RulebookError) as caught:
        load({**THREE, "match": {"reports": {**REPORT, "joined": "account_id", "at_least": 30}}}, many, None, True)
    assert [each.code for each in caught.value.diagnostics] == ["example/too-many"]


def test_a_parameter_with_dates_goes_by_the_day_of_the_session():
    charged = {"match": {"charge": {"is": "event", "when": "amount_fen > most"}}, "about": "charge.card_id"}
    example = {"given": [charge(amount_fen=5)], "fires": True, "now": "2026-01-08 00:00"}
    rule = {**charged, "warn": None, "message": {"en": "{most}", "zh": "y"}, "examples": [example]}
    pack = {"rulebook": "p", "facts": {"card": "Card", "event": "CardEvent"}, "keep": "10 days", "rules": {"A": rule},
            "parameters": {"most": {"2026-01-01": 9, "2026-01-08": 3}}}  # fmt: skip
    rulebook = dxrules.load(Text(json.dumps(pack)))
    with dxrules.Session(rulebook) as session:
        session.advance(dt.datetime(2026, 1, 6))
        event = dxrules.CardEvent(event_id="e", at=dt.datetime(2026, 1, 6, 9), kind="charge", card_id="c", amount_fen=5)
        assert not session.post(event)
        changes = session.advance(dt.datetime(2026, 1, 8))
        assert [each.outcome.message("en") for each in changes.began] == ["3"]


def test_the_digest_is_of_what_pattern_rules_mean():
    def digest(rule):
        return load(rule, [], None, False).digest

    assert digest(SILENT) == digest({**SILENT, "examples": []})
    changed = [
        {"after": "1 hour"},
        {"after": "60 minutes"},
        {"after": "report.promised_by"},
        {"absent": {"gone": FOUND}},
    ]
    others = [PAIR, ORDERED, THREE, CALLS, *({**SILENT, **each} for each in changed), {**PAIR, "within": "1 day"}]
    digests = [digest(each) for each in (SILENT, *others)]
    assert digests[5] == digests[6]
    assert len(set(digests)) == len(digests) - 1
