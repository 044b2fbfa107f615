"""The reference of the command line is complete: every command, every argument, every option; every code of cases."""

import re
from functools import cache

import pytest

from docs.pages import ROOT, Table, parts, spans
from dxrules.authoring import cases
from dxrules.cli.commands import COMMANDS
from dxrules.cli.exits import MEANING
from dxrules.cli.parser import make_parser

PAGE = ROOT / "docs" / "reference" / "command-line.md"
CASES = ROOT / "docs" / "reference" / "cases.md"


@cache
def sections():
    """The text below each heading of a command."""
    found = re.split(r"^## `dxrules (\w+)`$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_every_command_has_a_section_and_no_other():
    assert list(sections()) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_and_option_is_there_and_no_other(name):
    """As `-r`, `--rules PATH`: the option, its short form, and what it takes."""
    documented = set()
    for part in parts(sections()[name]):
        if isinstance(part, Table) and part.columns[0] == "takes":
            documented.update(" ".join(spans(row["takes"])) for _, row in part.rows)
    taken = set()
    for action in make_parser(name)._actions:
        value = "" if action.nargs == 0 else action.metavar or "|".join(action.choices)
        taken.add(" ".join(filter(None, [*action.option_strings, value])))
    assert documented == taken


def test_the_exit_codes_are_there():
    table = next(part for part in parts(PAGE.read_text(encoding="utf-8"))
                 if isinstance(part, Table) and part.columns[0] == "exit code")  # fmt: skip
    codes = [row["exit code"] for _, row in table.rows]
    assert codes == [*(str(code) for code, _ in MEANING), "130", "141"]


def test_every_key_and_code_of_cases_files_has_an_entry():
    tables = [part for part in parts(CASES.read_text(encoding="utf-8")) if isinstance(part, Table)]
    first = {span for table in tables for _, row in table.rows for span in spans(next(iter(row.values())))}
    keys = {span.partition(":")[0] for span in first}
    assert {*cases.FILE_KEYS, *cases.CASE_KEYS, *cases.EXPECT_KEYS} <= keys
    source = (ROOT / "src" / "dxrules" / "authoring" / "cases.py").read_text(encoding="utf-8")
    assert set(re.findall(r'"(cases/[a-z-]+)"', source)) == {span for span in first if span.startswith("cases/")}
