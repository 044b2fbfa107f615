"""Each kind of mistake in a cases file, with the whole message that it gets, in English and Chinese.

`UPDATE_GOLDEN=1` writes them anew.
"""

import ast
import os
import re
from pathlib import Path

import pytest

import dxrules
from dxrules.authoring import cases
from languages import english_left

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.cases.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize(("lang", "ending"), [("en", ".txt"), ("zh", ".zh.txt")])
def test_the_whole_message(path, lang, ending, monkeypatch):
    monkeypatch.chdir(FOLDER)
    _, found = cases.read_cases(path.name, dxrules.default_rulebook())
    text = "\n\n".join(each.text(lang) for each in found) + "\n"
    assert english_left(found) == {}
    expected = path.with_suffix(ending)
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")


def test_every_code_of_cases_files_is_among_them():
    source = ast.walk(ast.parse(Path(cases.__file__).read_text(encoding="utf-8")))
    texts = (node.value for node in source if isinstance(node, ast.Constant) and isinstance(node.value, str))
    codes = {text for text in texts if re.fullmatch(r"cases/[a-z-]+", text)}
    told = "\n".join(path.with_suffix(".txt").read_text(encoding="utf-8") for path in FILES)
    assert {code for code in codes if f" {code}: " not in told} == set()


def test_a_file_that_cannot_be_read():
    _, (found,) = cases.read_cases("nowhere.cases.yaml", dxrules.default_rulebook())
    assert str(found) == "nowhere.cases.yaml:1:1: file/unreadable: it cannot be read: no such file or directory"
