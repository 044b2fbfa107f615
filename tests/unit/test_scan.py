"""The words of a condition, and what is reported before any parser sees them."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxrules.language.scan import MAX_DEPTH, MAX_LENGTH, cut, scan
from profiles import examples


def words(text):
    tokens, flaws = scan(text)
    assert flaws == []
    return [token.text for token in tokens]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lost", ["lost"]),
        ("  not\tlost\r\n ", ["not", "lost"]),
        ('request.stage=="draft"', ["request", ".", "stage", "==", '"draft"']),
        ("a<=1.5e-3*-b", ["a", "<=", "1.5e-3", "*", "-", "b"]),
        ("x in ('it\\'s', \"a#b\",)", ["x", "in", "(", "'it\\'s'", ",", '"a#b"', ",", ")"]),
        ("欠费 is not None", ["欠费", "is", "not", "None"]),
        ("0x1F + 1_000 - .5 - 1.", ["0x1F", "+", "1_000", "-", ".5", "-", "1."]),
        ("10-5-a", ["10", "-", "5", "-", "a"]),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


def test_tokens_know_their_places():
    text = " 欠费\n  and (lost)"
    for token in scan(text)[0]:
        assert text[token.start : token.end] == token.text


# text; code; the stretch that is underlined; message; help
FLAWS = [
    ("", "condition/empty", "", "the condition is empty", None),
    (" \n", "condition/empty", " \n", "the condition is empty", None),
    ("a && b", "condition/character", "&&", "`&&` is not part of conditions", "write `and`"),
    ("a === b", "condition/character", "===", "`===` is not part of conditions", "write `==`"),
    ("a <> b", "condition/character", "<>", "`<>` is not part of conditions", "write `!=`"),
    ("a => 1", "condition/character", "=>", "`=>` is not part of conditions", "write `>=`"),
    ("a =< 1", "condition/character", "=<", "`=<` is not part of conditions", "write `<=`"),
    ("a ≤ 1", "condition/character", "≤", "`≤` is not part of conditions", "write `<=`"),
    ("a ＞ １０", "condition/character", "＞", "`＞` is not part of conditions", "write the half-width `>`"),
    ("a\u3000and b", "condition/character", "\u3000", "the character U+3000 is not part of conditions",
     "write an ordinary space"),
    ("a\x00", "condition/character", "\x00", "the character U+0000 is not part of conditions", None),
    ("a == “b”", "condition/character", "“b”", "`“b”` is not in quotes that conditions know", 'write `"b"`'),
    ("a == `b`", "condition/character", "`b`", "a backtick is no quote", 'write `"b"`'),
    ("ｌｏｓｔ", "condition/character", "ｌｏｓｔ", "`ｌｏｓｔ` is not written in plain letters", "write `lost`"),
    ("x² > 1", "condition/character", "x²", "`x²` is not written in plain letters", "write `x2`"),
    ("a in [1]", "condition/character", "[", "`[` is not part of conditions",
     'a list of values is written with round brackets: `("a", "b")`'),
    ("a == 'b", "condition/text", "'", "the text that starts here is not closed",
     "end it with the same quote; to hold a quote, put the other kind around it"),
    ('a == "b\nc"', "condition/text", '"', "the text that starts here is not closed",
     "end it with the same quote; to hold a quote, put the other kind around it"),
    ('a == "\\d"', "condition/escape", "\\d", "`\\d` means nothing in a text", "write `\\\\` for a backslash"),
    ('a == "\\ud800"', "condition/escape", "\\ud800", "`\\ud800` means nothing in a text",
     "write `\\\\` for a backslash"),
    ("a == 2026-01-31", "condition/syntax", "2026-01-31", "`2026-01-31` is not a number",
     'a date is written in quotes: `"2026-01-31"`'),
    ("a > 1.2.3", "condition/syntax", "1.2.3", "`1.2.3` is not a number", None),
    ("a > 1__0", "condition/syntax", "1__0", "`1__0` is not a number", None),
    ("a > 0b1", "condition/syntax", "0b1", "`0b1` is not a number", None),
    ("a > 5and b", "condition/syntax", "5and", "`5and` is not a number", None),
    ("a > 012", "condition/syntax", "012", "`012` starts with a zero", "leave the zero out"),
    ("a if b else c", "condition/not-allowed", "if", "`if` is not a word of conditions",
     "conditions are joined by `and`, `or` and `not`"),
    ("a and (b", "condition/bracket", "(", "this `(` is not closed", "add a `)`"),
    ("a) and b", "condition/bracket", ")", "this `)` closes nothing", "delete it"),
    ("and a", "condition/syntax", "and", "something is missing before `and`", None),
    ("a and", "condition/syntax", "and", "something is missing after `and`", None),
    ("a is  not", "condition/syntax", "is  not", "something is missing after `is not`", None),
    ("a and or b", "condition/syntax", "or", "something is missing between `and` and `or`", None),
    ("a or (b > )", "condition/syntax", ")", "something is missing between `>` and `)`", None),
    ("a b", "condition/syntax", "b", "a word such as `and` is missing between `a` and `b`", None),
    ("(a AND b)", "condition/syntax", "AND", "`AND` cannot stand here", "write `and`"),
    ("NOT a", "condition/syntax", "NOT", "`NOT` cannot stand here", "write `not`"),
    ("a 且 b", "condition/syntax", "且", "`且` cannot stand here", "write `and`"),
    ("a == not b", "condition/syntax", "not", "`not` cannot follow `==`",
     "put brackets around `not` and what it belongs to"),
    ("a not b", "condition/syntax", "not", "`not` cannot stand here", "write `and not`, `not in` or `is not`"),
    ("a in ('b' 'c')", "condition/syntax", "'b' 'c'", "a comma is missing between `'b'` and `'c'`",
     "put a comma between the two"),
    ("a in 'b', 'c'", "condition/syntax", ",", "this comma stands outside brackets",
     'a list of values is written with round brackets: `("a", "b")`'),
    ("a == f'b'", "condition/syntax", "f", "`f` stands right before a text", "take it out"),
    ("a..b", "condition/syntax", ".", "a name is missing after `.`", None),
    ("a.None", "condition/syntax", "None", "a name is missing after `.`", None),
    ("1 .real", "condition/syntax", ".", "`.` cannot stand here", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "place", "message", "help_"), FLAWS, ids=[row[0] for row in FLAWS])
def test_flaws(text, code, place, message, help_):
    flaw = scan(text)[1][0]
    assert (flaw.code, text[flaw.start : flaw.end], flaw.message, flaw.help) == (code, place, message, help_)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a in ['b', 'c']", 1),  # not one for each bracket
        ("a ＝＝ b", 1),
        ("a == “b”", 1),
        ("a // b", 1),
        ("lambda: 1", 1),  # the rest is Python
        ("a # b's & c", 1),
        ("a = b & c", 2),
        ("((a", 1),
    ],
)
def test_one_mistake_is_one_flaw(text, count):
    assert len(scan(text)[1]) == count


def test_length():
    assert words("a" * MAX_LENGTH) == ["a" * MAX_LENGTH]
    flaw = scan("a" * (MAX_LENGTH + 1))[1][0]
    assert (flaw.code, flaw.message) == ("condition/too-long", "the condition has 8001 characters; 8000 are allowed")


@pytest.mark.parametrize("inside", ["(", "not ", "-", "(not ", "not (-("])
def test_depth(inside):
    def nested(count):
        return inside * count + "a" + ")" * (inside.count("(") * count)

    step = sum(inside.count(each) for each in ("(", "not", "-"))
    assert not any(flaw.code == "condition/too-deep" for flaw in scan(nested(MAX_DEPTH // step))[1])
    assert scan(nested(MAX_DEPTH // step + 1))[1][0].code == "condition/too-deep"


def test_at_least_what_is_promised():
    assert MAX_LENGTH >= 4_000
    assert MAX_DEPTH >= 50


def test_subtraction_is_no_depth():
    assert scan("1" + " - 1" * 500)[1] == []


def test_cut():
    assert cut("a\n  b") == "a b"
    assert len(cut("x" * 1_000)) == 60


SOUP = [
    "a", "lost", "not", "and", "or", "in", "is", "None", "True", "(", ")", ",", ".", "+", "-", "*", "==", "<", "!=",
    "1", "1.5", '"a"', "'b'", "f", "len", "AND", "if", "[", "=", "&&", "＝", "\n", "\\",
]  # fmt: skip


@settings(max_examples=examples(ci=1_000, long=50_000))
@given(st.lists(st.sampled_from(SOUP), max_size=12), st.sampled_from(["", " "]))
def test_what_the_scan_lets_through_is_python(pieces, joint):
    """The flaws of the scan are all that the parser would complain of."""
    text = joint.join(pieces)
    tokens, flaws = scan(text)
    for flaw in flaws:
        assert 0 <= flaw.start <= flaw.end <= len(text)
    if not flaws:
        ast.parse(" ".join(text.split()), mode="eval")
        assert tokens


@settings(max_examples=examples(ci=500, long=20_000))
@given(st.text(max_size=60))
def test_any_text(text):
    if not scan(text)[1]:
        ast.parse(" ".join(text.split()), mode="eval")
