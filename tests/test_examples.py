"""The examples run, also where the terminal has no Chinese, and print what they are for."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dxrules

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"

# The key lines of each example, in order; runs of blanks count as one.
LINES = {
    "one_card.py": [
        "Card(card_id='c-1', holder_type='individual', status='active', intent='cancel', lost=False, arrears_fen=3520,",
        "May it be cancelled? blocked",
        "Forbidden",
        "ARREARS_UNPAID (high, before_submit)",
        "35.20 yuan is outstanding: cancellation is blocked until it is settled (suspension is not affected).",
        "Required",
        "SETTLE_ARREARS (high, before_submit)",
        "Advised",
        "CHECK_CARD_DATA (low, before_cancellation)",
        "Warnings",
        "禁止",
        "欠费35.20 元，结清前不能注销（不影响挂失停机）。",
        "必须办理",
        "Why is it blocked?",
        "  true  arrears_fen > 0  billed and unpaid, late fees included: 35.20 yuan",
        "To allow cancel, change one fact:",
        "how the card is used: 7 rules",
    ],
    "three_cases.py": [
        "1. Unpaid fees: the card cannot be cancelled until they are settled",
        "May it be cancelled? blocked",
        "ARREARS_UNPAID (block cancel, before submit)",
        "欠费128.60 元，结清前不能注销（不影响挂失停机）。",
        "2. A lost card: suspend it now; unpaid fees stand in the way of cancelling, not of that",
        "SUSPEND_IMMEDIATELY (require suspend, immediately)",
        "3. The business changed: cancel the cards in a batch",
        "BATCH_CANCEL (suggest batch_cancel, promptly)",
        "(live cards of the holder: 40); deal with arrears and lost cards first.",
    ],
    "fleet_csv.py": [
        "cards.csv:24: status: found 'actve'",
        "did you mean `active`?",
        "cards.csv:72: lost: found 'yes', allowed is `true` or `false`; write `true`",
        "cards.csv:119: arrears_fen: found '35.20', allowed is a whole number in digits,",
        "cards.csv:165: intent: found 'cancle'",
        "cards.csv:165: monthly_fee_fen: found -1900",
        "cards.csv:208: card_id: found an empty cell, allowed is text; it is required",
        "cards.csv:253: request.stage: found an empty cell",
        "cards.csv: 294 cards decided, 6 bad rows left out",
        "What is to be done: 12 of 44 codes",
        "critical SUSPEND_IMMEDIATELY require 22",
        "high ARREARS_UNPAID block 29",
        "cancel: 118 cards ask for it; 40 blocked, 4 undetermined, 74 allowed",
        "Worth asking for: 12 of 27 unknown facts",
        "usage.caller_id critical 29",
        "arrears_fen high 24",
    ],
    "watch_day.py": [
        "200 cards, 2026-01-05 08:00",
        "09:05 c-60 + RE_VERIFICATION_DUE",
        "09:30 c-17 + CALL_AFTER_LOSS",
        "该卡2026年1月5日 08:40已挂失或报告被盗用，2026年1月5日 09:30仍有呼出",
        "10:20 c-17 + CHARGE_AFTER_LOSS 3.80 yuan was charged",
        "11:40 c-25 + CALL_AFTER_REFUSAL",
        "13:00 a-0 + SEVERAL_LOSSES_IN_ACCOUNT",
        "14:45 c-60 - RE_VERIFICATION_DUE",
        "15:10 c-77 - ARREARS_AFTER_SUBMISSION",
        "16:00 c-77 + REVIEW_OVERDUE",
        "17:30 c-77 - REVIEW_OVERDUE",
        "14:00 c-19 + LOSS_NOT_SUSPENDED",
        "3015 events, of which 3015 still count",
    ],
    "handbook.py": [
        "The handbook of the bundled rules, to be opened in a browser:",
        "site-handbook/index.html",
        "site-handbook/index.zh.html",
    ],
    "own_facts.py": [
        "on time: early payment is allowed",
        "ready: False",
        "ASK_FOR_THE_FEE: Ask what paying early costs. 请先询问提前还款费用。",
        "late: early payment is blocked",
        "40 days overdue, 15 are tolerated: no early payment yet.",
        "not known: early payment is undetermined",
        "ready: None",
        "PAY_THE_ARREARS_FIRST waits for overdue_days",
    ],
    "change_the_rules.py": [
        "bundled: 62 rules",
        "ours: 62 rules",
        "- IDLE_COST: An unused card keeps costing 19.00 yuan a month",
        "- CANCEL_UNUSED_CARD:",
        "+ HIGH_FREQUENCY_OUTBOUND: 60 calls a day",
        "+ KEEP_SHARED_NUMBER: The card belongs to a group plan",
        "该卡属于集团套餐：注销前请先征得套餐负责人同意。",
    ],
    "a_mistake.py": [
        "8 mistakes in the rules",
        "mine.yaml:5:11: name/unknown: `last_use_days` is not a fact, parameter or definition of `Card`",
        "5 | when: last_use_days > 180",
        "| ^^^^^^^^^^^^^",
        "help: did you mean `last_used_days`?",
        "mine.yaml:14:9: type/mismatch:",
        "help: add `zh:",
        "mine.yaml:29:9: example/contradiction: with these facts `ALMOST_RIGHT` does not fire",
        "first: line 5, column 11, code name/unknown",
    ],
}

# Where people run them. Python takes UTF-8 for the plain C locale, unless it is told not to.
PLACES = {
    "UTF-8": ({"PYTHONUTF8": "1"}, "utf-8"),
    "C locale": ({"LC_ALL": "C"}, "utf-8"),
    "ASCII": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
}


def run(script, *words, place="UTF-8"):
    """Run a script as a person would, not from its folder; what it printed, every run of blanks as one."""
    settings, encoding = PLACES[place]
    dropped = {"PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "LC_CTYPE", "COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"}
    inherited = {name: value for name, value in os.environ.items() if name not in dropped}
    command = [sys.executable, "-W", "error", str(script), *map(str, words)]
    done = subprocess.run(command, env=inherited | settings, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert not done.stderr
    return done.stdout.decode(encoding)


def plain(text):
    """The text without the frames of tables, and with every run of blanks, line ends too, as one."""
    return " ".join(re.sub("[│┃|]", " ", text).split())


ON_SPARK = {"spark_fleet.py"}  # tests/spark runs it


def test_every_example_is_run():
    assert set(LINES) | ON_SPARK == {path.name for path in EXAMPLES.glob("*.py")}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("script", LINES)
def test_an_example_prints_what_it_is_for(script, place):
    printed = run(EXAMPLES / script, place=place)
    lines = [line for line in LINES[script] if place != "ASCII" or line.isascii()]
    rest = plain(printed)
    for line in map(plain, lines):
        assert line in rest, f"{line!r} is not in what follows the line before it:\n{printed}"
        rest = rest[rest.index(line) + len(line) :]


def test_the_fleet_example_reads_another_file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("card_id,lost\nc-1,true\nc-2,maybe\n", encoding="utf-8")
    printed = plain(run(EXAMPLES / "fleet_csv.py", path))
    assert "mine.csv:3: lost: found 'maybe'" in printed
    assert "mine.csv: 1 cards decided, 1 bad rows left out" in printed


def test_the_cards_are_what_their_script_makes(tmp_path):
    run(EXAMPLES / "data" / "make_cards.py", tmp_path / "cards.csv")
    assert (tmp_path / "cards.csv").read_bytes() == (EXAMPLES / "data" / "cards.csv").read_bytes()


def test_the_cards_have_empty_cells_in_every_column_but_the_key():
    with (EXAMPLES / "data" / "cards.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 300
    columns = set(rows[0]) - {"card_id", "account_id", "product", "intent"}
    assert all(any(not row[column] for row in rows) for column in columns)
    assert all(any(row[column] for row in rows) for column in columns)


def test_the_mistakes_of_the_example_are_all_reported():
    text = (EXAMPLES / "a_mistake.py").read_text(encoding="utf-8")
    space = {"__name__": "example"}
    exec(compile(text, "a_mistake.py", "exec"), space)
    with pytest.raises(dxrules.RulebookError) as caught:
        dxrules.load(space["MISTAKES"])
    assert len({each.code for each in caught.value.diagnostics}) == 7
