"""`dxrules eval`: records in, decisions out, and every bad record told."""

import json
import sys

import attrs

import dxrules as library
from commandline import ROOT, dxrules
from dxrules.schema import note

CARD = {"card_id": "c-1", "status": "active", "intent": "cancel", "arrears_fen": 3520}
LOANS = """\
import attrs

@attrs.frozen
class Loan:
    overdue_days: int | None = None
"""
RULES = """\
rulebook: loans
facts: Loan
rules:
  REMIND:
    when: overdue_days > 30
    warn:
    message: {en: "Overdue: {overdue_days} days.", zh: "逾期{overdue_days}天。"}
"""


def test_one_card_in_full(tmp_path):
    (tmp_path / "card.json").write_text(json.dumps(CARD), encoding="utf-8")
    found = dxrules("eval", "card.json", "--as-of", "2026-01-15", cwd=tmp_path)
    assert (found.code, found.err) == (0, "")
    lines = found.out.splitlines()
    assert lines[:3] == ["Card, as of 2026-01-15", "  cancel    blocked", "  port out  allowed  ready"]
    assert "block  ARREARS_UNPAID  cancel  high  before submit" in lines
    assert (
        "  35.20 yuan is outstanding: cancellation is blocked until it is settled (suspension is not affected)."
        in lines
    )
    assert "  REPORT_TO_POLICE           misused" in lines


def test_json_is_what_the_library_decides(tmp_path):
    (tmp_path / "card.json").write_text(json.dumps(CARD), encoding="utf-8")
    found = dxrules("eval", "card.json", "--json", "--personal", "--as-of", "2026-01-15", cwd=tmp_path)
    data = json.loads(found.out)
    import datetime as dt

    decision = library.evaluate(library.structure(CARD, library.Card), as_of=dt.date(2026, 1, 15))
    assert {key: data[key] for key in decision.to_dict()} == decision.to_dict()
    assert data["verdicts"] == {"cancel": "blocked", "port_out": "allowed"}
    assert data["ready"] == {"cancel": False, "port_out": True}
    assert (data["record"], data["line"], data["fact_type"]) == (1, 1, "Card")
    masked = json.loads(dxrules("eval", "card.json", "--json", cwd=tmp_path).out)
    assert masked["fact"]["card_id"] == "***"
    assert masked["fact"]["status"] == "active"


def test_a_file_of_cards_is_summed_up_and_its_bad_records_are_told():
    found = dxrules("eval", "examples/data/cards.csv", "--as-of", "2026-01-15", cwd=ROOT)
    assert found.code == 2
    assert found.out.startswith("Card: 300 records, 294 decided as of 2026-01-15, 6 bad\n")
    assert "cancel     40       4             250" in found.out
    assert found.err.splitlines()[0].startswith(
        "examples/data/cards.csv:24: record 23: status: found 'actve', allowed is one of"
    )
    assert found.err.count("record 164:") == 2
    chinese = dxrules("eval", "examples/data/cards.csv", "--as-of", "2026-01-15", "-l", "zh", cwd=ROOT)
    assert chinese.out.startswith("Card：共 300 条，截至 2026-01-15 已决定 294 条，6 条有误\n")


def test_every_decision_of_many_is_the_same_whichever_engine_made_it(tmp_path):
    """The first records are interpreted, the others compiled: where one gives way to the other nothing changes."""
    path = tmp_path / "cards.jsonl"
    path.write_text("".join(json.dumps(CARD) + "\n" for _ in range(60)), encoding="utf-8")
    lines = [json.loads(line) for line in dxrules("eval", path, "--json").out.splitlines()]
    assert [each.pop("record") for each in lines] == list(range(1, 61))
    assert [each.pop("line") for each in lines] == list(range(1, 61))
    assert all(each == lines[0] for each in lines)


def test_own_rules_on_an_own_class_in_json_lines_from_standard_input(tmp_path):
    (tmp_path / "loans.py").write_text(LOANS, encoding="utf-8")
    (tmp_path / "loans.yaml").write_text(RULES, encoding="utf-8")
    given = '{"overdue_days": 31}\n\n{"overdue_days": "x"}\nnot json\n{"overdue_days": null}\n'
    words = ("eval", "-", "--rules", "loans.yaml", "--facts", "loans:Loan", "--json")
    found = dxrules(*words, given=given, cwd=tmp_path)
    assert found.code == 2
    lines = [json.loads(line) for line in found.out.splitlines()]
    assert [each["line"] for each in lines] == [1, 3, 4, 5]
    assert lines[0]["outcomes"][0]["message"] == {"en": "Overdue: 31 days.", "zh": "逾期31天。"}
    assert lines[1]["problems"] == [{"path": "overdue_days", "found": "'x'", "allowed": "a whole number", "help": None}]
    assert lines[2]["error"] == "this is not JSON: expecting value at column 1"
    assert lines[3]["undetermined"] == [{"rule": "REMIND", "missing": ["overdue_days"]}]
    text = dxrules("eval", "-", "-r", "loans.yaml", "-f", "loans:Loan", "--each", "-l", "zh", given=given, cwd=tmp_path)
    assert "逾期31天。" in text.out
    assert text.err == (
        "<stdin>:3: 第 2 条记录：overdue_days：现为 'x'，应为整数\n"
        "<stdin>:4: 第 3 条记录：不是有效的 JSON（第 1 列）：expecting value\n"
    )


def test_bad_records_are_told_in_chinese():
    found = dxrules("eval", "-", "--lang", "zh", given='{"card_id": "c-1", "lost": "yes"}')
    assert (found.code, found.err) == (2, "<stdin>:1: 第 1 条记录：lost：现为 'yes'，应为真假值或未知\n")
    found = dxrules("explain", "-", "--lang", "zh", given='{"card_id": "c-1", "lsot": true}')
    assert found.code == 2
    assert found.err == (
        "dxrules: -:1: 第 1 条记录不是有效的 Card：\n  lsot：现为未知的键，应为 `Card` 的事实；您想写的是 `lost` 吗？\n"
    )


def test_rules_with_mistakes_are_bad_input(tmp_path):
    (tmp_path / "bad.yaml").write_text(RULES.replace("overdue_days >", "overdue_day >"), encoding="utf-8")
    (tmp_path / "loans.py").write_text(LOANS, encoding="utf-8")
    words = ("eval", "-", "--rules", "bad.yaml", "--facts", "loans:Loan")
    found = dxrules(*words, given="{}", cwd=tmp_path)
    assert (found.code, found.out) == (2, "")
    assert "bad.yaml:5:11: name/unknown: `overdue_day` is not a fact" in found.err
    data = json.loads(dxrules(*words, "--json", given="{}", cwd=tmp_path).out)
    assert data["diagnostics"][0]["code"] == "name/unknown"


def test_parquet_is_read_and_what_is_missing_for_it_is_named(tmp_path, capsys, monkeypatch):
    import polars as pl

    from dxrules.cli.main import main

    pl.DataFrame({"card_id": ["a", "b"], "lost": [True, None]}).write_parquet(tmp_path / "cards.parquet")
    assert main(["eval", str(tmp_path / "cards.parquet")]) == 0
    assert capsys.readouterr().out.startswith("Card: 2 records, 2 decided")
    (tmp_path / "bad.parquet").write_bytes(b"no")
    assert main(["eval", str(tmp_path / "bad.parquet")]) == 2
    assert "this is not a Parquet file" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.delitem(sys.modules, "dxrules.files.tables")
    assert main(["eval", str(tmp_path / "cards.parquet")]) == 2
    assert 'pip install "dxrules[frames]"' in capsys.readouterr().err


@attrs.frozen
class Holder:
    """A fact whose message tells personal data."""

    name: str = attrs.field(metadata=note("name", "姓名", personal=True))


def test_personal_data_in_messages_is_masked_unless_it_is_asked_for(tmp_path, capsys, monkeypatch):
    from dxrules.cli.main import main

    monkeypatch.setitem(__import__("sys").modules, "holders", __import__("types").SimpleNamespace(Holder=Holder))
    rules = tmp_path / "r.yaml"
    rules.write_text(
        'rulebook: r\nfacts: Holder\nrules:\n  A:\n    when: name != ""\n    warn:\n'
        '    message: {en: "Ask {name}.", zh: "问{name}。"}\n',
        encoding="utf-8",
    )
    data = tmp_path / "x.json"
    data.write_text('{"name": "Ann"}', encoding="utf-8")
    words = ["eval", str(data), "-r", str(rules), "-f", "holders:Holder"]
    for more in ([], ["--json"], ["--each"]):
        assert main([*words, *more]) == 0
        out = capsys.readouterr().out
        assert "Ann" not in out
        assert "Ask ***." in out
        assert main([*words, *more, "--personal"]) == 0
        assert "Ask Ann." in capsys.readouterr().out
