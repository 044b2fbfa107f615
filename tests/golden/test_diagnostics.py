"""Each kind of mistake in a rule file, with the whole message that it gets.

A case is a file in `diagnostics/` (or a folder, for mistakes that take several files) that is named after its code,
with a dot for the slash, and the text that loading it gives beside it. `UPDATE_GOLDEN=1` writes these texts anew;
read what it wrote.
"""

import ast
import datetime as dt
import enum
import os
import re
from pathlib import Path
from typing import Literal

import attrs
import pytest

import dxrules
from dxrules import Account, Card, RulebookError, Text

FOLDER = Path(__file__).parent / "diagnostics"
CASES = sorted([*(each.name.removesuffix(".yaml") for each in FOLDER.glob("*.yaml")), *(each.name for each in FOLDER.iterdir() if each.is_dir())])
SOURCE = Path(dxrules.__file__).parent


class Colour(enum.StrEnum):
    RED = "red"
    GREEN = "green"


@attrs.frozen
class Lid:
    height: int | None = None


@attrs.frozen
class Box:
    """One fact of each type that the bundled classes have none of."""

    key: str
    name: str | None = None
    weight: float | None = None
    made: dt.date | None = None
    sealed: dt.datetime | None = None
    size: Literal["small", "large"] | None = None
    colours: frozenset[Colour] | None = None
    lid: Lid | None = None
    labels: list[str] | None = None
    open: bool | None = None


def rule(when="lost", *, name="A", message='{en: "x", zh: "y"}', more=""):
    return f"  {name}:\n    when: {when}\n    warn:\n    message: {message}\n{more}"


def pack(rules, more=""):
    return Text(f"rulebook: p\nfacts: Card\n{more}rules:\n{rules}", "p.yaml")


SILENCED = "    overrides: [R{}]\n    examples: [{{given: {{lost: true}}, fires: true}}]\n"

# Mistakes that take a large file, or none at all.
MADE = {
    "condition/too-long": (
        lambda: pack(rule("lost" + " or lost" * 1_000)),
        """\
p.yaml:5:11: condition/too-long: the condition has 8004 characters; 8000 are allowed
  5 | …s: Card
rules:
""",
    ),
}


def loaded(*sources):
    """The text of the error that loading gives."""
    with pytest.raises(RulebookError) as caught:
        dxrules.load(*sources, facts=(Card, Account, Box))
    return caught.value


def code_of(case):
    return "/".join(case.split(".")[:2])


@pytest.mark.parametrize("case", CASES)
def test_the_whole_message(case, monkeypatch):
    monkeypatch.chdir(FOLDER)
    error = loaded(case if Path(case).is_dir() else f"{case}.yaml")
    expected = FOLDER / f"{case}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(f"{error}\n", encoding="utf-8", newline="\n")
    assert f"{error}\n" == expected.read_text(encoding="utf-8")
    assert code_of(case) in {each.code for each in error.diagnostics}
