"""A session says, after whatever happened to it, what deciding everything from scratch says.

Random pattern rulebooks, facts and events; late, early and repeated ones; time that passes; saving, and going on from
the file. After every step the whole state is compared with the slow model, and so is what the step said changed.
"""

import datetime as dt
import pickle
import tempfile
from pathlib import Path

import attrs
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from dxrules import EngineError, Session
from dxrules.pattern import in_order
from profiles import examples
from session.kinds import START, STEP, Event, Holder, Ping, Thing
from session.model import Model, name_of
from session.rulebooks import rulebook

SEEDS = st.integers(0, 2**32 - 1)
KEYS = st.sampled_from(("a", "b", "c"))
MAYBE_KEYS = st.sampled_from(("a", "a", "b", "c", None))
NUMBERS = st.sampled_from((0, 1, 1, 2, None))
FLAGS = st.sampled_from((True, False, None))
COLOURS = st.sampled_from(("red", "red", "green", "blue", None))
STEPS = st.sampled_from((0, 0, 0, 1, 1, 2, -1, -3, 5, -9))
THINGS = st.builds(
    Thing,
    thing_id=KEYS,
    holder_id=MAYBE_KEYS,
    colour=COLOURS,
    n=NUMBERS,
    flag=FLAGS,
    since=st.sampled_from((None, dt.date(2026, 1, 2), dt.date(2026, 1, 5))),
)
HOLDERS = st.builds(Holder, holder_id=KEYS, n=NUMBERS)


class Machine(RuleBasedStateMachine):
    """A session and its model, driven side by side."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.session = None
        self.files = 0
        self.saving = None
        self.count = 0

    @initialize(
        seed=SEEDS, things=st.lists(THINGS, max_size=3, unique_by=lambda each: each.thing_id), early=st.booleans()
    )
    def begin(self, seed, things, early):
        self.rulebook, texts = rulebook(seed)
        for text in texts:
            note(text)
        self.session = Session(self.rulebook)
        self.model = Model(self.rulebook)
        self.state = {}
        if early:
            self.check(self.session.advance(START), self.let_pass(START))
        for thing in things:
            self.model.standing[name_of(thing)] = thing
            self.check(self.session.assert_fact(thing))

    def teardown(self):
        if self.session is not None:
            self.session.close()
        self.folder.cleanup()

    @rule(fact=st.one_of(THINGS, THINGS, HOLDERS))
    def put(self, fact):
        """Assert a fact, or update it where there is one with its key."""
        known = name_of(fact) in self.model.standing
        self.model.standing[name_of(fact)] = fact
        changes = (self.session.update if known else self.session.assert_fact)(fact)
        self.check(changes)

    @precondition(lambda self: self.model.standing)
    @rule(data=st.data())
    def retract(self, data):
        type_, key = data.draw(st.sampled_from(sorted(self.model.standing)))
        del self.model.standing[type_, key]
        self.check(self.session.retract(key, {"Thing": Thing, "Holder": Holder}[type_]))

    @rule(step=STEPS, colour=COLOURS, keys=st.tuples(MAYBE_KEYS, MAYBE_KEYS), n=NUMBERS, x=NUMBERS, due=STEPS)
    def post_event(self, step, colour, keys, n, x, due):
        at = self.time(step)
        after = None if n is None else at + due * STEP
        number = None if x is None else float(x)
        self.post(Event(event_id=self.next_id(), at=at, colour=colour, thing_id=keys[0], holder_id=keys[1],
                        n=n, x=number, due=after))  # fmt: skip

    @rule(step=STEPS, key=MAYBE_KEYS, flag=FLAGS)
    def post_ping(self, step, key, flag):
        self.post(Ping(ping_id=self.next_id(), at=self.time(step), thing_id=key, flag=flag))

    @precondition(lambda self: self.model.events)
    @rule(data=st.data())
    def repeat(self, data):
        """The same event again changes nothing; another with its key is refused while the first is held."""
        event = data.draw(
            st.sampled_from(sorted(self.model.events.values(), key=lambda each: (each.at, name_of(each))))
        )
        changes = self.session.post(event)
        assert changes.ignored is not None
        self.check(changes)
        if event in self.session.facts(type(event)):
            assert changes.ignored == "duplicate"
            other = attrs.evolve(event, at=event.at - dt.timedelta(seconds=1))
            with_error(lambda: self.session.post(other))
            self.check()

    @rule(step=st.sampled_from((0, 1, 1, 2, 4, 9)))
    def advance(self, step):
        now = self.time(step)
        self.check(self.session.advance(now), self.let_pass(now))

    @precondition(lambda self: self.saving is None)
    @rule()
    def save(self):
        self.files += 1
        self.saving = Path(self.folder.name) / f"{self.files}.session"
        self.session.save(self.saving)
        self.check()

    @precondition(lambda self: self.saving is not None)
    @rule(go_on=st.booleans())
    def restore(self, go_on):
        """From the file comes what was saved there."""
        self.session.close()
        self.session = Session.restore(self.saving, self.rulebook)
        if not go_on:
            self.session.close()
            copy, self.saving = self.saving, None
            self.session = Session.restore(copy, self.rulebook)
            self.saving = copy
        self.check()

    # The two compared

    def next_id(self):
        self.count += 1
        return f"{self.count:03}"

    def time(self, step):
        return (START if self.model.now is None else self.model.now) + step * STEP

    def let_pass(self, now):
        self.model.now = now

    def post(self, event):
        self.model.post(event)
        self.check(self.session.post(event))

    def check(self, changes=None, _=None):
        """Everything that the session says is what the model says."""
        before, self.state = self.state, self.model.state()
        assert self.session.now == self.model.now
        if changes is not None:
            assert changes.now == self.model.now
            assert told(changes.began) == in_rank(self.model, {k: v for k, v in self.state.items() if k not in before})
            assert told(changes.ended) == in_rank(self.model, {k: v for k, v in before.items() if k not in self.state})
        else:
            assert before == self.state
        found = self.model.found()
        for (type_, key), expected in self.model.decisions().items():
            decision = self.session.decision(key, {"Thing": Thing, "Holder": Holder}[type_])
            patterns = {
                rule: facts for (rule, of), facts in found.items() if (rule.about.fact_type.name, of) == (type_, key)
            }
            codes = [(in_order(rule), rule.name) for rule in patterns]
            own = {rule.name: in_order(rule) for rule in self.rulebook.rules if rule.fact_type.name == type_}
            codes += [(own[code], code) for code in expected.codes]
            assert decision.codes == tuple(code for _, code in sorted(codes))
            assert tuple(each.code for each in decision.outcomes) == decision.codes
            assert tuple(decision.undetermined) == tuple(expected.undetermined)
            assert {each.outcome.code: each.facts for each in decision.matched} == {
                rule.name: facts for rule, facts in patterns.items()
            }
            blocked = {rule.target for rule in patterns if rule.kind == "block"}
            for operation in self.rulebook.operations:
                assert (decision.verdict(operation) == "blocked") is (
                    operation in blocked or expected.verdict(operation) == "blocked"
                )
        held = self.session.facts()
        assert set(held) <= {*self.model.standing.values(), *self.model.events.values()}
        assert {name_of(each) for each in held if not hasattr(each, "at")} == set(self.model.standing)
        assert len(held) == len(self.session)


def told(changes):
    return [((each.fact_type, each.key, each.code), each.facts) for each in changes]


def in_rank(model, state):
    return sorted(state.items(), key=lambda item: (item[0][0], item[0][1], model.rank(item[0][0], item[0][2])))


def with_error(call):
    try:
        call()
    except EngineError:
        return
    raise AssertionError("it was not refused")


def test_a_session_says_what_deciding_from_scratch_says():
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=examples(ci=200, long=5_000), stateful_step_count=50)
    )


def test_decisions_with_outcomes_of_patterns_can_be_pickled():
    machine = Machine()
    assert pickle  # used below once a decision is at hand
    machine.teardown()
