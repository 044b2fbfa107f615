"""What `import dxrules` offers."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import dxrules

DESIGNED = {
    "evaluate", "evaluate_many", "structure", "load", "Text", "BUNDLED", "default_rulebook", "compile", "Rulebook",
    "Decision", "Outcome", "Undetermined", "Verdict", "Card", "Account", "CancellationRequest", "Usage", "DxRulesError",
    "RulebookError", "FactError", "EngineError", "MissingExtraError",
}  # fmt: skip


def test_the_designed_names_are_public():
    assert set(dxrules.__all__) >= DESIGNED


def test_type_checkers_and_programs_see_the_same_names():
    """The names that type checkers are told of are those that are found at run time, from the same modules."""
    tree = ast.parse(Path(dxrules.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {alias.name: node.module for node in block.body for alias in node.names}
    assert told == {name: f"dxrules.{home}" for name, home in dxrules._HOMES.items()}
    assert sorted(told) == sorted(dxrules.__all__)


@pytest.mark.parametrize("name", dxrules.__all__)
def test_every_public_name_is_there_and_described(name):
    value = getattr(dxrules, name)
    assert name in dir(dxrules)
    assert value.__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'evalute'"):
        _ = dxrules.evalute


@pytest.mark.parametrize(
    "statement",
    ["from dxrules import *", "import dxrules.structuring, dxrules; dxrules.structure", "from dxrules import Card"],
)
def test_names_can_be_imported_in_every_way(statement):
    subprocess.run([sys.executable, "-W", "error", "-c", statement], check=True)
