"""Mangled and hostile rule files: whatever they hold, loading them gives a rulebook or a `RulebookError`, soon."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dxrules
from dxrules import Account, Card, RulebookError, Text
from dxrules.language.sources import bundled_folder
from fuzz.hostile import HOSTILE, condition
from profiles import examples

KITCHEN_SINK = """\
# everything that a pack can hold
rulebook: sink
facts: Card
parameters:
  days: 90
  "rate": 1.5
  limit: {2024-01-01: 90, 2026-01-01: 60}
  state: active
define:
  gone: status in ("cancelled", "recycled")
  owed: arrears_fen + monthly_fee_fen * 2 - 1
  both: [gone, lost]
  either: {any: [gone, lost], none: [misused], all: ["not lost"]}
gates:
  cancel: [before_submit, before_cancellation]
disable: [OFF]
rules:
  ONE:
    when: >-
      gone and not (lost is True)
      or owed > limit
    block: cancel
    severity: high
    deadline: before_submit
    priority: 500
    message:
      en: "{arrears_fen:yuan} is \\"outstanding\\": {owed}, {days}, {{status}} {status}."
      zh: |-
        欠费{arrears_fen:yuan}，
        结清前不能注销。
    source: [S11, "S16"]
    valid: {from: 2024-09-12, until: 2027-01-01}
    overrides: [TWO]
    examples:
      - {given: {status: cancelled, lost: false}, fires: true}
      - given: {arrears_fen: 0, status: active, monthly_fee_fen: 5}
        fires: false
        as_of: 2026-02-01
      - {given: {request: {stage: draft, materials: [sim_card]}, request.channel: null}, fires: unknown}
  TWO:
    when:
      - '"sim_card" in request.materials and len(request.materials) >= 1'
      - 1 < last_used_days <= days
      - {any: [account_id.startswith('a"'), either, request is not None]}
    require: materials
    message: {en: 'it''s', zh: "y"}
  OFF: {when: status == state, inform: , message: {en: x, zh: y}}
"""
PACKS = [KITCHEN_SINK, *(file.read_text(encoding="utf-8") for file in sorted(bundled_folder().glob("*.yaml")))]
CONDITIONS = [
    "gone and not (lost is True) or owed > 60",
    '"sim_card" in request.materials and len(request.materials) >= 1',
    "1 < last_used_days <= 90 and -arrears_fen * 2 + 1 != 0.5",
    'account_id.startswith("a\\"") or status not in ("active", "recycled")',
    "request is None or (request.submitted_days > request.sla_days) is not False",
]
PIECES = [
    "lost", "arrears_fen", "status", "request", "request.stage", "bound_services", "gone", "days", "nope",
    "not", "and", "or", "in", "not in", "is", "is not", "None", "True", "False", "true", "if", "lambda", "(",
    ")", "()", ",", ".", "+", "-", "*", "**", "/", "==", "!=", "<", "<=", ">", ">=", "=", ":=", "1", "0",
    "90", "1.5", "1e9", "2026-01-31", '"active"', "'draft'", '"', "'", "“active”", "len(", "days_since(",
    ".startswith(", "f'{x}'", "[", "]", "{", "}", "&&", "#", "：", "（", "欠费", "\\", "\n", "\t", "\x00",
    "\ud800", "\u2028", "`", "$", "@", "!", "~", "%", ";", "...",
]  # fmt: skip
YAML_PIECES = [
    "\n", "\r\n", "\r", "\t", " ", "  ", "- ", ": ", ":", "#", " #", "'", '"', "{", "}", "[", "]", ",", "|",
    ">", ">-", "|+", "&a", "*a", "!", "!!int", "?", "? ", "---\n", "...\n", "%YAML 1.2\n", "~", "null",
    "true", "yes", "0x1F", ".inf", "2026-13-01", "@", "`", "\\", "\\x", "\x00", "\x1b", "\x85", "\u2028",
    "\ufeff", "\ud800", "：", "欠", "😀", "when: ", "lost", "rules:\n",
    "99999999999999999999999999999999999999999999999999",
]  # fmt: skip


def load(text):
    """Load a text; check the mistakes, if there are any, and that it can decide, if there are none."""
    try:
        rulebook = dxrules.load(Text(text))
    except RulebookError as error:
        check(error, text)
        return
    engine = dxrules.compile(rulebook, "reference")
    engine.evaluate(Card(card_id="c-1", status="active", arrears_fen=5, lost=True)).to_dict()
    engine.evaluate(Account(account_id="a-1", live_cards=5)).to_dict()


def check(error, text):
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert error.diagnostics
    str(error).encode()
    for each in error.diagnostics:
        assert each.path == "<text>"
        assert 1 <= each.line <= len(lines)
        assert 1 <= each.column <= len(lines[each.line - 1]) + 1
        assert 0 <= each.caret <= len(each.excerpt)
        assert len(each.excerpt) <= 162
        assert each.message
        str(each).encode()
    places = [(each.line, each.column) for each in error.diagnostics]
    assert places == sorted(places)
    assert len(set(error.diagnostics)) == len(error.diagnostics)


@st.composite
def edits(draw, pieces):
    """A few changes of a text: where, how much of it goes, and what comes instead."""
    place = st.floats(0, 1)
    length = st.integers(0, 12) | st.integers(0, 400)
    new = st.sampled_from(pieces) | st.text(max_size=3) | st.none()  # none: the stretch once more
    return draw(st.lists(st.tuples(place, length, new), min_size=1, max_size=4))


def edited(text, changes):
    for place, length, new in changes:
        start = int(place * len(text))
        gone = text[start : start + length]
        text = text[:start] + (gone * 2 if new is None else new) + text[start + length :]
    return text


@settings(max_examples=examples(ci=300, long=10_000))
@given(st.sampled_from(PACKS), edits(YAML_PIECES))
def test_mangled_packs(pack, changes):
    load(edited(pack, changes))


@settings(max_examples=examples(ci=700, long=30_000))
@given(edits(YAML_PIECES + PIECES))
def test_a_mangled_kitchen_sink(changes):
    load(edited(KITCHEN_SINK, changes))


@settings(max_examples=examples(ci=200, long=10_000))
@given(st.sampled_from(PACKS), st.randoms(use_true_random=False))
def test_shuffled_lines(pack, source):
    lines = pack.splitlines(keepends=True)
    for _ in range(source.randint(1, 5)):
        one, two = source.randrange(len(lines)), source.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one][source.randint(0, 4) :]
    load("".join(lines))


@settings(max_examples=examples(ci=300, long=10_000))
@given(st.sampled_from(PACKS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), min_size=1, max_size=3))
def test_mangled_bytes(tmp_path_factory, pack, changes):
    data = pack.encode()
    for place, new in changes:
        at = int(place * len(data))
        data = data[:at] + new + data[at + 1 :]
    file = tmp_path_factory.getbasetemp() / "mangled.yaml"
    file.write_bytes(data)
    try:
        dxrules.load(file)
    except RulebookError as error:
        str(error).encode()


def in_a_pack(text):
    """A pack with a text as its condition, in a block, where YAML leaves it alone."""
    lines = "".join(f"      {line}\n" for line in text.splitlines() or [""])
    return (
        "rulebook: p\nfacts: Card\nparameters: {days: 90}\ndefine: {gone: lost, owed: arrears_fen + 1}\n"
        f'rules:\n  A:\n    when: |2\n{lines}    warn:\n    message: {{en: "x", zh: "y"}}\n'
    )


@settings(max_examples=examples(ci=1_500, long=100_000))
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]))
def test_soups_of_words(pieces, joint):
    load(in_a_pack(joint.join(pieces)))


@settings(max_examples=examples(ci=1_000, long=50_000))
@given(st.sampled_from(CONDITIONS), edits(PIECES))
def test_mangled_conditions(text, changes):
    load(in_a_pack(edited(text, changes)))


@settings(max_examples=examples(ci=300, long=20_000))
@given(st.text(max_size=40))
def test_any_text_as_a_condition(text):
    load(in_a_pack(text))


@settings(max_examples=examples(ci=300, long=20_000))
@given(st.text(max_size=60))
def test_any_text_as_a_file(text):
    load(text)


def test_the_kitchen_sink_is_sound():
    dxrules.load(Text(KITCHEN_SINK))


def test_half_a_file():
    for length in range(0, len(KITCHEN_SINK), 7):
        load(KITCHEN_SINK[:length])


@pytest.mark.skipif(sys.platform == "win32", reason="the child limits its memory, which Windows cannot")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts(name):
    """In a process of its own: a crash or a hang is a failing test."""
    command = [sys.executable, str(Path(__file__).with_name("hostile.py")), name]
    source = str(Path(dxrules.__file__).parent.parent)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={"PYTHONPATH": source}, check=False)
    assert done.returncode == 0, done.stderr
    codes = done.stdout.split()
    expected = HOSTILE[name][1]
    assert codes[:1] == ([expected] if expected else [])


def test_nothing_is_executed(tmp_path):
    marker = tmp_path / "marker"
    for text in (f'open("{marker}", "w")', f"__import__('pathlib').Path('{marker}').touch()"):
        with pytest.raises(RulebookError):
            dxrules.load(Text(condition(text.replace("'", "''"))))
    assert not marker.exists()
