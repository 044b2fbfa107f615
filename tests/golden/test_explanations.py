"""What the worked cases explain, in both languages: readable files, one for each case and language.

`UPDATE_GOLDEN=1` writes them anew; read what it wrote.
"""

import datetime as dt
import os
from pathlib import Path

import pytest

import dxrules
from test_bundled_cases import CASES

FOLDER = Path(__file__).parent / "explanations"
LANGS = ("en", "zh")
DAY = dt.date(2026, 1, 15)
HEADS = {
    "explain": ("Why", "为什么"),
    "missing": ("What is missing", "缺什么"),
    "why_not": ("Why not {}", "为什么没有 {}"),
    "what_if": ("What if", "怎样才能"),
}
# Beside the whole explanation: a rule that one may expect, and goals that one may have.
ASKED = {
    "E01": (["CANCEL_UNUSED_CARD"], [{"fire": "CANCEL_UNUSED_CARD"}]),
    "E03": (["ARREARS_UNPAID"], [{"allow": "cancel"}, {"silence": "SUBMIT_APPLICATION"}]),
    "E05": (["SUBMIT_APPLICATION"], [{"allow": "cancel"}, {"silence": "VERIFY_ARREARS"}]),
    "E07": (["UNBIND_WITHIN_COOLDOWN"], [{"silence": "SETTLE_ARREARS"}]),
    "E09": (["REPLACE_SIM"], [{"silence": "SUSPEND_IMMEDIATELY"}, {"silence": "CONTACT_CARRIER_NOW"}]),
    "E11": (["CANCEL_AFTER_SUSPEND"], [{"silence": "REPLACE_SIM"}]),
    "E13": (["ALT_PROOF_FOR_LOST_SIM"], [{"silence": "FREEZE_LINKED_ACCOUNTS"}]),
    "E15": (["SERVICE_ENDS"], [{"silence": "WAIT_FOR_REVIEW"}]),
    "E17": (["BATCH_CANCEL"], [{"fire": "BATCH_CANCEL"}]),
    "E19": (["BATCH_CANCEL"], [{"fire": "BATCH_CANCEL"}]),
    "E21": (["REVERIFY_24H"], [{"silence": "IDLE_COST"}]),
    "E23": (["BATCH_CANCEL"], [{"silence": "CANCEL_UNUSED_CARD"}]),
    "E25": (["BACKUP_DATA"], [{"silence": "CHECK_CARD_DATA"}, {"fire": "SUBMIT_APPLICATION"}]),
    "E27": (["RESOLVE_CONTRACT"], [{"silence": "RESOLVE_CONTRACT"}]),
    "E29": (["SUBMIT_APPLICATION"], [{"silence": "STATE_REASON"}, {"silence": "MATERIAL_SIM_CARD"}]),
    "E31": (["CHASE_CARRIER"], [{"fire": "CHASE_CARRIER"}]),
    "E33": (["CHASE_CARRIER"], [{"fire": "CHASE_CARRIER"}]),
    "E35": (["FIX_AND_RESUBMIT"], [{"silence": "CONFIRM_CANCELLED"}]),
    "E37": (["REPLACE_SIM"], [{"silence": "SUSPEND_IMMEDIATELY"}, {"silence": "FREEZE_LINKED_ACCOUNTS"}]),
    "E39": (["SUBMIT_APPLICATION"], [{"silence": "UNOFFICIAL_CHANNEL"}, {"silence": "MATERIAL_PERSONAL_ID"}]),
}  # fmt: skip
# Cards of which the worked cases have none like them.
MORE = {
    "blocked": (
        {"status": "active", "intent": "cancel", "arrears_fen": 3520},
        ["SUBMIT_APPLICATION"],
        [{"allow": "cancel"}, {"fire": "SUBMIT_APPLICATION"}],
    ),
    "police": (
        {"status": "active", "intent": "cancel", "arrears_fen": 3520, "risk_hold": "police_case"},
        ["SUBMIT_APPLICATION"],
        [{"allow": "cancel"}],
    ),
    "porting": (
        {
            "status": "suspended_voluntary",
            "intent": "port_out",
            "arrears_fen": 120,
            "contract_months_left": 3,
            "real_name": "mismatch",
            "net_age_days": 200,
            "bound_services": ["broadband", "family_plan"],
        },
        ["UNBIND_SERVICES"],
        [{"allow": "port_out"}, {"silence": "FIX_REAL_NAME"}],
    ),
}


def said(fact, asked, goals, lang):
    """All that is said of a fact in a language, under headings."""
    place = LANGS.index(lang)
    decision = dxrules.evaluate(fact, as_of=DAY)
    parts = [(HEADS["explain"][place], decision.explain()), (HEADS["missing"][place], decision.missing())]
    parts += [(HEADS["why_not"][place].format(name), decision.why_not(name)) for name in asked]
    parts += [(HEADS["what_if"][place], decision.what_if(**goal)) for goal in goals]
    return "".join(f"## {head}\n\n{part.text(lang)}\n\n" for head, part in parts)


def documents():
    for case in CASES:
        name, _, title = case.name.partition(" ")
        asked, goals = ASKED[name]
        yield name, title, case.fact, asked, goals
    for name, (given, asked, goals) in MORE.items():
        yield name, "", dxrules.structure({"card_id": name, **given}, dxrules.Card), asked, goals


DOCUMENTS = {name: rest for name, *rest in documents()}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_said_of_a_card(name, lang):
    title, fact, asked, goals = DOCUMENTS[name]
    path = FOLDER / f"{name}.{lang}.txt"
    text = f"# {name}{': ' if title else ''}{title}\n\n{said(fact, asked, goals, lang)}".rstrip() + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_there_is_a_file_for_each_card_and_no_other():
    assert {each.name for each in FOLDER.iterdir()} == {f"{name}.{lang}.txt" for name in DOCUMENTS for lang in LANGS}
