"""YAML text to nodes: what is read, and what is refused in which words."""

import math
import random
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxrules.language import reader
from dxrules.language.nodes import Mapping, Scalar, Sequence, resolve
from dxrules.source import Source

PARSERS = [reader._PARSER, reader._PurePythonParser]
SAMPLE = """\
# a pack
rulebook: cancellation
facts: Card
parameters: {idle_days: 90, "limit": 0x1F}
define:
  wants_cancel: intent == "cancel"
rules:
  ARREARS_UNPAID:
    when:
      - wants_cancel and
        arrears_fen > 0
      - '"id_card" in materials'
    block: cancel
    message:
      en: "{arrears_fen:yuan} is \\"outstanding\\"."
      zh: |-
        欠费{arrears_fen:yuan}，
        结清前不能注销。
    source: [S11, S16]
    valid: {from: 2024-09-12}
"""


@contextmanager
def using(parser):
    before = reader._PARSER
    reader._PARSER = parser
    try:
        yield
    finally:
        reader._PARSER = before


def read(text, parser=None):
    with using(parser or reader._PARSER):
        return reader.read(Source("a.yaml", text))


def plain(node):
    """A node as ordinary data."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def shape(node):
    """A node with everything that it knows."""
    if node is None:
        return None
    own = (type(node).__name__, node.start, node.end)
    if isinstance(node, Scalar):
        return (*own, node.text, node.style, repr(node.value), node.cut_by_comment)
    if isinstance(node, Sequence):
        return (*own, node.flow, [shape(item) for item in node.items])
    return (*own, node.flow, [(shape(key), shape(value)) for key, value in node.entries])


def codes(text):
    return [each.code for each in read(text)[1]]


def report(text):
    return "\n".join(str(each) for each in read(text)[1])


@pytest.mark.parametrize("parser", PARSERS)
def test_a_rule_file(parser):
    node, mistakes = read(SAMPLE, parser)
    assert mistakes == []
    assert plain(node) == {
        "rulebook": "cancellation",
        "facts": "Card",
        "parameters": {"idle_days": 90, "limit": 31},
        "define": {"wants_cancel": 'intent == "cancel"'},
        "rules": {
            "ARREARS_UNPAID": {
                "when": ["wants_cancel and arrears_fen > 0", '"id_card" in materials'],
                "block": "cancel",
                "message": {
                    "en": '{arrears_fen:yuan} is "outstanding".',
                    "zh": "欠费{arrears_fen:yuan}，\n结清前不能注销。",
                },
                "source": ["S11", "S16"],
                "valid": {"from": "2024-09-12"},
            }
        },
    }


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_both_parsers_read_the_same(line_break):
    text = SAMPLE.replace("\n", line_break)
    assert shape(read(text, PARSERS[0])[0]) == shape(read(text, PARSERS[1])[0])


def test_the_fast_parser_is_there():
    assert PARSERS[0] is not PARSERS[1]


def test_spans():
    text = "欠费: \U0001f600x\nlist:\n- a\n-  'b'\n\n# comment\nflow: [c, {d: e}]\nempty:\nlast: |\n  f\n"
    node, _ = read(text)

    def written(node):
        return text[node.span.start : node.span.end]

    entries = {key.text: value for key, value in node.entries}
    assert [written(key) for key, _ in node.entries] == ["欠费", "list", "flow", "empty", "last"]
    assert written(entries["欠费"]) == "\U0001f600x"
    assert written(entries["list"]) == "- a\n-  'b'"
    assert [written(item) for item in entries["list"].items] == ["a", "'b'"]
    assert written(entries["flow"]) == "[c, {d: e}]"
    assert written(entries["flow"].items[1]) == "{d: e}"
    assert (entries["list"].flow, entries["flow"].flow, node.flow) == (False, True, False)
    assert written(entries["empty"]) == ""
    assert written(entries["last"]) == "|\n  f\n"
    assert written(node) == text


@pytest.mark.parametrize("parser", PARSERS)
def test_a_byte_order_mark_in_the_text_keeps_positions(parser):
    node, mistakes = read("\ufeffa: b", parser)
    assert mistakes == []
    key, value = node.entries[0]
    assert (key.text, value.text, value.span.start) == ("a", "b", 3)
    assert value.source.text == "a: b"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nUll", "nUll"),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("tRue", "tRue"), ("yes", "yes"), ("no", "no"), ("on", "on"), ("Off", "Off"), ("y", "y"),
        ("0", 0), ("-1", -1), ("+12", 12), ("007", 7), ("0o17", 15), ("0x1F", 31), ("0xfF", 255),
        ("-0x1F", "-0x1F"), ("0o8", "0o8"), ("0b11", "0b11"), ("1_000", "1_000"), ("0X1F", "0X1F"),
        ("1.5", 1.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0), ("+1.5E-3", 0.0015), (".", "."),
        ("1.2.3", "1.2.3"), ("e3", "e3"), ("-", "-"), ("+", "+"), ("1e", "1e"), ("--1", "--1"),
        (".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf), ("inf", "inf"), (".iNf", ".iNf"),
        ("2024-09-12", "2024-09-12"), ("2026-13-01", "2026-13-01"), ("12:30:45", "12:30:45"),
        ("1 ", "1 "), ("1\n", "1\n"), ("\u0661\u0662", "\u0661\u0662"), ("<<", "<<"), ("=", "="),
        ("9" * 400, int("9" * 400)), ("9" * 401, "9" * 401), ("9" * 100_000, "9" * 100_000),
        ("0x" + "f" * 5000, "0x" + "f" * 5000),
    ],
)  # fmt: skip
def test_plain_scalars_follow_yaml_1_2(text, value):
    found = resolve(text)
    assert (found, type(found)) == (value, type(value))


def test_not_a_number():
    assert all(math.isnan(resolve(text)) for text in (".nan", ".NaN", ".NAN"))
    assert resolve(".Nan") == ".Nan"


@pytest.mark.parametrize("text", ["'true'", '"1"', "|\n  1", ">-\n  null", "''"])
def test_quoted_and_block_scalars_are_text(text):
    value = read(f"a: {text}")[0].entries[0][1]
    assert isinstance(value.value, str)
    assert not value.plain


def test_huge_numbers_neither_raise_nor_hang():
    node, mistakes = read(f"a: {'7' * 1_000_000}\nb: 1{'0' * 5000}.5\nc: 0x{'f' * 9999}")
    assert mistakes == []
    assert all(isinstance(value.value, str) for _, value in node.entries)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("a: x #y", True), ("a: x\t# y", True), ("a: x#y", False), ("a: x\n# y", False),
        ("a: 'x' # y", False),
        ("a: |\n  x # y", False), ("a: # y", True), ("a: [x # y\n  ]", True), ("a: x\n   y # z", True),
        ("a: x", False), ("a: x  \n", False),
    ],
)  # fmt: skip
def test_text_cut_by_a_comment(text, cut):
    value = read(text)[0].entries[0][1]
    value = value.items[0] if isinstance(value, Sequence) else value
    assert value.cut_by_comment is cut


def test_merge_keys_are_ordinary_keys():
    assert plain(read("<<: {a: 1}\nb: 2")[0]) == {"<<": {"a": 1}, "b": 2}


def test_a_document_start_and_a_version_are_allowed():
    assert plain(read("%YAML 1.2\n---\na: 1\n...\n")[0]) == {"a": 1}


# The traps: the whole text of what a person sees.

REPORTS = {
    "a condition that begins with a quote": (
        'rules:\n  A:\n    when: "a" in materials  # why\n    block: cancel\n',
        """\
        a.yaml:3:15: yaml/quotes: `in materials` follows the closing quote `"`
          3 |     when: "a" in materials  # why
            |               ^^^^^^^^^^^^
          help: put quotes around the whole value: `'"a" in materials'`""",
    ),
    "the same in a list, with both quotes in it": (
        """when:\n  - "a" in materials or text == 'b'\n  - lost\n""",
        """\
        a.yaml:2:9: yaml/quotes: `in materials or text == 'b'` follows the closing quote `"`
          2 |   - "a" in materials or text == 'b'
            |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: put the whole value in a block: `|` here, and the text indented on the next line""",
    ),
    "the same in brackets": (
        'when: {all: ["a" in materials, lost]}\n',
        """\
        a.yaml:1:18: yaml/quotes: `in materials` follows the closing quote `"`
          1 | when: {all: ["a" in materials, lost]}
            |                  ^^^^^^^^^^^^
          help: put the whole value in other quotes""",
    ),
    "an apostrophe in single quotes": (
        "en: 'it's due'\n",
        """\
        a.yaml:1:9: yaml/quotes: `s due'` follows the closing quote `'`
          1 | en: 'it's due'
            |         ^^^^^^
          help: put quotes around the whole value: `"'it's due'"`""",
    ),
    "text on the line below a quoted value": (
        'en: "one"\n  two\n',
        """\
        a.yaml:2:3: yaml/quotes: `two` follows the closing quote `"`
          2 |   two
            |   ^^^
          help: put the whole value in a block after `|`""",
    ),
    "a tab for indentation": (
        "rules:\n\tA:\n",
        """\
        a.yaml:2:1: yaml/tab: this line is indented with a tab
          2 |  A:
            | ^
          help: indent with spaces""",
    ),
    "a tab further down, in a block": (
        "en: |\n  one\n\ttwo\n",
        """\
        a.yaml:3:1: yaml/tab: this line is indented with a tab
          3 |  two
            | ^
          help: indent with spaces""",
    ),
    "a colon in a condition": (
        "when: x: y\n",
        """\
        a.yaml:1:8: yaml/colon: a colon inside a value that is not in quotes
          1 | when: x: y
            |        ^
          help: put quotes around the whole value: `'x: y'`""",
    ),
    "a colon in a message": (
        "message:\n  en: Note: don't\n  zh: 注意\n",
        """\
        a.yaml:2:11: yaml/colon: a colon inside a value that is not in quotes
          2 |   en: Note: don't
            |           ^
          help: put quotes around the whole value: `"Note: don't"`""",
    ),
    "a colon in the second line of a text": (
        "en: one\n  two: three\n",
        """\
        a.yaml:2:3: yaml/indent: this line is indented more than `en` above it, which has its value already
          2 |   two: three
            |   ^^^^^^^^^^
          help: indent it like `en`, or put the value of `en` in quotes if it goes on here""",
    ),
    "a message that begins with a placeholder": (
        "en: {amount:yuan} is due: pay\n",
        """\
        a.yaml:1:5: yaml/braces: a value that begins with `{` is a mapping, and `is due: pay` cannot follow it
          1 | en: {amount:yuan} is due: pay
            |     ^^^^^^^^^^^^^^^^^^^^^^^^^
          help: put quotes around the whole value: `'{amount:yuan} is due: pay'`""",
    ),
    "a Chinese message that begins with a placeholder": (
        "zh: {arrears:yuan}，结清\n",
        """\
        a.yaml:1:5: yaml/braces: a value that begins with `{` is a mapping, and `，结清` cannot follow it
          1 | zh: {arrears:yuan}，结清
            |     ^^^^^^^^^^^^^^^^^^^^
          help: put quotes around the whole value: `'{arrears:yuan}，结清'`""",
    ),
    "a reserved character": (
        "en: @home\n",
        """\
        a.yaml:1:5: yaml/reserved: a value cannot begin with `@`, which is reserved in YAML
          1 | en: @home
            |     ^
          help: put quotes around the whole value: `'@home'`""",
    ),
    "a star": (
        "en: *important* note\n",
        """\
        a.yaml:1:5: yaml/reserved: a value cannot begin with `*`, which repeats another value in YAML
          1 | en: *important* note
            |     ^
          help: put quotes around the whole value: `'*important* note'`""",
    ),
    "a comparison at the start": (
        "- > 3\n",
        """\
        a.yaml:1:3: yaml/reserved: text follows `>`, which begins a block of lines in YAML
          1 | - > 3
            |   ^
          help: put quotes around the whole value: `'> 3'`""",
    ),
    "an open quote": (
        'en: "one\nzh: two\nrules: three\n',
        """\
        a.yaml:1:5: yaml/unclosed: the quote `"` is not closed
          1 | en: "one
            |     ^^^^
          help: end the text with `"`""",
    ),
    "an open quote that the next one closes": (
        'en: "one\nzh: "two"\n',
        """\
        a.yaml:1:5: yaml/unclosed: the quote `"` is not closed
          1 | en: "one
            |     ^^^^
          help: end the text with `"`""",
    ),
    "an open bracket": (
        "examples:\n  - {given: {a: 1, fires: true}\n  - {given: {a: 0}, fires: false}\n",
        """\
        a.yaml:2:5: yaml/unclosed: the bracket `{` is not closed
          2 |   - {given: {a: 1, fires: true}
            |     ^
          help: close it with `}`""",
    ),
    "the wrong bracket": (
        "source: [S1, S2}\n",
        """\
        a.yaml:1:16: yaml/unclosed: `}` cannot close the bracket `[`
          1 | source: [S1, S2}
            |                ^
          help: close it with `]`""",
    ),
    "a missing comma": (
        "valid: {from: 1 until: 2}\n",
        """\
        a.yaml:1:22: yaml/colon: a colon inside a value that is not in quotes
          1 | valid: {from: 1 until: 2}
            |                      ^
          help: put the value in quotes, or a comma before the next key""",
    ),
    "a full-width colon": (
        "rules:\n  A：\n    when: lost\n",
        """\
        a.yaml:2:4: yaml/colon: this colon is full-width, which is not a colon to YAML
          2 |   A：
            |    ^^
          help: type `:` and a space behind it""",
    ),
    "no space behind a colon": (
        "facts:Card\nrules: {}\n",
        """\
        a.yaml:1:6: yaml/colon: no space behind this colon
          1 | facts:Card
            |      ^
          help: write `: `""",
    ),
    "no colon": (
        "rules:\n  A\n    when: lost\n",
        """\
        a.yaml:2:3: yaml/colon: `A` is not followed by a colon
          2 |   A
            |   ^
          help: end a key with `:`; text of several lines goes in a block after `|`""",
    ),
    "an indentation that fits nothing": (
        "rules:\n    A: 1\n  B: 2\n",
        """\
        a.yaml:3:3: yaml/indent: this line is indented by 2, which fits no line above
          3 |   B: 2
            |   ^^^^
          help: indent it like the lines that it belongs to""",
    ),
    "a comment in the middle of a text": (
        "when: one and  # first\n  two\n",
        """\
        a.yaml:2:3: yaml/comment: the comment above ended the text, which cannot go on here
          2 |   two
            |   ^^^
          help: put the comment above the whole value""",
    ),
    "a list beside its key": (
        "when: - lost\n",
        """\
        a.yaml:1:7: yaml/syntax: a list cannot begin here
          1 | when: - lost
            |       ^
          help: begin a list on a line of its own, or put the value in quotes if it is text""",
    ),
    "an unknown escape": (
        'en: "a\\qb"\n',
        """\
        a.yaml:1:7: yaml/escape: `\\q` is not an escape that double quotes know
          1 | en: "a\\qb"
            |       ^^
          help: write a backslash as `\\\\`, or use single quotes""",
    ),
    "a key that is there already": (
        "a: 1\nb: 2\n'a': 3\n",
        """\
        a.yaml:3:1: yaml/duplicate-key: the key `a` stands here twice, first on line 1
          3 | 'a': 3
            | ^^^
          help: keep one of the two""",
    ),
    "a mapping for a key": (
        "en: 1\n{{amount}}: 2\n",
        """\
        a.yaml:2:2: yaml/key: a mapping or a list cannot be a key
          2 | {{amount}}: 2
            |  ^^^^^^^^
          help: text that begins with a bracket goes in quotes
        a.yaml:2:1: yaml/key: a mapping or a list cannot be a key
          2 | {{amount}}: 2
            | ^^^^^^^^^^
          help: text that begins with a bracket goes in quotes""",
    ),
    "an anchor and an alias": (
        "a: &base 1\nb: *base\n",
        """\
        a.yaml:1:4: yaml/alias: the anchor `&base` is not used in rule files
          1 | a: &base 1
            |    ^^^^^
          help: delete it, and repeat the value or give a condition a name under `define`
        a.yaml:2:4: yaml/alias: the alias `*base` is not used in rule files
          2 | b: *base
            |    ^^^^^
          help: repeat the value, or give a condition a name under `define`""",
    ),
    "a tag": (
        "when: !lost and x\n",
        """\
        a.yaml:1:7: yaml/tag: `!lost` is a tag to YAML, which is not used in rule files
          1 | when: !lost and x
            |       ^^^^^
          help: put the value in quotes if it is text""",
    ),
    "a second document": (
        "a: 1\n---\nb: 2\n",
        """\
        a.yaml:2:1: yaml/documents: a second document begins here; a rule file holds one
          2 | ---
            | ^^^
          help: put it in a file of its own""",
    ),
    "nothing": (
        "# nothing yet\n",
        """\
        a.yaml:1:1: yaml/empty: there is nothing in this file
          1 | # nothing yet
            | ^
          help: a rule file begins with `rulebook:`, `facts:` and `rules:`""",
    ),
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", REPORTS)
def test_what_is_said(name, parser):
    text, expected = REPORTS[name]
    with using(parser):
        assert report(text) == textwrap.dedent(expected)


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("a: `b`", "yaml/reserved", 4),
        ("a: %b", "yaml/reserved", 4),
        ("%b: 1", "yaml/reserved", 1),
        ("a: & b", "yaml/reserved", 4),
        ("a: !<", "yaml/reserved", 4),
        ("a: |0", "yaml/reserved", 4),
        ("a: ,b", "yaml/reserved", 4),
        ("a: }", "yaml/unclosed", 4),
        ("{a: 1}}", "yaml/unclosed", 7),
        ("{a: 1} b", "yaml/braces", 1),
        ("a: [b, c", "yaml/unclosed", 4),
        ("a: [b\n  c: d\n  e]", "yaml/colon", 4),
        ("a: 'b", "yaml/unclosed", 4),
        ('a: "\\ud800"', "yaml/escape", 5),
        ('a: "\\UFFFFFFFF"', "yaml/escape", 5),
        ('a: "\\xzz"', "yaml/escape", 5),
        (": a", "yaml/key", 1),
        ("? [a]\n: b", "yaml/key", 3),
        ("{: a}", "yaml/key", 2),
        ("k" * 1100 + ": 1", "yaml/key", 1),
        ("a: 1\n- b", "yaml/syntax", 1),
        ("- a\nb: 1", "yaml/syntax", 1),
        ("--- a: b", "yaml/syntax", 6),
        ('"a"b: 1', "yaml/syntax", 4),
        ("a: ? b", "yaml/syntax", 4),
        ("a: 1\n...\nb: 2", "yaml/documents", 1),
        ("%YAML 3.0\n---\na: 1", "yaml/reserved", 1),
        ("%TAG ! tag:x,2000:\n---\na: 1", "yaml/tag", 1),
        ('a: "\\0"', "yaml/character", 5),
        ('a: "it\\e[31m"', "yaml/character", 7),
        ("a: b\0c", "yaml/character", 5),
        ("a: \ud800", "yaml/character", 4),
        ("a: \x1b[31m", "yaml/character", 4),
        ("a: b\ufeff", "yaml/character", 5),
        ("a: \ufffe", "yaml/character", 4),
        ("", "yaml/empty", 1),
        ("---\n...\n", "yaml/empty", 1),
        ("[" * 101 + "]" * 101, "yaml/too-deep", 101),
    ],
)
@pytest.mark.parametrize("parser", PARSERS)
def test_codes_and_columns(text, code, column, parser):
    _, mistakes = read(text, parser)
    assert [(each.code, each.column) for each in mistakes] == [(code, column)]


def test_one_hundred_levels_are_read():
    node, mistakes = read("[" * 100 + "]" * 100)
    assert mistakes == []
    assert isinstance(node, Sequence)


def test_no_tree_behind_a_syntax_error_or_an_alias():
    for text in ("a: @b", "a: *b", "[" * 200, "", "%TAG !e! x\n---\na: 1"):
        assert read(text)[0] is None


def test_the_rest_is_usable_beside_smaller_mistakes():
    node, mistakes = read("a: 1\na: 2\n[b]: 3\nc: !t 4\nd: &e 5\nf: \x00\n---\ng: 6\n")
    assert sorted(each.code for each in mistakes) == [
        "yaml/alias", "yaml/character", "yaml/documents", "yaml/duplicate-key", "yaml/key", "yaml/tag",
    ]  # fmt: skip
    assert plain(node) == {"a": 1, "c": 4, "d": 5, "f": "\ufffd"}


def test_mistakes_within_single_values_are_all_found():
    text = textwrap.dedent(
        """\
        rules:
          A:
            when: "a" in materials
            message:
              en: {x} is due
              zh: 注意: x
          B:
            when: x: y
            when: lost
            require: @home
            block: *b
        """
    )
    assert [(each.line, each.code) for each in read(text)[1]] == [
        (3, "yaml/quotes"),
        (5, "yaml/braces"),
        (6, "yaml/colon"),
        (8, "yaml/colon"),
        (9, "yaml/duplicate-key"),
        (10, "yaml/reserved"),
        (11, "yaml/alias"),
    ]


def test_characters_that_yaml_1_1_takes_for_line_breaks_are_ordinary():
    for character in "\x85\u2028\u2029":
        text = f"a: b{character}c: d # e{character}f: g\nh: 'i {character} j'\nk: \"{character}\"\n"
        for parser in PARSERS:
            node, mistakes = read(f"a{character}: b # c{character}d: e\nf: 'g {character} h'\ni: [{character}]", parser)
            assert mistakes == []
            assert plain(node) == {f"a{character}": "b", "f": f"g {character} h", "i": [character]}
            assert [(each.line, each.column) for each in read(text, parser)[1]] == [(1, 7)]


def test_private_use_characters_stay_themselves():
    text = "a: \U000f0000\u2028\U000f0001\nb: \U000f0002"
    assert plain(read(text)[0]) == {"a": "\U000f0000\u2028\U000f0001", "b": "\U000f0002"}


def test_a_forbidden_character_reaches_no_terminal():
    shown = report("a: \x1b[31m\x07: @\ud800\n")
    assert shown.isprintable() or all(line.isprintable() for line in shown.splitlines())
    assert "\x1b" not in shown
    shown.encode()


def test_too_many_mistakes_are_cut():
    assert len(codes("a: 1\n" * 5000)) == 100
    assert len(codes("\0" * 5000)) <= 200


# Bytes.


def test_utf_8_is_decoded_and_its_mark_dropped():
    source, mistakes = reader.decode("a.yaml", b"\xef\xbb\xbf" + "欠费: 1".encode())
    assert mistakes == []
    assert source.text == "欠费: 1"


def test_the_first_wrong_byte_is_shown():
    data = "a: 1\r\n欠费: \U0001f600".encode() + b"\xff\xfe b\n"
    source, mistakes = reader.decode("a.yaml", data)
    assert source is None
    assert "\n".join(map(str, mistakes)) == textwrap.dedent(
        """\
        a.yaml:2:6: yaml/encoding: the byte `0xff` is not UTF-8
          2 | 欠费: \U0001f600\ufffd\ufffd b
            |         ^
          help: save the file as UTF-8"""
    )


def test_gbk_is_guessed():
    _, mistakes = reader.decode("a.yaml", "zh: 欠费，结清前不能注销".encode("gbk"))
    assert (mistakes[0].line, mistakes[0].column) == (1, 6)  # two of its bytes are UTF-8 by chance
    assert mistakes[0].help == "save the file as UTF-8; it may be in GBK"


def test_utf_16_is_refused():
    _, mistakes = reader.decode("a.yaml", "a: 1".encode("utf-16"))
    assert [each.message for each in mistakes] == ["the file is UTF-16"]


def test_cut_and_overlong_sequences():
    for data, column in ((b"a: \xe6\xac", 4), (b"\xc0\x80", 1), (b"a\xed\xa0\x80", 2)):
        source, mistakes = reader.decode("a.yaml", data)
        assert source is None
        assert [(each.code, each.column) for each in mistakes] == [("yaml/encoding", column)]


def test_size_limits(monkeypatch):
    assert reader.MAX_SIZE >= 16 * 1024 * 1024
    source, mistakes = reader.decode("a.yaml", b" " * (reader.MAX_SIZE + 1))
    assert source is None
    assert [str(each) for each in mistakes] == [
        "a.yaml:1:1: yaml/too-large: the file is larger than 32 MB\n  help: split it into several packs"
    ]
    node, mistakes = read(" " * (reader.MAX_SIZE + 1))
    assert node is None
    assert [each.code for each in mistakes] == ["yaml/too-large"]


# Anything at all.

YAMLISH = st.text(
    st.sampled_from("ab0 \n\r\t'\"\\:#-[]{},&*!%@`?|>~.<=$\0\x1b\x85\u2028\ufeff\ud800欠\U0001f600"),
    max_size=80,
)


def check_mistakes(mistakes):
    for each in mistakes:
        assert each.code.startswith("yaml/")
        assert each.line >= 1
        assert each.column >= 1
        for text in (each.message, each.help or "lower"):
            assert text[0].islower() or text[0] in "`{["
            assert not text.endswith(".")
            assert text.isprintable()
        str(each).encode()


@settings(max_examples=1500, deadline=None)
@given(YAMLISH, st.sampled_from(PARSERS))
def test_any_text(text, parser):
    node, mistakes = read(text, parser)
    assert node is not None or mistakes
    check_mistakes(mistakes)


@settings(max_examples=700, deadline=None)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 12), YAMLISH, st.sampled_from(PARSERS))
def test_a_mangled_file(at, length, text, parser):
    node, mistakes = read(SAMPLE[:at] + text[:10] + SAMPLE[at + length :], parser)
    assert node is not None or mistakes
    check_mistakes(mistakes)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60) | st.randoms().map(lambda chance: mutated(SAMPLE.encode(), chance)))
def test_any_bytes(data):
    source, mistakes = reader.decode("a.yaml", data)
    assert (source is None) == bool(mistakes)
    check_mistakes(mistakes)
    if source is not None:
        check_mistakes(reader.read(source)[1])


def mutated(data, chance):
    data = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    return bytes(data)


def test_both_parsers_agree_on_mangled_files():
    # Where they do not: the pure Python parser refuses some tabs, and they differ on what a broken tag is.
    chance = random.Random(1)
    agreed = 0
    for _ in range(300):
        at = chance.randrange(len(SAMPLE))
        text = SAMPLE[:at] + "".join(chance.choices("ab \n'\":-[]{},&*", k=3)) + SAMPLE[at + 3 :]
        first, second = ((shape(node), mistakes) for node, mistakes in (read(text, each) for each in PARSERS))
        agreed += first == second
    assert agreed >= 297


# Hostile texts: in a process of their own, since the parser is C, and against the clock.

HOSTILE = {
    "items in items": lambda: "- " * 50_000,
    "dashes": lambda: "-" * 3_000_000,
    "brackets": lambda: "[" * 100_000,
    "closed brackets": lambda: "[" * 100_000 + "]" * 100_000,
    "braces": lambda: "{" * 100_000,
    "braces with entries": lambda: "{a," * 100_000,
    "brackets on lines": lambda: "[\n" * 100_000,
    "questions": lambda: "? " * 50_000,
    "question lines": lambda: "?\n" * 100_000,
    "colons": lambda: ": " * 100_000,
    "entries on a line": lambda: "a: " * 1_000_000,
    "a huge key": lambda: "a" * 3_000_000 + ": 1",
    "a huge quoted key": lambda: '"' + "a" * 3_000_000 + '": 1',
    "a huge list": lambda: "[" + "a," * 200_000 + "]",
    "a deep huge list": lambda: "[" * 100 + "a," * 100_000 + "]" * 100,
    "one huge text": lambda: "a: " + "欠" * 3_000_000,
    "many lines": lambda: "a: " + "b\n  " * 700_000,
    "open quotes": lambda: 'a: "' + "b\n\n" * 700_000,
    "blank lines": lambda: "\n" * 3_000_000,
    "spaces": lambda: " " * 3_000_000 + "@",
    "spaces and colons": lambda: "a: b" + " " * 3_000_000 + ": c",
    "spaces before more": lambda: 'a: "b"' + " " * 3_000_000 + "c",
    "comments": lambda: "#\n" * 1_000_000,
    "deep indentation": lambda: "".join(" " * depth + "a:\n" for depth in range(2000)),
    "anchors": lambda: "[" + "&a b," * 100_000 + "]",
    "nested anchors": lambda: "[&a " * 100_000,
    "aliases": lambda: "[" + "*a ," * 100_000 + "]",
    "tags": lambda: "[" + "!a b," * 100_000 + "]",
    "tag directives": lambda: "".join(f"%TAG !a{number}! b\n" for number in range(150_000)) + "---\na: 1",
    "versions": lambda: "%YAML 1.2\n" * 200_000,
    "documents": lambda: "---\n" * 500_000,
    "the same key": lambda: "a: 1\n" * 100_000,
    "different keys": lambda: "".join(f"k{number}: 1\n" for number in range(50_000)),
    "forbidden characters": lambda: "\0" * 3_000_000,
    "foreign breaks": lambda: "a: " + "\u2028" * 2_000_000,
    "escapes": lambda: 'a: "' + "\\0" * 300_000 + '"',
    "escaped controls": lambda: "[" + '"\\0",' * 50_000 + "]",
    "a huge block": lambda: "a: |\n" + "  b\n" * 700_000,
    "a block of spaces": lambda: "a: |\n" + "".join(" " * (number % 2000) + "\n" for number in range(2000)),
    "traps on every line": lambda: "a:\n" + '  - "b" c\n' * 200_000,
    "a trap in a huge line": lambda: 'a: "b" ' + "c: " * 900_000,
}  # fmt: skip


def test_hostile_texts():
    script = (
        "import sys, time; sys.path[:0] = sys.argv[1:]\n"
        "from test_reader import HOSTILE, read\n"
        "for name, make in HOSTILE.items():\n"
        "    text = make(); begin = time.perf_counter(); _, mistakes = read(text)\n"
        "    shown = sum(len(str(each)) for each in mistakes)\n"
        "    print(f'{time.perf_counter() - begin:.2f} {len(mistakes)} {shown} {name}', flush=True)\n"
    )
    paths = [str(Path(__file__).parent), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", script, *paths], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split(maxsplit=3) for line in done.stdout.splitlines()]
    assert [name for *_, name in rows] == list(HOSTILE)
    print(done.stdout)
    assert [row for row in rows if float(row[0]) > 4 or int(row[2]) > 200_000] == []


def test_a_large_rulebook_is_read():
    rules = "".join(
        SAMPLE[SAMPLE.index("  ARREARS") :].replace("ARREARS_UNPAID", f"R{number}") for number in range(5000)
    )
    text = SAMPLE[: SAMPLE.index("  ARREARS")] + rules
    node, mistakes = read(text)
    assert mistakes == []
    assert len({key.text: value for key, value in node.entries}["rules"].entries) == 5000
    assert isinstance(node, Mapping)
