"""Text in columns, and the places of ordered values."""

import datetime as dt
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxrules.explain.ordinals import ordinal, tidy, value_at
from dxrules.layout import columns, pad, printable, wrap

TEXTS = st.text(alphabet="ab 欠费，。（）“”：é\u0301")


@given(TEXTS, st.integers(1, 40))
def test_wrapping_loses_nothing_but_blanks(text, width):
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line == line.rstrip() for line in lines)


@given(st.text(alphabet="欠费未知"), st.integers(2, 40))
def test_chinese_is_broken_anywhere(text, width):
    assert all(columns(line) <= width for line in wrap(text, width))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two", ["one", "two"]),
        ("onetwothree", ["onetwothree"]),
        ("欠费，结清", ["欠", "费，", "结清"]),
        ("（欠费）", ["（欠", "费）"]),
    ],
)
def test_marks_stay_with_what_they_belong_to(text, lines):
    assert wrap(text, 5) == lines or wrap(text, 4) == lines


def test_columns():
    assert (columns("ab"), columns("欠费"), columns("e\u0301"), pad("欠", 4)) == (2, 4, 1, "欠  ")
    assert printable("a\nb\x1b[2J") == "a b\ufffd[2J"


FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE, FINITE)
def test_floats_have_places_in_their_order(one, two):
    assert (ordinal(one) < ordinal(two)) == (one < two)
    assert value_at("float", ordinal(one)) == one
    assert struct.pack("<d", value_at("float", ordinal(one) + 1)) != struct.pack("<d", one)


@given(st.datetimes(), st.datetimes())
def test_datetimes_have_places_in_their_order(one, two):
    assert (ordinal(one) < ordinal(two)) == (one < two)
    assert value_at("datetime", ordinal(one)) == one
    assert value_at("date", ordinal(one.date())) == one.date()


@given(st.sampled_from(["int", "float", "date", "datetime"]), st.data())
def test_a_tidy_value_lies_within_its_bounds(kind, data):
    values = {"int": st.integers(-(2**53), 2**53), "float": FINITE, "date": st.dates(), "datetime": st.datetimes()}[
        kind
    ]
    low, high = sorted([ordinal(data.draw(values)), ordinal(data.draw(values))])
    found = tidy(kind, low, high, ordinal(data.draw(values)))
    assert low <= ordinal(found) <= high
    assert type(found) is type(value_at(kind, low))


def test_a_tidy_value_is_not_needlessly_fine():
    noon = dt.datetime(2026, 1, 15, 12)
    start = ordinal(noon) + 1
    assert tidy("datetime", start, start + 10**9, 0) == noon + dt.timedelta(minutes=1)
    assert tidy("datetime", start, start + 5, 0) == noon + dt.timedelta(microseconds=1)
    assert tidy("float", ordinal(1e300), ordinal(1.7e308), 0) == 1e300
    assert tidy("float", ordinal(0.1234567), ordinal(0.1234569), 0) == 0.1234567
