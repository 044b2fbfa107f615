"""The commands for those who write rules, through real processes."""

import json
import shutil

import pytest

import dxrules as library
from commandline import ROOT, dxrules

PACK = """\
rulebook: mine
facts: Card
define:
  idle: last_used_days > 90
rules:
  ASK:
    when:
      - idle
      - status == "active"
    suggest: cancel
    message: {en: "Ask.", zh: "请核实。"}
    examples:
      - {given: {status: active, last_used_days: 91}, fires: true}
      - {given: {status: active, last_used_days: 90}, fires: false}
"""
CASES = """\
facts: Card
as_of: 2026-01-15
defaults: {card_id: c-1, status: active}
cases:
  an idle card:
    given: {last_used_days: 91}
    expect: {codes: [ASK]}
  a card in use:
    given: {last_used_days: 3}
    expect: {codes: [], silent: [ASK]}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "mine.cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def change(folder, name, old, new):
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


# check


def test_check(folder):
    good = dxrules("check", "mine.yaml", cwd=folder)
    assert (good.code, good.out, good.err) == (0, "no mistakes in 1 file, 1 rule\n", "")
    assert dxrules("check", cwd=folder).out == "no mistakes in 7 files, 62 rules, 10 pattern rules\n"
    change(folder, "mine.cases.yaml", "given", "giben")
    cases = dxrules("check", "mine.yaml", "mine.cases.yaml", cwd=folder)
    assert cases.code == 1
    assert "mine.cases.yaml:6:5: key/unknown: a case has no key `giben`" in cases.out
    change(folder, "mine.yaml", "- idle", "- idel")
    bad = dxrules("check", "bundled", "mine.yaml", cwd=folder)
    assert (bad.code, bad.err) == (1, "")
    assert bad.out.startswith("mine.yaml:8:9: name/unknown: `idel` is not a fact, parameter or definition of `Card`\n")
    assert bad.out.endswith("  help: did you mean `idle`?\n\n1 mistake\n")
    (diagnostic,) = json.loads(dxrules("check", "mine.yaml", "--json", cwd=folder).out)
    assert diagnostic == {
        "path": "mine.yaml", "line": 8, "column": 9, "code": "name/unknown",
        "message": "`idel` is not a fact, parameter or definition of `Card`", "help": "did you mean `idle`?",
    }  # fmt: skip
    github = dxrules("check", "mine.yaml", "--format", "github", cwd=folder)
    assert github.out == (
        "::error file=mine.yaml,line=8,col=9,title=name/unknown::"
        "`idel` is not a fact, parameter or definition of `Card`%0Adid you mean `idle`?\n"
    )
    assert dxrules("check", "nowhere.yaml", cwd=folder).code == 2


def test_mistakes_in_chinese(folder):
    good = dxrules("check", "mine.yaml", "--lang", "zh", cwd=folder)
    assert (good.code, good.out) == (0, "1 个文件、1 条规则，没有错误\n")
    change(folder, "mine.yaml", "- idle", "- idel")
    told = (
        "mine.yaml:8:9: name/unknown: `idel` 不是 `Card` 的事实、参数或定义\n"
        "  8 |       - idel\n"
        "    |         ^^^^\n"
        "  帮助：您想写的是 `idle` 吗？\n"
    )
    assert dxrules("check", "mine.yaml", "-l", "zh", cwd=folder).out == f"{told}\n1 处错误\n"
    assert dxrules("check", "mine.yaml", cwd=folder, LANG="zh_CN.UTF-8").out == f"{told}\n1 处错误\n"
    assert "is not a fact" in dxrules("check", "mine.yaml", "--lang", "en", cwd=folder, LANG="zh_CN.UTF-8").out
    (diagnostic,) = json.loads(dxrules("check", "mine.yaml", "--lang", "zh", "--json", cwd=folder).out)
    assert (diagnostic["message"], diagnostic["help"]) == (
        "`idel` 不是 `Card` 的事实、参数或定义", "您想写的是 `idle` 吗？",
    )  # fmt: skip
    github = dxrules("check", "mine.yaml", "--lang", "zh", "--format", "github", cwd=folder)
    assert github.out.endswith("::`idel` 不是 `Card` 的事实、参数或定义%0A您想写的是 `idle` 吗？\n")
    for command in (
        ("lint", "mine.yaml"),
        ("test", "mine.yaml"),
        ("graph", "mine.yaml"),
        ("eval", "-r", "mine.yaml", "-"),
    ):
        failed = dxrules(*command, "--lang", "zh", cwd=folder)
        assert (failed.code, failed.err) == (2, f"规则中有 1 处错误\n\n{told}")
    assert dxrules("docs", "mine.yaml", cwd=folder, LANG="zh_CN.UTF-8").err == f"规则中有 1 处错误\n\n{told}"
    failed = json.loads(dxrules("lint", "mine.yaml", "--lang", "zh", "--json", cwd=folder).out)
    assert failed["error"].startswith("规则中有 1 处错误")
    assert failed["diagnostics"] == [diagnostic]
    change(folder, "mine.yaml", "facts: Card", "facts: Crad")
    known = dxrules("check", "mine.yaml", "--lang", "zh", cwd=folder).out
    assert "pack/facts: `Crad` 不是已知的事实类型\n" in known
    change(folder, "mine.yaml", "facts: Crad", "facts: Loan")
    assert (
        "帮助：可以是 `Card`、`Account`、`CardEvent`，或用 `--facts MODULE:CLASS` 指明的任何类\n"
        in dxrules("check", "mine.yaml", "--lang", "zh", cwd=folder).out
    )


def test_lints_layout_and_tests_in_chinese(folder):
    assert dxrules("lint", "mine.yaml", "--lang", "zh", cwd=folder).out == "1 个文件，没有检查结果\n"
    assert dxrules("test", "mine.yaml", "mine.cases.yaml", "--lang", "zh", cwd=folder).out == (
        "1 条规则、2 个示例、2 个用例：全部通过\n"
    )
    change(folder, "mine.yaml", "fires: false", "fires: true ")
    change(folder, "mine.yaml", "last_used_days: 90}", "last_used_days: 92}")
    found = dxrules("lint", "mine.yaml", "--lang", "zh", cwd=folder)
    assert found.out.startswith("mine.yaml:6:3: lint/one-sided: 规则 `ASK` 没有不触发的示例\n")
    assert found.out.endswith("\n1 项检查结果\n")
    change(folder, "mine.cases.yaml", "expect: {codes: [ASK]}", "expect: {codes: [ASKS]}")
    tried = dxrules("test", "mine.yaml", "mine.cases.yaml", "--lang", "zh", cwd=folder)
    assert "cases/rule: 没有规则 `ASKS`\n" in tried.out
    assert tried.out.endswith("1 条规则、2 个示例、1 个用例，用例文件中有 1 处错误\n")
    checked = dxrules("fmt", "mine.yaml", "--check", "--lang", "zh", cwd=folder)
    assert checked.out == "mine.yaml：需要重新排版\n1 个文件中，1 个需要重新排版\n"
    assert dxrules("fmt", "mine.yaml", "--lang", "zh", cwd=folder).out == (
        "mine.yaml：已重新排版\n1 个文件中，1 个已重新排版\n"
    )
    assert "yaml/unclosed: 括号 `[` 没有闭合\n" in dxrules("fmt", "-", "--lang", "zh", given="a: [", cwd=folder).err


def test_check_says_how_to_name_a_class(folder):
    change(folder, "mine.yaml", "facts: Card", "facts: Loan")
    assert (
        "help: it can be `Card`, `Account`, `CardEvent`, or any class that is named with `--facts MODULE:CLASS`"
        in dxrules("check", "mine.yaml", cwd=folder).out
    )


# test


def test_test(folder):
    good = dxrules("test", ".", cwd=folder)
    assert (good.code, good.out, good.err) == (0, "2 examples and 2 cases of 1 rule: all pass\n", "")
    change(folder, "mine.cases.yaml", "last_used_days: 91", "last_used_days: 90")
    bad = dxrules("test", "mine.yaml", "mine.cases.yaml", cwd=folder)
    assert bad.code == 1
    assert bad.out == (
        "mine.cases.yaml:5: failed: an idle card\n"
        "  - ASK: expected: fires\n"
        "  + ASK: found: does not fire\n"
        "      > false  idle                 days since it was last used: 90\n"
        '        true   status == "active"  state of the card: in use\n'
        "\n"
        "2 examples and 2 cases of 1 rule, 1 failed\n"
    ).replace("idle                 days", "idle                days")
    data = json.loads(dxrules("test", ".", "--json", cwd=folder).out)
    assert (data["examples"], data["cases"], len(data["failures"])) == (2, 2, 1)
    failure = data["failures"][0]
    assert (failure["kind"], failure["path"], failure["line"], failure["name"]) == (
        "case", "mine.cases.yaml", 5, "an idle card",
    )  # fmt: skip
    assert failure["differences"][0]["rule"] == "ASK"


def test_test_shows_why_an_example_fails(folder):
    change(folder, "mine.yaml", "last_used_days: 90}, fires: false", "last_used_days: 90}, fires: true")
    found = dxrules("test", "mine.yaml", "--lang", "zh", cwd=folder)
    assert found.code == 1
    assert "mine.yaml:14:9: example/contradiction: 按这些事实，`ASK` 不触发；示例却写着 `fires: true`\n" in found.out
    assert found.out.endswith("\n1 条规则、2 个示例、0 个用例，1 个未通过\n")
    assert "    > 不成立  idle                距最近一次使用的天数：90\n" in found.out


def test_test_with_bad_input(folder):
    change(folder, "mine.cases.yaml", "codes: [ASK]", "codes: [ASKS]")
    bad = dxrules("test", ".", cwd=folder)
    assert bad.code == 2
    assert "mine.cases.yaml:7:22: cases/rule: there is no rule `ASKS`" in bad.out
    assert bad.out.endswith("2 examples and 1 case of 1 rule, 1 mistake in cases files\n")
    change(folder, "mine.yaml", "when:", "wen:")
    broken = dxrules("test", ".", cwd=folder)
    assert (broken.code, broken.out) == (2, "")
    assert "key/unknown: a rule has no key `wen`" in broken.err
    assert dxrules("test", "mine.yaml", "nowhere.cases.yaml", cwd=folder).code == 2


def test_coverage(folder):
    found = dxrules("test", ".", "--coverage", cwd=folder)
    assert found.code == 0
    assert found.out == (
        "not seen                  rule, definition or clause\n"
        'mine.yaml:9  never false    status == "active"\n'
        "\n"
        "coverage: 1 of 1 rule and 2 of 3 clauses seen true and false; 0 clauses seen unknown\n"
        "2 examples and 2 cases of 1 rule: all pass\n"
    )
    assert dxrules("test", ".", "--coverage", "--strict", cwd=folder).code == 1
    data = json.loads(dxrules("test", ".", "--coverage", "--json", cwd=folder).out)
    rule, definition = data["coverage"]
    assert rule["seen"] == {"true": 2, "false": 2, "unknown": 0}
    assert rule["clauses"][1] == {
        "text": 'status == "active"', "path": "mine.yaml", "line": 9, "seen": {"true": 4, "false": 0, "unknown": 0},
    }  # fmt: skip
    assert (definition["kind"], definition["name"]) == ("definition", "idle")


def test_the_bundled_rules_pass_and_every_clause_was_seen_true_and_false():
    found = dxrules("test", "--coverage", "--strict")
    assert (found.code, found.err) == (0, "")
    assert "not seen" not in found.out
    assert "coverage: 62 of 62 rules and 170 of 170 clauses seen true and false" in found.out


# fmt


def test_fmt(folder):
    shutil.copytree(ROOT / "rules", folder / "rules")
    bundled = dxrules("fmt", "rules", "--check", cwd=folder)
    assert (bundled.code, bundled.out) == (0, "0 of 7 files would be laid out anew\n")
    change(folder, "mine.yaml", "      - idle", "      -   idle # for long")
    (folder / "mine.yaml").chmod(0o640)
    before = library.load(folder / "mine.yaml").digest
    check = dxrules("fmt", "mine.yaml", "mine.cases.yaml", "--check", cwd=folder)
    assert (check.code, check.err) == (1, "")
    assert check.out.splitlines()[0] == "mine.yaml: would be laid out anew"
    diff = dxrules("fmt", "mine.yaml", "--diff", cwd=folder)
    assert diff.code == 1
    assert "-      -   idle # for long\n+      - idle  # for long\n" in diff.out
    assert dxrules("fmt", "mine.yaml", "--check", "--json", cwd=folder).out == (
        '{"files": 1, "changed": ["mine.yaml"], "diagnostics": []}\n'
    )
    assert "idle # for" in (folder / "mine.yaml").read_text(encoding="utf-8")
    done = dxrules("fmt", ".", cwd=folder)
    assert done.code == 0
    text = (folder / "mine.yaml").read_text(encoding="utf-8")
    assert "      - idle  # for long\n" in text
    assert (folder / "mine.yaml").stat().st_mode & 0o777 == 0o640
    assert library.load(folder / "mine.yaml").digest == before
    assert dxrules("fmt", ".", "--check", cwd=folder).code == 0
    assert dxrules("fmt", "-", given=PACK, cwd=folder).out.startswith("rulebook: mine\nfacts: Card\n\ndefine:\n")
    assert sorted(each.name for each in folder.iterdir()) == ["mine.cases.yaml", "mine.yaml", "rules"]


def test_fmt_leaves_alone_what_is_not_yaml(folder):
    (folder / "bad.yaml").write_text("a: [1\n", encoding="utf-8")
    found = dxrules("fmt", "bad.yaml", "mine.yaml", cwd=folder)
    assert found.code == 2
    assert "bad.yaml:1:4: yaml/unclosed" in found.out
    assert "mine.yaml: laid out anew" in found.out
    assert (folder / "bad.yaml").read_text(encoding="utf-8") == "a: [1\n"
    bad = dxrules("fmt", "-", given="a: [1\n", cwd=folder)
    assert (bad.code, bad.out) == (2, "")
    assert "<stdin>:1:4: yaml/unclosed" in bad.err


# lint


def test_lint(folder):
    good = dxrules("lint", "mine.yaml", cwd=folder)
    assert (good.code, good.out, good.err) == (0, "nothing to say of 1 file\n", "")
    change(folder, "mine.yaml", "  idle:", "  unneeded: lost\n  idle:")
    bad = dxrules("lint", "bundled", "mine.yaml", cwd=folder)
    assert bad.code == 1
    assert bad.out.startswith("mine.yaml:4:3: lint/unused-definition: nothing uses the definition `unneeded`\n")
    assert bad.out.endswith("\n1 finding\n")
    (finding,) = json.loads(dxrules("lint", "mine.yaml", "--json", cwd=folder).out)
    assert finding["code"] == "lint/unused-definition"
    assert dxrules("lint", "mine.yaml", "--format", "github", cwd=folder).out.startswith(
        "::error file=mine.yaml,line=4"
    )
    change(folder, "mine.yaml", "when:", "wen:")
    assert dxrules("lint", "mine.yaml", cwd=folder).code == 2


PATTERNS = """\
rulebook: watch
facts: {card: Card, event: CardEvent}
keep: 30 days
rules:
  CALLED:
    match:
      call: {is: event, when: kind == "outgoing_call"}
    about: call
    warn: custody
    message: {en: "Called at {call.at}.", zh: "{call.at}呼出。"}
    examples:
      - given:
          - {is: event, kind: outgoing_call, card_id: c, at: 2026-01-05 09:00}
        fires: true
      - given:
          - {is: event, kind: charge, card_id: c, at: 2026-01-05 09:00}
        fires: false
"""


def test_pattern_rules(folder):
    (folder / "watch.yaml").write_text(PATTERNS, encoding="utf-8")
    assert dxrules("check", "watch.yaml", cwd=folder).out == "no mistakes in 1 file, 0 rules, 1 pattern rule\n"
    assert dxrules("check", "watch.yaml", "mine.yaml", cwd=folder).out == (
        "no mistakes in 2 files, 1 rule, 1 pattern rule\n"
    )
    good = dxrules("test", "watch.yaml", "mine.yaml", cwd=folder)
    assert (good.code, good.out) == (0, "4 examples and 0 cases of 1 rule, 1 pattern rule: all pass\n")
    assert dxrules("lint", "watch.yaml", cwd=folder).code == 0
    assert dxrules("fmt", "watch.yaml", "--check", cwd=folder).code == 1
    assert dxrules("fmt", "watch.yaml", cwd=folder).code == 0
    assert dxrules("fmt", "watch.yaml", "--check", cwd=folder).code == 0
    change(folder, "watch.yaml", "kind: charge", "kind: outgoing_call")
    bad = dxrules("test", "watch.yaml", cwd=folder)
    assert bad.code == 1
    assert "example/contradiction: with these facts `CALLED` fires; the example says `fires: false`" in bad.out
    assert bad.out.endswith("2 examples and 0 cases of 0 rules, 1 pattern rule, 1 failed\n")
    assert json.loads(dxrules("test", "watch.yaml", "--json", cwd=folder).out)["examples"] == 2


def test_events_are_decided_only_where_rules_are_about_them(folder):
    event = '{"event_id": "e-1", "at": "2026-01-05T09:00:00", "kind": "charge", "card_id": "c-1", "amount_fen": 3}'
    for command in ("eval", "explain"):
        bad = dxrules(command, "-", "--facts", "CardEvent", given=event, cwd=folder)
        assert (bad.code, bad.out) == (2, "")
        assert "no rule decides CardEvent facts by themselves" in bad.err
    assert dxrules("new", "CardEvent", "-o", "events.yaml", cwd=folder).code == 0
    assert dxrules("test", "events.yaml", "--facts", "CardEvent", cwd=folder).code == 0
    good = dxrules("eval", "-", "--rules", "events.yaml", "--facts", "CardEvent", given=event, cwd=folder)
    assert good.code == 0
    assert "FIRST_RULE" in good.out


def test_the_bundled_rules_have_no_findings():
    assert dxrules("lint").out == "nothing to say of 6 files\n"


# schema


def test_schema(folder):
    rules = json.loads(dxrules("schema").out)
    assert rules["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert set(json.loads(dxrules("schema", "--cases").out)["properties"]) >= {"cases", "defaults"}
    assert json.loads(dxrules("schema", "--facts", "Card").out)["properties"]["lost"]["description"] == (
        "the card is lost / 卡片已丢失"
    )
    both = dxrules("schema", "--cases", "--facts", "Card")
    assert (both.code, both.out) == (2, "")
    assert "not allowed with" in both.err


# new


def test_new(folder):
    (folder / "loans.py").write_text(
        "import attrs\n@attrs.frozen\nclass BankLoan:\n    number: str\n    overdue_days: int | None = None\n",
        encoding="utf-8",
    )
    made = dxrules("new", "loans:BankLoan", cwd=folder)
    assert (made.code, made.err) == (0, "")
    assert made.out.splitlines() == [
        "bank_loan_rules.yaml: written. Change it, and then:",
        "  dxrules check bank_loan_rules.yaml --facts loans:BankLoan",
        "  dxrules test bank_loan_rules.yaml --facts loans:BankLoan",
    ]
    for command in ("check", "test", "lint"):
        found = dxrules(command, "bank_loan_rules.yaml", "--facts", "loans:BankLoan", cwd=folder)
        assert (found.code, found.err) == (0, ""), found.out
    again = dxrules("new", "loans:BankLoan", cwd=folder)
    assert (again.code, again.err) == (
        2,
        "dxrules: bank_loan_rules.yaml is there already; name another with `-o FILE`\n",
    )
    assert "facts: BankLoan" in dxrules("new", "loans:BankLoan", "-o", "-", cwd=folder).out
    assert dxrules("new", "-o", "mine-too.yaml", cwd=folder).code == 0
    assert dxrules("fmt", "--check", "mine-too.yaml", "bank_loan_rules.yaml", cwd=folder).code == 0
    assert "rulebook: mine_too\n" in (folder / "mine-too.yaml").read_text(encoding="utf-8")


# explain


def test_explain(folder):
    card = {"card_id": "c-1", "status": "active", "intent": "cancel", "arrears_fen": 3520, "last_used_days": 3}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    import datetime as dt

    decision = library.evaluate(library.structure(card, library.Card), as_of=dt.date(2026, 1, 15))
    day = ("--as-of", "2026-01-15")
    assert dxrules("explain", "card.json", *day, "--lang", "zh", cwd=folder).out == f"{decision.explain().text('zh')}\n"
    found = dxrules("explain", "card.json", *day, "--why-not", "BATCH_CANCEL", "--what-if", "allow=cancel", "--missing",
                    cwd=folder)  # fmt: skip
    assert (found.code, found.err) == (0, "")
    assert found.out == "\n\n".join(
        [
            decision.why_not("BATCH_CANCEL").text(),
            decision.what_if(allow="cancel").text(),
            decision.missing().text(),
        ]
    ) + "\n"  # fmt: skip
    data = json.loads(dxrules("explain", "card.json", *day, "--json", cwd=folder).out)
    assert data["explanation"] == decision.explain().to_dict()
    data = json.loads(dxrules("explain", "card.json", *day, "--what-if", "allow=cancel", "--json", cwd=folder).out)
    assert data["what_if"] == [decision.what_if(allow="cancel").to_dict()]


def test_explain_with_bad_input(folder):
    (folder / "cards.jsonl").write_text('{"card_id": "a"}\n{"card_id": 7}\n', encoding="utf-8")
    several = dxrules("explain", "cards.jsonl", cwd=folder)
    assert (several.code, several.err) == (2, "dxrules: cards.jsonl has several records: say which with `--record N`\n")
    bad = dxrules("explain", "cards.jsonl", "--record", "2", cwd=folder)
    assert bad.code == 2
    assert "cards.jsonl:2: record 2 is no Card:\n  card_id: found 7, allowed is text" in bad.err
    assert "has 2 records, and no record 3" in dxrules("explain", "cards.jsonl", "--record", "3", cwd=folder).err
    rule = dxrules("explain", "cards.jsonl", "--record", "1", "--why-not", "BATCH_CANCLE", cwd=folder)
    assert rule.code == 2
    assert "did you mean `BATCH_CANCEL`?" in rule.err
    data = json.loads(dxrules("explain", "cards.jsonl", "--json", cwd=folder).out)
    assert data == {"error": "cards.jsonl has several records: say which with `--record N`"}
