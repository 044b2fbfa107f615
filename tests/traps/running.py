"""Rules that durable-rules takes otherwise than they are meant, and states in which it is left."""

import builtins
import gc
import random
import signal
import sys
from enum import StrEnum
from unittest import mock

import attrs

import dxrules
from dxrules.engines.rete import module
from dxrules.engines.rete.network import Network
from traps.base import Thing, decided, joined, resident, rulebook, same, trap


@trap
def an_error_leaves_the_fact_behind():
    """After error 303 the fact stays, and the next one reports its rules."""
    rules = rulebook(Thing, ["c == 1", *[f"b == 1 and a > {number}" for number in range(200)]])
    facts = [Thing(99, 1, 1), Thing(0, 0, 0), Thing(0, 1, 1), Thing(10**400, 1, 1), Thing(0, 0, 0), Thing("x", 1, 1)]
    assert [len(found[0]) for found in same(rules, [*facts, Thing(0, 0, 0)])] == [100, 0, 1, 201, 0, 1, 0]


@trap
def an_event_fires_one_rule():
    """Only one rule fires on an event, which is gone then. Facts are asserted, and every rule fires."""
    assert same(rulebook(Thing, ["a == 1", "a > 0", "a < 2", "a != 5"]), [Thing(1)]) == [(("R0", "R1", "R2", "R3"), ())]


class Interrupted(BaseException):
    """What a handler of a signal raises, as Ctrl-C does."""


@trap
def interrupts_are_swallowed():
    """An exception in an action, even of Ctrl-C, is swallowed and sticks. Without actions, Ctrl-C comes through."""
    rules = rulebook(Thing, [f"b == {number % 3} and a > {number}" for number in range(150)])
    reference, rete = (dxrules.compile(rules, name) for name in ("reference", "rete"))
    facts = [Thing(a, b) for a in (0, 40, 200) for b in (0, 1, None)]
    expected = [decided(reference, fact) for fact in facts]
    network, here = Network(joined("key")), set()
    rng = random.Random(1)
    interrupts = 0

    def interrupt(*_):
        raise Interrupted

    signal.signal(signal.SIGALRM, interrupt)
    for turn in range(600):
        try:
            signal.setitimer(signal.ITIMER_REAL, rng.uniform(0.00002, 0.002))
            for fact, right in zip(facts, expected, strict=True):
                assert decided(rete, fact) == right
            network.put(turn, [("P", turn % 2)], {"key": turn % 5})
            network.take(turn - 3)
        except Interrupted:
            interrupts += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        here = {each for each in range(turn + 1) if each in network}
        matches = {match.ids for match in network.put("new", [("P", 1)], {"key": turn % 5})}
        assert matches == {(each, "new") for each in here if each % 2 == 0 and each % 5 == turn % 5}
        assert network.take("new")
    assert interrupts > 100, interrupts


@trap
def an_action_left_open_locks_for_a_minute():
    """Whoever starts an action and does not complete it gets nothing for 60 seconds."""
    rules = rulebook(Thing, ["a == 1", "b == 1"])
    rete = dxrules.compile(rules, "rete")
    network = Network(joined("key"))
    network.put(1, [("P", 0)], {"key": 1})
    assert decided(rete, Thing(1, 1)) == (("R0", "R1"), ())
    real = module.durable_rules()

    class Broken:
        def __getattr__(self, name):
            return getattr(real, name)

        def complete_and_start_action(self, *_):
            raise KeyboardInterrupt

    def interrupted(call):
        try:
            call()
        except KeyboardInterrupt:
            return
        raise AssertionError("no interrupt")

    for ruleset in [part.ruleset for part in next(iter(rete._programs.values())).true._parts]:
        with mock.patch.object(ruleset, "_module", Broken()):
            interrupted(lambda: rete.evaluate(Thing(1, 1)))
    with mock.patch.object(network._shards[0]._ruleset, "_module", Broken()):
        interrupted(lambda: network.put(2, [("P", 1)], {"key": 1}))
    assert decided(rete, Thing(1, 1)) == (("R0", "R1"), ())
    assert decided(rete, Thing(0, 1)) == (("R1",), ())
    assert [match.ids for match in network.put(3, [("P", 1)], {"key": 1})] == [(1, 3)]


@trap
def memory_is_freed_twice_or_never():
    """Freeing a ruleset in which nothing fired yet crashes; not freeing its state leaks 190 KB for ten rules."""
    rules = rulebook(Thing, [f"a == {number}" for number in range(50)])
    before = 0
    for turn in range(400):
        rete = dxrules.compile(rules, "rete")
        decided(rete, Thing(a=None if turn % 3 else -1))
        if turn % 3 == 2:
            decided(rete, Thing(a=7))
        del rete
        gc.collect()
        if turn == 100:
            before = resident()
    assert resident() - before < 8_000, (before, resident())


@trap
def long_ids_and_nested_brackets_crash():
    """An id of 8 MB, or 100,000 brackets inside one another, end the process."""

    @attrs.frozen
    class Card:
        id: str
        note: str | None = None

    rules = rulebook(Card, ['id == "a"', 'note == "["', 'note != "["'])
    same(rules, [Card("x" * 8_000_000), Card("a", "[" * 100_000), Card("a", "{" * 60_000), Card("[", "[")])
    network = Network(joined("key"))
    assert network.put("x" * 8_000_000, [("P", 0)], {"key": "[" * 8_000_000}) == []
    assert len(network.put("[" * 8_000_000, [("P", 1)], {"key": "[" * 8_000_000})) == 1


@trap
def python_conditions_lose_a_part():
    """In its Python language `(m.a == 1) and (m.b == 2)` and `1 < m.a < 5` drop a part; `import *` shadows `all`."""
    rules = rulebook(Thing, ["a == 1 and b == 2", "1 < a < 5", "a == 1 or b == 2", "not a == 1"])
    found = same(rules, [Thing(1, 2), Thing(1, 3), Thing(2, 2), Thing(9, 9)])
    assert [codes for codes, _ in found] == [("R0", "R2"), ("R2",), ("R1", "R2", "R3"), ("R3",)]
    assert (all, any) == (builtins.all, builtins.any)
    assert not {"durable", "durable.lang", "durable.engine"} & set(sys.modules)


class Status(StrEnum):
    NEW = "new"
    ACTIVE = "active"


@trap
def an_illegal_event_stays_pending():
    """In a statechart an event that is not allowed stays pending. There are none: a fact is decided and gone."""

    @attrs.frozen
    class Card:
        status: Status | None = None
        approved: bool | None = None

    rules = rulebook(Card, ['status == "active" and approved', 'status != "new"', 'status in ("new", "active")'])
    same(rules, [Card(Status.ACTIVE, True), Card(Status.NEW), Card(Status.ACTIVE, False), Card("active"), Card("gone")])
