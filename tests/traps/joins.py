"""Facts that durable-rules joins, and takes for one another."""

import datetime as dt
import itertools
import random

import dxrules
from dxrules.engines.rete.network import Join, Network, Pattern, Slot
from traps.base import Thing, decided, fails, joined, rulebook, trap


@trap
def joins_are_hashed():
    """Equality joins are right and quick for many facts; joins by range are not there to be asked for."""
    network = Network(joined("key"))
    for number in range(4_000):
        assert network.put(number, [("P", 0)], {"key": f"card-{number}"}) == []
    for number in range(0, 4_000, 7):
        (match,) = network.put(f"call-{number}", [("P", 1)], {"key": f"card-{number}"})
        assert match.ids == (number, f"call-{number}")
    assert network.put("other", [("P", 1)], {"key": "card-4000"}) == []


@trap
def products_explode():
    """300 facts by 300 others are 90,000 matches, made in a call that nothing interrupts."""
    fails(lambda: Network([Pattern("P", (Slot(), Slot()))]), "slot 1 joins nothing")
    key = (Join(("key",), 0, ("key",)),)
    network = Network([Pattern("P", (Slot(), Slot(key), Slot(key), Slot(key)))], max_matches=2_000)
    for number in range(300):
        network.put(number, [("P", 0)], {"key": 1})
    more = [(f"{place}{number}", [("P", place)], {"key": 1}) for number in range(300) for place in (1, 2)]
    fails(lambda: [network.put(*each) for each in more], "more than 2000 matches", "pattern `P`")
    before = len(network)
    fails(lambda: network.put("d", [("P", 3)], {"key": 1}), "more than 2000 matches")
    assert network.put("e", [("P", 3)], {"key": 2}) == []  # and goes on
    assert before + 1 == len(network) < 320
    few = Network(joined("key"), max_facts=3)
    for number in range(3):
        few.put(number, [("P", 0)], {"key": number})
    fails(lambda: few.put(3, [("P", 0)], {"key": 3}), "3 facts already")
    assert few.take(0)
    assert few.put(3, [("P", 1)], {"key": 1}) != []


@trap
def a_failing_comparison_reads_too_far():
    """A comparison inside `$and` that fails reads behind the list of comparisons (run with MALLOC_PERTURB_=165)."""
    slots = (Slot(), Slot((Join(("x", "y"), 0, ("x", "y")),)), Slot((Join(("y",), 1, ("y",)), Join(("x",), 0, ("x",)))))
    network = Network([Pattern("P", slots)])
    rng = random.Random(5)
    facts = {}
    found = set()
    for number in range(300):
        facts[number] = (number % 3, {"x": rng.choice("ab"), "y": rng.choice(["liquid", "costarring"])})
        found |= {match.ids for match in network.put(number, [("P", number % 3)], facts[number][1])}
        if number >= 12:
            assert network.take(number - 12)
    right = {
        (a, b, c)
        for a, b, c in itertools.product(*[[each for each in facts if each % 3 == place] for place in range(3)])
        if max(a, b, c) - min(a, b, c) < 12
        and facts[a][1] == facts[b][1]
        and facts[b][1]["y"] == facts[c][1]["y"]
        and facts[a][1]["x"] == facts[c][1]["x"]
    }
    assert found == right
    assert found


@trap
def retracting_after_a_match_reads_too_far():
    """Retracting the facts of a match that was handed out reads and may write behind its list (state.c:265)."""
    one = Pattern("ONE", (Slot(),))
    two = Pattern("TWO", (Slot(), Slot((Join(("key",), 0, ("key",)),))))
    network = Network([one, two])
    rng = random.Random(3)
    here = {}
    for number in range(6_000):
        if len(here) > 30 or (here and rng.random() < 0.4):
            gone = rng.choice(list(here))
            del here[gone]
            assert network.take(gone)
        place, key = rng.choice((0, 1)), rng.randrange(6)
        matches = network.put(number, [("ONE", 0), ("TWO", place)], {"key": key})
        others = [each for each, (where, what) in here.items() if where != place and what == key]
        pairs = [(each, number) if place else (number, each) for each in others]
        assert sorted(match.ids for match in matches if match.pattern == "TWO") == sorted(pairs)
        assert [match.ids for match in matches if match.pattern == "ONE"] == [(number,)]
        here[number] = (place, key)


@trap
def one_joins_text_and_null_joins_null():
    """1 joins "1", and null joins null."""
    network = Network(joined("key"))
    for number, value in enumerate([1, "1", None, "", "None", (1,), dt.date(2026, 1, 1), 2**70, "liquid"]):
        network.put(number, [("P", 0)], {"key": value})
    partners = {}
    for value in [1, "1", None, "", "None", (1,), dt.date(2026, 1, 1), 2**70, "liquid", "costarring", "null", 0]:
        partners[value] = [match.ids[0] for match in network.put(("b", value), [("P", 1)], {"key": value})]
    assert list(partners.values()) == [[0], [1], [], [3], [4], [5], [6], [7], [8], [], [], []]
    assert ("b", None) not in network


@trap
def a_fact_joins_itself():
    """Whether a fact is paired with itself is a setting: here no match has one fact twice."""
    network = Network(joined("key"))
    both = [("P", 0), ("P", 1)]
    assert network.put("a", both, {"key": 1}) == []
    assert [match.ids for match in network.put("b", both, {"key": 1})] == [("a", "b"), ("b", "a")]


@trap
def an_id_that_is_there_keeps_the_old_fact():
    """Asserting an id again returns 2 and keeps the old fact."""
    network = Network(joined("key"))
    network.put("a", [("P", 0)], {"key": 1})
    fails(lambda: network.put("a", [("P", 0)], {"key": 2}), "'a' already", "take it out first")
    assert network.put("b", [("P", 1)], {"key": 2}) == []
    assert network.take("a")
    assert [match.ids for match in network.put("a", [("P", 0)], {"key": 2})] == [("a", "b")]


@trap
def ids_collide():
    """Ids are 32-bit hashes: two facts are taken for one, the wrong one is retracted, and `sid-0` is taken."""
    network = Network(joined("key"))
    for name in ("liquid", "costarring", "sid-0", "warm", "f1", "f2"):
        assert network.put(name, [("P", 0)], {"key": name}) == []
    assert network.take("costarring")
    for name in ("liquid", "sid-0", "warm", "f1", "f2"):
        assert [match.ids for match in network.put(("b", name), [("P", 1)], {"key": name})] == [(name, ("b", name))]
    assert network.put(("b", "costarring"), [("P", 1)], {"key": "costarring"}) == []


@trap
def many_ids_collide():
    """Of 46,010 ids that it makes itself two are the same; random ones collide from 26,227."""
    network = Network(joined("key"))
    rng = random.Random(11)
    window = []
    for number in range(60_000):
        name = f"{rng.getrandbits(64):016x}"
        assert network.put(name, [("P", 0)], {"key": name}) == []
        window.append(name)
        if number >= 2_000:
            assert network.take(window[number - 2_000])
    assert len(network) == 2_000
    for name in window[-2_000::100]:
        assert [match.ids for match in network.put(("b", name), [("P", 1)], {"key": name})] == [(name, ("b", name))]


@trap
def facts_that_nothing_reads():
    """A fact that matches nothing is not stored, and asserting several of them fails half-way."""
    network = Network(joined("key"))
    assert network.put("a", [], {"key": 1}) == []
    assert network.put("b", [("P", 0)], {}) == []
    assert (len(network), "a" in network, network.take("a"), network.take("b")) == (0, False, False, False)
    fails(lambda: network.put("c", [("Q", 0)], {}), "no slot 0 of a pattern `Q`")
    many = dxrules.compile(rulebook(Thing, ["a == 1"]), "rete")
    assert [decided(many, Thing(each))[0] for each in (0, 1, 2, 1, None)] == [(), ("R0",), (), ("R0",), ()]
