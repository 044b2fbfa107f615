"""The reference is complete: every public name, every diagnostic."""

import ast
import inspect
import re
from functools import cache

import pytest

import dxrules
from docs.pages import ROOT, Block, Table, parts, spans

API = ROOT / "docs" / "reference" / "api.md"
DIAGNOSTICS = ROOT / "docs" / "reference" / "diagnostics.md"
SOURCE = ROOT / "src" / "dxrules" / "language"

CODE = re.compile(r"[a-z]+/[a-z-]*[a-z]")
PUT_TOGETHER = re.compile(r"[a-z]+/(?:[a-z-]+-)?")


def text_of(page):
    assert page.is_file(), f"{page.relative_to(ROOT)} is not written yet"
    return page.read_text(encoding="utf-8")


@cache
def codes_in_source():
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and CODE.fullmatch(text):
                found.add(text)
            if isinstance(text, str) and PUT_TOGETHER.fullmatch(text):
                pytest.fail(f"{file.name}:{node.lineno}: `{text}`: a code is written whole, so that it can be found")
    return found


@cache
def codes_in_reference():
    """The codes that have an entry: a heading, or a row of a table."""
    page = text_of(DIAGNOSTICS)
    found = set(re.findall(r"^#+ `([^`]+)`$", page, re.MULTILINE))
    for part in parts(page):
        if isinstance(part, Table) and part.columns[0] == "code":
            found.update(code for _, row in part.rows for code in spans(row["code"]))
    return found


@cache
def codes_with_example():
    """The codes that some text on the page gives; that it does, the page's own test holds."""
    found = set()
    for part in parts(text_of(DIAGNOSTICS)):
        if isinstance(part, Table) and part.columns[0] == "code" and "instead" in part.columns:
            found.update(spans(row["code"])[0] for _, row in part.rows)
        elif isinstance(part, Block):
            found.update(word.strip() for word in part.marks.get("diagnostics", "").split(","))
            if part.language == "python" and "skip" not in part.marks:
                found.update(CODE.findall(part.text))
    return found


@pytest.mark.parametrize("name", dxrules.__all__)
def test_a_public_name_has_a_docstring(name):
    public = getattr(dxrules, name)
    described = public if inspect.isroutine(public) or isinstance(public, type) else type(public)
    assert inspect.getdoc(described), f"dxrules.{name} has no docstring"


@pytest.mark.parametrize("name", dxrules.__all__)
def test_a_public_name_is_in_the_reference(name):
    written = [*re.findall(r"`+[^`]+`+", text_of(API)), *re.findall(r"^#+ .*$", text_of(API), re.MULTILINE)]
    assert any(re.search(rf"\b{name}\b", each) for each in written), f"api.md does not have `{name}`"


def test_every_diagnostic_has_an_entry():
    assert sorted(codes_in_source() - codes_in_reference()) == []


def test_every_entry_is_a_diagnostic():
    assert sorted(codes_in_reference() - codes_in_source()) == []


def test_every_diagnostic_has_an_example():
    assert sorted(codes_in_source() - codes_with_example()) == []
