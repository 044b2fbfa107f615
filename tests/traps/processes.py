"""Threads, processes, signals."""

import os
import pickle
import random
import signal
import sys
import threading
from pathlib import Path

import dxrules
from dxrules.engines.rete.network import Network
from traps.base import Thing, decided, fails, joined, rulebook, same, trap


@trap
def threads_share():
    """Shared by two threads without a lock, nearly half of the answers are wrong."""
    sys.setswitchinterval(1e-6)
    rules = rulebook(Thing, [f"b == {number % 3} and a > {number}" for number in range(150)])
    facts = [Thing(a, b) for a in (0, 40, 200, None) for b in (0, 1, 2)]
    reference, rete = (dxrules.compile(rules, name) for name in ("reference", "rete"))
    expected = [decided(reference, fact) for fact in facts]
    network = Network(joined("key"))
    wrong, errors = [], []

    def work(seed):
        rng = random.Random(seed)
        try:
            for turn in range(400):
                place = rng.randrange(len(facts))
                if decided(rete, facts[place]) != expected[place]:
                    wrong.append((seed, turn))
                key = (seed, turn)
                network.put((*key, 0), [("P", 0)], {"key": key})
                if [match.ids for match in network.put((*key, 1), [("P", 1)], {"key": key})] != [
                    ((*key, 0), (*key, 1))
                ]:
                    wrong.append(key)
                network.take((*key, turn % 2))
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert not errors
    assert len(network) == 1_600


@trap
def processes_fork():
    """Handles are numbers of a process. A child goes on with a copy, even where a thread of its parent was at work."""
    sys.setswitchinterval(1e-6)
    rules = rulebook(Thing, [f"a > {number}" for number in range(150)])
    rete = dxrules.compile(rules, "rete")
    network = Network(joined("key"))
    network.put("a", [("P", 0)], {"key": 1})
    stop = threading.Event()

    def work():
        turn = 0
        while not stop.is_set():
            decided(rete, Thing(turn % 200))
            network.put(turn, [("P", 1)], {"key": 0})
            network.take(turn)
            turn += 1

    thread = threading.Thread(target=work)
    thread.start()
    for number in range(20):
        child = os.fork()
        if not child:
            try:
                assert len(decided(rete, Thing(70))[0]) == 70
                assert [match.ids for match in network.put("b", [("P", 1)], {"key": 1})] == [("a", "b")]
                assert network.take("a")
                os._exit(number)
            finally:
                os._exit(99)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == number
    stop.set()
    thread.join()
    assert "a" in network
    assert len(decided(rete, Thing(70))[0]) == 70


@trap
def handles_are_pickled():
    """A handle that is pickled is another ruleset's in another process."""
    rete = dxrules.compile(rulebook(Thing, ["a == 1"]), "rete")
    fails(lambda: pickle.dumps(rete), "not pickled", "pickle its decisions")
    fails(lambda: pickle.dumps(Network(joined("key"))), "not pickled")


@trap
def a_handler_asks_in_the_middle():
    """A signal handler or a finaliser may ask what its own thread is in the middle of."""
    rules = rulebook(Thing, [f"a > {number}" for number in range(150)])
    rete = dxrules.compile(rules, "rete")
    network = Network(joined("key"))
    seen = []

    def ask(*_):
        seen.append(len(decided(rete, Thing(70))[0]))
        try:
            network.put(("handler", len(seen)), [("P", 0)], {"key": "handler"})
        except dxrules.EngineError as error:
            assert "while it was at work" in str(error)  # noqa: PT017  # it may go well, too
        signal.setitimer(signal.ITIMER_REAL, 0.001 if going else 0)

    going = True
    signal.signal(signal.SIGALRM, ask)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    for turn in range(3_000):
        assert len(decided(rete, Thing(turn % 200))[0]) == min(150, turn % 200)
        network.put(turn, [("P", 1)], {"key": turn})
        network.take(turn)
    going = False
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert len(seen) > 10
    assert set(seen) == {70}


@trap
def a_host_starts_threads():
    """A Host has two threads that wake up 200 times a second, and timers that fire early."""
    before = threading.enumerate()
    same(rulebook(Thing, ["a == 1"]), [Thing(1)])
    Network(joined("key")).put("a", [("P", 0)], {"key": 1})
    assert threading.enumerate() == before
    threads = Path("/proc/self/task")
    assert not threads.is_dir() or len(list(threads.iterdir())) == 1
