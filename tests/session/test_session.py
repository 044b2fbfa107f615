"""What a session does, case by case: time, events that come late or twice, limits, files, and what it refuses."""

import datetime as dt
import itertools
import pickle
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from random import Random

import attrs
import pytest

import dxrules
from dxrules import Account, Card, CardEvent, Decision, EngineError, FactError, Session, Text
from dxrules.session.store import Store
from profiles import examples
from session.ops import said, steps, take
from session.rulebooks import rulebook as random_rulebook

DAY = dt.datetime(2026, 1, 5)
HOUR = dt.timedelta(hours=1)


def at(hour, day=0):
    return DAY + dt.timedelta(days=day, hours=hour)


def event(number, hour, kind="loss_reported", day=0, **given):
    return CardEvent(event_id=f"e-{number}", at=at(hour, day), kind=kind, **{"card_id": "c", **given})


def load(rules, head="keep: 10 days\n", *more):
    text = f"rulebook: p\nfacts: {{card: Card, account: Account, event: CardEvent}}\n{head}rules:\n{rules}"
    return dxrules.load(*more, Text(text))


def codes(changes):
    return [each.code for each in changes.began], [each.code for each in changes.ended]


MESSAGE = 'message: {en: "x", zh: "y"}'
REPORT = 'report: {is: event, when: kind == "loss_reported"}'
CALL = 'call: {is: event, when: kind == "outgoing_call", joined: card_id == report.card_id}'
PAIR = f"""
  PAIR:
    match:
      {REPORT}
      {CALL}
    where: call.at > report.at
    about: report.card_id
    warn:
    {MESSAGE}
"""
SILENT = f"""
  SILENT:
    match: {{ {REPORT} }}
    after: 1 hour
    about: report.card_id
    absent:
      stopped: {{is: event, when: kind == "suspended", joined: card_id == report.card_id}}
    block: cancel
    {MESSAGE}
"""


@pytest.fixture
def session():
    with Session(load(PAIR + SILENT)) as found:
        found.advance(at(0))
        found.assert_fact(Card(card_id="c"))
        yield found


# Time


def test_time_is_what_events_and_advance_say(session):
    assert session.post(event(1, 9)).now == session.now == at(9)
    session.post(event(2, 3))
    assert session.now == at(9)
    with pytest.raises(EngineError, match="time does not go back to 2026-01-05 08:00"):
        session.advance(at(8))
    assert not session.advance(at(9))


@pytest.mark.parametrize("moment", ["2026-01-05", dt.date(2026, 1, 5), 5, None, DAY.replace(tzinfo=dt.UTC)])
def test_what_is_no_time_is_refused(session, moment):
    with pytest.raises(EngineError, match="the time of a session"):
        session.advance(moment)


def test_without_a_time_nothing_is_decided_yet():
    rulebook = load(
        PAIR, "keep: 10 days\n", Text(f"rulebook: q\nfacts: Card\nrules:\n  LOST: {{when: lost, warn: , {MESSAGE}}}")
    )
    with Session(rulebook) as session:
        assert not session.assert_fact(Card(card_id="c", lost=True))
        with pytest.raises(EngineError, match="the session has no time yet"):
            session.decision("c")
        assert codes(session.post(event(1, 9, "other"))) == (["LOST"], [])
        assert session.decision("c").codes == ("LOST",)


def test_a_rule_fires_so_long_after_the_last_match_if_it_still_holds(session):
    session.post(event(1, 9))
    assert codes(session.advance(at(10) - dt.timedelta(seconds=1))) == ([], [])
    assert codes(session.advance(at(10))) == (["SILENT"], [])
    assert codes(session.post(event(2, 11, "suspended"))) == ([], ["SILENT"])


def test_a_rule_that_no_longer_holds_when_it_is_due_does_not_fire(session):
    session.post(event(1, 9))
    session.post(event(2, 9, "suspended"))
    assert codes(session.advance(at(12))) == ([], [])


def test_an_event_counts_until_keep_has_passed(session):
    session.post(event(1, 9))
    session.post(event(2, 10, "outgoing_call"))
    assert codes(session.advance(at(9, day=10) - dt.timedelta(microseconds=1)))[1] == []
    assert codes(session.advance(at(9, day=10))) == ([], ["PAIR", "SILENT"])
    assert [each.event_id for each in session.facts(CardEvent)] == ["e-2"]
    session.advance(at(10, day=10))
    assert session.facts(CardEvent) == ()


def test_what_must_be_absent_stops_blocking_when_it_expires(session):
    session.post(event(1, 9, "suspended"))
    session.post(event(2, 12))
    session.advance(at(8, day=10))
    assert codes(session.advance(at(9, day=10))) == (["SILENT"], [])


def test_within_and_its_bound():
    rulebook = load(PAIR.replace("    about", "    within: 2 hours\n    about"))
    for minutes, fires in ((120, True), (121, False)):
        with Session(rulebook) as session:
            session.post(event(1, 9))
            call = event(2, 9, "outgoing_call")
            changes = session.post(attrs.evolve(call, at=call.at + dt.timedelta(minutes=minutes)))
            assert bool(changes) is fires


# Late, early and repeated events


def test_a_late_event_counts_as_if_it_had_come_in_time(session):
    session.post(event(2, 10, "outgoing_call"))
    assert codes(session.post(event(1, 9)))[0] == ["PAIR", "SILENT"]


def test_a_backward_dated_event_can_end_what_began(session):
    session.post(event(1, 9))
    session.advance(at(12))
    assert codes(session.post(event(2, 10, "suspended"))) == ([], ["SILENT"])


def test_an_event_that_is_too_old_changes_nothing_not_even_the_time(session):
    session.advance(at(0, day=20))
    changes = session.post(event(1, 9))
    assert (changes.ignored, changes.now, len(session)) == ("too old", at(0, day=20), 1)
    assert session.post(event(2, 1, day=10)).ignored is None


def test_an_event_that_no_rule_reads_only_moves_the_time(session):
    changes = session.post(event(1, 9, "charge"))
    assert (changes.ignored, changes.now, len(session)) == ("not read", at(9), 1)


def test_the_same_event_twice_is_one_and_another_with_its_key_is_refused(session):
    session.post(event(1, 9))
    session.post(event(2, 10, "outgoing_call"))
    assert session.post(event(1, 9)).ignored == "duplicate"
    with pytest.raises(EngineError, match="another CardEvent `e-1` is held"):
        session.post(event(1, 9, card_id="d"))
    assert session.decision("c").codes == ("PAIR", "SILENT")


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_arrival_does_not_matter(seed):
    rng = Random(seed)
    rulebook = random_rulebook(seed)[0]
    facts = [step for step in steps(seed, 40) if step[0] == "post"]
    last = max(given[0].at for _, given in facts)
    found = []
    for order in (facts, rng.sample(facts, len(facts))):
        with Session(rulebook) as session:
            for step in order:
                take(session, step)
            session.advance(last)
            found.append((said(session), _shown(session)))
    assert found[0] == found[1]


def _shown(session):
    shown = [(each, [rule.shown(key) for rule in each.rules for key in rule.firing.subjects()])
             for each in session._memory._matchers]  # fmt: skip
    return [[one.facts for one in of] for _, of in shown]


@pytest.mark.parametrize("seed", range(examples(ci=10, long=200)))
def test_a_replayed_log_gives_the_same_changes(seed):
    rulebook = random_rulebook(seed)[0]
    logs = []
    for _ in range(2):
        with Session(rulebook) as session:
            logs.append([str(take(session, step)) for step in steps(seed, 60)])
    assert logs[0] == logs[1]


# Facts


def test_facts_are_asserted_updated_and_retracted(session):
    with pytest.raises(EngineError, match="there is a Card `c` already: use `update`"):
        session.assert_fact(Card(card_id="c"))
    with pytest.raises(EngineError, match="there is no Card `d`: use `assert_fact`"):
        session.update(Card(card_id="d"))
    with pytest.raises(EngineError, match="holds no fact 'cc'; did you mean `c`"):
        session.retract("cc")
    session.post(event(1, 9))
    session.advance(at(11))
    assert codes(session.retract("c")) == ([], [])
    with pytest.raises(EngineError, match="holds no fact 'c'"):
        session.decision("c")
    assert codes(session.assert_fact(Card(card_id="c"))) == ([], [])
    assert session.decision("c").codes == ("SILENT",)
    assert not session.update(Card(card_id="c"))


def test_outcomes_of_ordinary_rules_begin_and_end_too():
    with Session() as session:
        session.advance(at(0))
        began = session.assert_fact(Card(card_id="c", status="active", arrears_fen=100)).began
        assert [(each.code, each.facts[0].arrears_fen) for each in began] == [("CREDIT_RECORD_RISK", 100)]
        changes = session.update(Card(card_id="c", status="active", arrears_fen=0))
        assert [(each.code, each.facts[0].arrears_fen) for each in changes.ended] == [("CREDIT_RECORD_RISK", 100)]


def test_a_card_and_an_account_may_have_the_same_key(session):
    session.assert_fact(Account(account_id="c"))
    with pytest.raises(EngineError, match="there is a Card and a Account `c`: say which, as in `of=Card`"):
        session.decision("c")
    assert isinstance(session.decision("c", Card).fact, Card)
    session.retract("c", Account)
    with pytest.raises(EngineError, match="no facts of the class"):
        session.retract("c", CardEvent)


def test_facts_and_events_are_told_apart(session):
    with pytest.raises(EngineError, match="`CardEvent` is an event: use `post`"):
        session.assert_fact(event(1, 9))
    with pytest.raises(EngineError, match="`Card` is no event"):
        session.post(Card(card_id="d"))
    with pytest.raises(EngineError, match="this rulebook decides"):
        session.post(5)


def test_what_went_past_the_validators_is_refused_with_everything_that_is_wrong(session):
    wrong = event(1, 9)
    object.__setattr__(wrong, "amount_fen", "5")
    object.__setattr__(wrong, "at", None)
    with pytest.raises(FactError) as caught:
        session.post(wrong)
    assert {each.path for each in caught.value.problems} == {"amount_fen", "at"}
    assert len(session) == 1


def test_an_outcome_about_a_card_that_is_not_held_is_told_all_the_same(session):
    session.post(event(1, 9, card_id="d"))
    changes = session.advance(at(11))
    assert [(each.fact_type, each.key) for each in changes.began] == [("Card", "d")]


def test_outcomes_change_with_the_day():
    text = "rulebook: q\nfacts: Card\nparameters: {most: {2026-01-01: 5, 2026-01-07: 3}}\nrules:\n"
    text += f"  MANY: {{when: linked_accounts > most, warn: , valid: {{until: 2026-01-09}}, {MESSAGE}}}\n"
    match = "{call: {is: event, when: amount_fen > most}}"
    rules = f"  CALLS: {{match: {match}, about: call.card_id, warn: , {MESSAGE}}}\n"
    with Session(load(rules, "keep: 10 days\n", Text(text))) as session:
        session.advance(at(0))
        session.assert_fact(Card(card_id="c", linked_accounts=4))
        assert codes(session.post(event(1, 9, amount_fen=4))) == ([], [])
        assert codes(session.advance(at(0, day=2))) == (["CALLS", "MANY"], [])
        assert codes(session.advance(at(0, day=4))) == ([], ["MANY"])
        assert session.decision("c").codes == ("CALLS",)


# Decisions


def test_a_pattern_rule_can_block_and_gate(session):
    session.post(event(1, 9))
    assert session.decision("c").verdict("cancel") == "allowed"
    assert session.decision("c").ready("cancel") is True
    session.advance(at(11))
    decision = session.decision("c")
    assert (decision.verdict("cancel"), decision.ready("cancel")) == ("blocked", False)
    with pytest.raises(EngineError, match="no rule of this rulebook blocks an operation `cancle`"):
        decision.verdict("cancle")
    again = pickle.loads(pickle.dumps(decision))
    assert again == decision
    assert (again.verdict("cancel"), again.ready("cancel"), again.codes) == ("blocked", False, ("SILENT",))


def test_a_required_action_of_a_pattern_rule_gates_operations():
    with Session() as session:
        session.post(event(1, 9, "cancellation_submitted"))
        session.assert_fact(Card(card_id="c", status="pre_cancelled", intent="cancel", arrears_fen=0))
        session.post(event(2, 10, "arrears_billed", amount_fen=5))
        decision = session.decision("c")
        assert "ARREARS_AFTER_SUBMISSION" in decision.codes
        assert decision.ready("cancel") is False
        assert pickle.loads(pickle.dumps(decision)).ready("cancel") is False
        assert isinstance(decision, Decision)


def test_decisions_that_only_evaluate_makes_leave_pattern_rules_out():
    rulebook = load(SILENT)
    assert [each.name for each in rulebook.patterns] == ["SILENT"]
    decision = dxrules.evaluate(Card(card_id="c"), rulebook=rulebook)
    assert decision.codes == ()
    with pytest.raises(EngineError, match="blocks an operation `cancel`"):
        decision.verdict("cancel")


# Limits


def test_the_session_is_full():
    with Session(load(SILENT), max_facts=3) as session:
        for number in range(3):
            session.post(event(number, number))
        before = said(session)
        with pytest.raises(EngineError, match="holds 3 facts, which is its limit"):
            session.post(event(5, 5))
        with pytest.raises(EngineError, match="which is its limit"):
            session.assert_fact(Card(card_id="c"))
        assert said(session) == before
        session.post(event(6, 0, day=10))  # the first has left
        assert len(session) == 3


def test_one_fact_may_make_so_many_matches_and_no_more():
    with Session(load(PAIR), max_matches=5) as session:
        for number in range(6):
            session.post(event(number, 5, "outgoing_call"))
        before = said(session)
        with pytest.raises(EngineError, match=r"the CardEvent `e-10` would make more matches than `max_matches`"):
            session.post(event(10, 4))
        assert said(session) == before
        session.advance(at(5, day=10))
        assert session.post(event(11, 4, day=11)).ignored is None


# Files


@pytest.fixture
def file(tmp_path):
    return tmp_path / "saved.session"


def test_a_saved_session_goes_on_where_it_was(file, session):
    session.post(event(1, 9))
    session.save(file)
    session.save()
    session.post(event(2, 10, "outgoing_call"))
    session.update(Card(card_id="c", lost=True))
    session.assert_fact(Card(card_id="d"))
    session.retract("d")
    before = said(session)
    session.close()
    with pytest.raises(EngineError, match="the session is closed"):
        session.advance(at(12))
    with Session.restore(file, session.rulebook) as again:
        assert said(again) == before
        assert not again.advance(again.now)
        assert codes(again.advance(at(0, day=11))) == ([], ["PAIR", "SILENT"])
    with Session.restore(file, session.rulebook) as again:
        assert len(again) == 1


def test_saving_refuses_what_is_there_and_what_is_not(file, session):
    file.write_text("a file")
    with pytest.raises(EngineError, match="it is there already"):
        session.save(file)
    with pytest.raises(EngineError, match="save to which file"):
        session.save()
    with pytest.raises(EngineError, match=r"not a database|not the file of a session"):
        Session.restore(file, session.rulebook)
    with pytest.raises(EngineError, match="there is no such file"):
        Session.restore(file.with_name("other"), session.rulebook)
    with pytest.raises(EngineError, match="unable to open"):
        Session(session.rulebook, path=file.parent / "no" / "folder")
    with closing(sqlite3.connect(file.with_name("plain"))) as connection:
        connection.execute("CREATE TABLE a (b)")
    with pytest.raises(EngineError, match="is not the file of a session"):
        Session.restore(file.with_name("plain"), session.rulebook)


def test_a_file_in_which_nothing_was_saved_yet_is_as_good_as_none(file, session):
    Store(file, new=True).close()
    with pytest.raises(EngineError, match="is not the file of a session"):
        Session.restore(file, session.rulebook)
    session.save(file)
    session.close()
    with pytest.raises(EngineError, match="it is there already"):
        Session(session.rulebook, path=file)
    with Session.restore(file, session.rulebook) as again:
        assert len(again) == 1


def test_a_file_of_another_format_is_refused(file, session):
    session.save(file)
    session.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(EngineError, match="its format is not known"):
        Session.restore(file, session.rulebook)


def test_facts_that_the_rulebook_does_not_know_are_an_error(file, session):
    session.save(file)
    session.close()
    other = dxrules.load(Text(f"rulebook: q\nfacts: Account\nrules:\n  A: {{when: live_cards > 1, warn: , {MESSAGE}}}"),
                         facts=[Account])  # fmt: skip
    with pytest.raises(EngineError, match="Card `c` is no fact of this rulebook"):
        Session.restore(file, other, other_rules=True)
    with Session.restore(file, session.rulebook) as again:
        assert len(again) == 1


def test_without_durable_rules_a_session_says_what_to_type():
    program = """
import sys
sys.modules["durable_rules_engine"] = None
import dxrules
try:
    dxrules.Session()
except dxrules.MissingExtraError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install" in done.stdout


def test_a_file_is_open_in_one_session_at_a_time(file, session):
    session.save(file)
    with pytest.raises(EngineError, match="the session is being saved to"):
        session.save(file.with_name("other"))
    with pytest.raises(EngineError, match="is in use by another session"):
        Session.restore(file, session.rulebook)


def test_other_rules_are_refused_unless_asked_for(file, session):
    session.save(file)
    session.close()
    other = load(PAIR)
    with pytest.raises(EngineError, match="was saved with other rules"):
        Session.restore(file, other)
    with Session.restore(file, other, other_rules=True) as again:
        assert again.decision("c").codes == ()
    with Session.restore(file, other):
        pass


def test_other_rules_keep_events_for_their_own_time(file):
    with Session(load(SILENT, "keep: 2 days\n"), path=file) as session:
        session.post(event(1, 9))
    longer = load(SILENT, "keep: 10 days\n")
    with Session.restore(file, longer, other_rules=True) as again:
        again.advance(at(0, day=5))
        assert [each.event_id for each in again.facts()] == ["e-1"]
    with Session.restore(file, longer) as again:
        assert [each.event_id for each in again.facts()] == ["e-1"]
    with Session.restore(file, load(PAIR.replace("loss_reported", "charge")), other_rules=True) as again:
        assert again.facts() == ()
    with Session.restore(file, load(PAIR.replace("loss_reported", "charge"))) as again:
        assert again.facts() == ()


def test_events_of_a_rule_that_is_in_force_no_more_leave_a_saved_session_too(file):
    rules = load(SILENT + "    valid: {until: 2026-01-06}\n")
    session = Session(rules)
    session.post(event(1, 9))
    session.advance(at(9, day=6))
    session.save(file)
    session.close()
    with Session.restore(file, rules) as again:
        assert len(again) == 1
        again.advance(at(8, day=30))
        assert len(again) == 0


def test_what_would_not_come_back_the_same_is_not_saved(file):
    @attrs.frozen
    class Odd:
        key: str
        number: complex = 1j

    text = "rulebook: p\nfacts: {odd: Odd}\nrules:\n"
    text += f"  ODD: {{match: {{one: {{is: odd}}}}, about: one, warn: , {MESSAGE}}}\n"
    with Session(dxrules.load(Text(text), facts=[Odd]), path=file) as session:
        with pytest.raises(EngineError, match="the Odd `a` cannot be saved"):
            session.assert_fact(Odd("a"))
        assert len(session) == 0


@pytest.mark.parametrize("name", ["account_id", "card_id"])
def test_half_of_a_character_is_not_saved(file, name):
    with Session(load(PAIR), path=file) as session:
        with pytest.raises(EngineError, match="cannot be saved"):
            session.assert_fact(Card(**{"card_id": "c", name: "\ud800"}))
        assert len(session) == 0


@pytest.mark.parametrize("saved", [False, True])
def test_a_call_that_fails_half_way_has_not_happened(file, session, monkeypatch, saved):
    """Whatever is raised in the middle, the next call finds the session as it was."""
    if saved:
        session.save(file)
    session.post(event(1, 9))
    before = said(session)
    with monkeypatch.context() as broken:
        if saved:
            broken.setattr(Store, "write", _fail)
        else:
            broken.setattr("dxrules.session.matcher.RuleState.outlook", _fail)
        with pytest.raises(ZeroDivisionError):
            session.post(event(2, 10, "outgoing_call"))
        with pytest.raises(ZeroDivisionError):
            session.advance(at(12))
    assert said(session) == before
    assert codes(session.post(event(2, 10, "outgoing_call"))) == (["PAIR", "SILENT"], [])


def test_an_update_that_is_interrupted_loses_no_fact(session, monkeypatch):
    """The new one is put in the place of the old: there is no moment with neither."""
    before = session.facts(Card)
    with monkeypatch.context() as broken:
        broken.setattr("dxrules.session.memory.Memory.hold", _fail)
        with pytest.raises(ZeroDivisionError):
            session.update(Card(card_id="c", lost=True))
    assert session.facts(Card) == before
    assert session.decision("c").fact == before[0]


def _fail(*_, **__):
    raise ZeroDivisionError


def test_threads_may_share_a_session():
    with Session(load(PAIR)) as session:
        session.advance(at(0))
        numbers = itertools.count()
        errors = []

        def work():
            try:
                for _ in range(50):
                    number = next(numbers)
                    session.post(event(number, 1, "loss_reported" if number % 2 else "outgoing_call"))
            except BaseException as error:  # noqa: BLE001
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert not errors
        assert len(session) == 200


def test_a_session_is_not_pickled(session):
    with pytest.raises(EngineError, match="a Session is not pickled"):
        pickle.dumps(session)
