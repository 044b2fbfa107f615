"""Explanations of decisions of sessions: the pattern rules that fire, and by what."""

import datetime as dt
import json
import pickle

import pytest

import dxrules
from dxrules import Account, Card, CardEvent, EngineError, Session

DAY = dt.datetime(2026, 1, 5)
SECRET = "secret-4711"


@pytest.fixture
def session():
    with Session() as found:
        found.assert_fact(Account(account_id="a"))
        found.assert_fact(Card(card_id=SECRET, account_id="a", status="active", intent="cancel", arrears_fen=100))
        yield found


def event(number, hour, kind, **given):
    at = DAY + dt.timedelta(hours=hour)
    return CardEvent(event_id=f"e-{number}", at=at, kind=kind, **{"card_id": SECRET, "account_id": "a", **given})


def called_after_loss(session):
    session.post(event(1, 9, "loss_reported"))
    session.post(event(2, 10, "outgoing_call"))
    session.post(event(3, 11, "charge", amount_fen=350))
    return session.decision(SECRET)


TEXTS = {
    "en": """\
CALL_AFTER_LOSS: requires suspend (critical, immediately)  [S29, S30, S34, P1, P2, P4]
  A call was made at 2026-01-05 10:00 on a card reported lost or misused at 2026-01-05 09:00: have
  it suspended at once, and report the misuse.
  matched by:
    report CardEvent  when it happened, in local time: 2026-01-05 09:00; what happened: reported
                      lost; key of the card: ***
    call CardEvent    when it happened, in local time: 2026-01-05 10:00; what happened: outgoing
                      call; key of the card: ***

CHARGE_AFTER_LOSS: advises dispute (high, promptly)  [S29, S34, P1, P2]
  3.50 yuan was charged at 2026-01-05 11:00, after the report of 2026-01-05 09:00. Until the card is
  suspended the holder bears the loss; ask the carrier about charges after it.
  matched by:
    report CardEvent  when it happened, in local time: 2026-01-05 09:00; what happened: reported
                      lost; key of the card: ***
    charge CardEvent  when it happened, in local time: 2026-01-05 11:00; what happened: charge for
                      use; amount of money: 3.50 yuan; key of the card: ***

ARREARS_UNPAID: blocks cancel (high, before submitting)""",
    "zh": """\
CALL_AFTER_LOSS：要求停机（严重度极高，立即）  [S29, S30, S34, P1, P2, P4]
  该卡2026年1月5日 09:00已挂失或报告被盗用，2026年1月5日 10:00仍有呼出：请立即停机，并报告盗用。
  所匹配的事实：
    report CardEvent  发生时间（当地时间）：2026年1月5日 09:00；事件类型：挂失；卡片标识：***
    call CardEvent    发生时间（当地时间）：2026年1月5日 10:00；事件类型：呼出；卡片标识：***
""",
}


@pytest.mark.parametrize("lang", TEXTS)
def test_pattern_rules_stand_among_the_others_with_what_they_matched(session, lang):
    assert called_after_loss(session).explain().text(lang).startswith(TEXTS[lang])


def test_the_explanation_is_in_the_order_of_the_decision(session):
    decision = called_after_loss(session)
    explanation = decision.explain()
    assert tuple(each.code for each in explanation.fired) == decision.codes
    assert {each.code for each in explanation.fired if each.matched} == {each.outcome.code for each in decision.matched}
    messages = {each.code: each.message("zh", personal=True) for each in explanation.fired}
    assert messages == {each.code: each.message("zh") for each in decision.outcomes}


def test_of_a_counted_match_every_fact_is_told(session):
    for number in range(3):
        session.post(event(number, number, "loss_reported"))
    explanation = session.decision("a").explain()
    (found,) = explanation.fired
    assert found.code == "SEVERAL_LOSSES_IN_ACCOUNT"
    assert [each.match for each in found.matched] == ["reports"] * 3
    assert [each.reads[0].value for each in found.matched] == [DAY + dt.timedelta(hours=each) for each in range(3)]


def test_a_fact_that_is_no_event_is_told_too(session):
    session.update(Card(card_id=SECRET, account_id="a", status="active", last_used_days=200))
    session.post(event(1, 0, "business_changed", card_id=None))
    session.advance(DAY + dt.timedelta(days=14))
    found = next(each for each in session.decision(SECRET).explain().fired if each.matched)
    assert found.code == "IDLE_AFTER_BUSINESS_CHANGE"
    assert [each.fact_type for each in found.matched] == ["CardEvent", "Card"]
    assert "days since it was last used: 200" in found.text()
    assert "card Card" in found.text()


PERSONAL = """
rulebook: own
facts: {card: Card, event: CardEvent}
keep: 2 days
rules:
  TOLD:
    match: {report: {is: event, when: kind == "loss_reported"}}
    about: report.card_id
    warn:
    message: {en: "the card {report.card_id}", zh: "卡 {report.card_id}"}
"""


def test_personal_data_are_told_only_when_they_are_asked_for():
    with Session(dxrules.load(dxrules.Text(PERSONAL))) as session:
        session.assert_fact(Card(card_id=SECRET))
        session.post(event(1, 9, "loss_reported"))
        explanation = session.decision(SECRET).explain()
    for lang in ("en", "zh"):
        assert SECRET not in explanation.text(lang, full=True)
        assert explanation.text(lang, personal=True).count(SECRET) == 2
    assert SECRET not in json.dumps(explanation.to_dict()) + repr(explanation)
    assert SECRET in json.dumps(explanation.to_dict(personal=True))


def test_the_plain_data_have_what_was_matched(session):
    first = called_after_loss(session).explain().to_dict()["rules"][0]
    assert first["when"] is None
    assert [each["match"] for each in first["matched"]] == ["report", "call"]
    assert first["matched"][0]["reads"][0] == {
        "name": "at", "value": "2026-01-05T09:00:00", "unknown": False, "personal": False,
    }  # fmt: skip


def test_an_unpickled_decision_has_no_rules_to_explain_it_by(session):
    decision = pickle.loads(pickle.dumps(called_after_loss(session)))
    with pytest.raises(EngineError, match="unpickled"):
        decision.explain()
