"""Each lint, with the whole message that it gives in English and Chinese; and rules that only look like it.

`UPDATE_GOLDEN=1` writes the messages anew; read what it wrote.
"""

import ast
import os
import re
from pathlib import Path

import pytest

from dxrules import Account, Card, CardEvent, Text
from dxrules.authoring import lints
from dxrules.authoring.lints import alike, lint
from dxrules.language.load import examine
from languages import english_left

FOLDER = Path(__file__).parent / "lints"
PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "lints.md"


def found(*sources):
    examined = examine(sources, (Card, Account, CardEvent))
    assert examined.diagnostics == ()
    return lint(examined)


def codes():
    source = ast.walk(ast.parse(Path(lints.__file__).read_text(encoding="utf-8")))
    texts = (node.value for node in source if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in texts if re.fullmatch(r"lint/[a-z-]+", text)}


@pytest.mark.parametrize("names", [("findings",), ("patterns", "definitions", "events")], ids=lambda names: names[0])
@pytest.mark.parametrize(("lang", "ending"), [("en", "txt"), ("zh", "zh.txt")])
def test_the_whole_message(monkeypatch, names, lang, ending):
    monkeypatch.chdir(FOLDER)
    findings = found(*(f"{name}.yaml" for name in names))
    text = "\n\n".join(each.text(lang) for each in findings) + "\n"
    assert english_left(findings) == {}
    expected = FOLDER / f"{names[0]}.{ending}"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")


def test_every_lint_is_among_them():
    assert codes() == set(re.findall(r" (lint/[a-z-]+): ", (FOLDER / "findings.txt").read_text(encoding="utf-8")))


def test_no_finding_where_there_is_nothing():
    assert [each.code for each in found(FOLDER / "none.yaml")] == ["lint/one-sided", "lint/one-sided"]


def test_every_lint_has_an_entry():
    assert codes() == set(re.findall(r"^## `(lint/[^`]+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_rules_with_mistakes_are_not_linted():
    examined = examine([Text("rulebook: p\nfacts: Card\nrules: {A: {when: lots}}\n")], (Card,))
    assert examined.diagnostics
    assert lint(examined) == []


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("wants_cancel", "want_cancel", True),
        ("wants_cancel", "wants_cancle", True),
        ("wants_cancel", "wantsCancel", True),
        ("wants_cancel", "wants_concel", True),
        ("wants_cancel", "wants_cancel", False),
        ("is_a", "is_b", False),
        ("days_30", "days_90", False),
        ("wants_cancel", "wants_port_out", False),
        ("欠费金额元一二", "欠费金额元一三", True),
        ("", "a", False),
    ],
)
def test_alike(one, two, expected):
    assert alike(one, two) is alike(two, one) is expected
