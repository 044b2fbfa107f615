"""Values that durable-rules compares wrongly."""

import datetime as dt
import itertools
import math
from typing import Literal

import attrs

from traps.base import Thing, refused, rulebook, same, trap


@trap
def context_facts_match_too():
    """durable-rules asserts a fact of its own, with `id`, `sid` and `$s`, which matches what is tested as missing."""

    @attrs.frozen
    class Odd:
        id: str | None = None
        sid: str | None = None
        m: int | None = None
        f: int | None = None
        p0: int | None = None

    rules = rulebook(
        Odd, ["id is None", "sid is not None", 'id == "f"', 'sid != "0"', "m == 1", "not (f == 1)", "p0 is None"]
    )
    facts = [Odd(), Odd("f", "0"), Odd("g", "1", 1, 1, 1), Odd(m=0, f=0)]
    assert same(rules, facts)[1] == (("R1", "R2", "R6"), ("R4", "R5"))


@trap
def text_and_numbers_are_compared():
    """`'5' == 5` and `'' == 5` hold or not by what ran before."""
    rules = rulebook(Thing, ["a == 5", 'text == "5"', "a != 5", 'text == ""'])
    found = same(rules, [Thing("5"), Thing(""), Thing(5, text="5"), Thing(5, text=5), Thing(0, text="")])
    assert found[:4] == ["FactError", "FactError", (("R0", "R1"), ()), "FactError"]


@trap
def numbers_and_truth_values_are_compared():
    """`1 == true`, `"true" == true`, `false == 0` hold."""
    rules = rulebook(Thing, ["on", "a == 1", 'text == "true"'])
    found = same(rules, [Thing(on=1), Thing(on="true"), Thing(a=True), Thing(a=1, on=True, text="true")])
    assert found == ["FactError", "FactError", "FactError", (("R0", "R1", "R2"), ())]


@trap
def length_is_cut_to_16_bits():
    """A text of 65,539 bytes that begins with `abc` equals `abc`."""
    rules = rulebook(Thing, ['text == "abc"', 'text != "abc"', "text == long"], {"long": "x" * 70_000})
    texts = ["abc", "abc" + "x" * 65_536, "挂" * 30_000, "x" * 65_535, "x" * 65_536, "x" * 70_000, "\0" * 11_000]
    found = same(rules, [Thing(text=each) for each in texts])
    assert [codes for codes, _ in found] == [("R0",), *[("R1",)] * 4, ("R1", "R2"), ("R1",)]


@trap
def text_is_ordered_wrongly():
    """`'abc' < 'abc!'` does not hold. Text cannot be ordered in our rules; dates are, by number."""
    assert refused(Thing, 'text < "abc!"')
    rules = rulebook(Thing, ['day < "2026-01-10"', 'day >= "0001-01-01"', 'time <= "2026-01-10T00:00:00.000001"'])
    days = [dt.date.min, dt.date(999, 12, 31), dt.date(2026, 1, 9), dt.date(2026, 1, 10), dt.date.max]
    times = [dt.datetime(1, 1, 1), dt.datetime(2026, 1, 10, microsecond=1), dt.datetime(2026, 1, 10, microsecond=2)]
    same(
        rules,
        [Thing(day=each) for each in days]
        + [Thing(time=each) for each in [*times, dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)]],
    )


@trap
def large_numbers_are_clamped():
    """2^63 equals 2^63 - 1, and 2^53 + 1 equals the float 2^53."""
    most = 2**53 - 1
    rules = rulebook(
        Thing,
        [f"a == {most}", f"a > {most}", f"a < -{most}", "size == 9007199254740992.0", "a + a > 0", f"a == {2**63 - 1}"],
    )
    whole = [most, most + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**400]
    found = same(rules, [Thing(each) for each in whole] + [Thing(size=2.0**53), Thing(size=2**53 + 1)])
    assert found[0][0] == ("R0", "R4")
    assert found[2][0] == ("R1", "R4", "R5")
    assert found[3][0] == ("R1", "R4")


@trap
def floats_are_not_read():
    """`1e-09` and `1e+22` are error 204, NaN is null."""
    rules = rulebook(Thing, ["size > 0", "size == 1e22", "size < 0.000000001", "size * 0.1 == 0.1"])
    same(rules, [Thing(size=each) for each in (1e-9, 9e-10, 1e22, -0.0, 0.0, 1.0, math.nan, math.inf, 5e-324, 3)])


@trap
def unequal_is_false_for_what_is_missing():
    """`$neq` is false on null: in our rules it is unknown."""
    rules = rulebook(Thing, ["a != 5", "not (a == 5)", "a is None", "a != 5 and not (a != 5)"])
    assert same(rules, [Thing()]) == [(("R2",), ("R0", "R1", "R3"))]


@trap
def division_kills_the_process():
    """Division by zero is a signal, 7/2 is 3, products wrap. Our rules do not divide, and products do not wrap."""
    for operator in ("/", "//", "%"):
        assert refused(Thing, f"a {operator} b > 1")
    rules = rulebook(Thing, ["a * 1024 > 0", "a + b < 0", "-a > b"])
    same(rules, [Thing(a, b) for a in (2**53 - 1, -(2**53) + 1, 0) for b in (2**53 - 1, 0, None)])


@trap
def alternatives_multiply():
    """`or` reports a rule once for each branch: ten of three are 59,049 matches of one rule."""
    groups = " and ".join(f"(a > {number} or b > {number} or c > {number})" for number in range(10))
    rules = rulebook(Thing, [groups, f"not ({groups})", "a == 1 or b == 1", "a > 0 or a > 1 or a > 2"])
    found = same(rules, [Thing(50, 50, 50), Thing(1, 1, 1), Thing(50), Thing(None, 50, None)])
    assert found[0] == (("R0", "R3"), ())


@trap
def empty_conditions_match_everything():
    """An empty `$and` matches everything, and a second key is ignored: neither can be written."""
    for condition in ([], {}, {"all": []}, {"any": []}, {"all": ["a == 1"], "every": ["b == 1"]}):
        assert refused(Thing, condition)
    found = same(rulebook(Thing, [{"all": ["a == 1"], "none": ["b == 2"]}]), [Thing(1, 2), Thing(2, 3), Thing(1, 3)])
    assert [codes for codes, _ in found] == [(), (), ("R0",)]


@trap
def patterns_are_not_found():
    """Regular expressions miss matches: prefixes are found in Python."""
    prefixes = [".?[^a]", "%", "a(", "", "挂", "\\"]
    rules = rulebook(Thing, [f"text.startswith({each!r})" for each in prefixes])
    same(rules, [Thing(text=each + more) for each in prefixes for more in ("", "c", "ac")])


@trap
def lists_are_searched_wrongly():
    """`$iany` and `$iall` miss or are false on []: members of sets are looked up in Python."""

    @attrs.frozen
    class Holder:
        papers: frozenset[Literal["id", "card", "photo"]] | None = None

    rules = rulebook(Holder, ['"id" in papers', '"card" not in papers', "len(papers) == 0", "papers is None"])
    sets = [frozenset(each) for count in range(4) for each in itertools.combinations(("id", "card", "photo"), count)]
    same(rules, [Holder(), *map(Holder, sets)])


@trap
def names_collide():
    """A rule on `liquid` fires on `costarring`: their 32-bit hashes are the same."""

    @attrs.frozen
    class Film:
        liquid: int | None = None
        costarring: int | None = None

    rules = rulebook(Film, ["liquid == 1", "costarring == 1", "liquid == costarring"])
    assert same(rules, [Film(1, 0), Film(0, 1), Film(None, 1), Film(1, None)]) == [
        (("R0",), ()), (("R1",), ()), (("R1",), ("R0", "R2")), (("R0",), ("R1", "R2")),
    ]  # fmt: skip


@trap
def written_text_is_compared():
    """The text as it is written is compared, so `\\u6302` differs from 挂."""
    texts = [
        "挂",
        "\\u6302",
        '"',
        "\\",
        '\\"',
        "'",
        "\n",
        "\0",
        "\u2028",
        "😀",
        "é",
        "e\u0301",
        "",
        " ",
        "}",
        '","p0":1',
    ]
    rules = rulebook(Thing, [f"text == {each!r}" for each in texts])
    found = same(rules, [Thing(text=each) for each in [*texts, "\ud800", "x\udc80"]])
    assert [codes for codes, _ in found] == [*[(f"R{place}",) for place in range(len(texts))], (), ()]
