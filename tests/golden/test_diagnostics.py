"""Each kind of mistake in a rule file, with the whole message that it gets.

A case is a file in `diagnostics/` (or a folder, for mistakes that take several files) that is named after its code,
with a dot for the slash, and beside it the text that loading it gives, `.txt` in English and `.zh.txt` in Chinese.
`UPDATE_GOLDEN=1` writes these texts anew; read what it wrote.
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
from dxrules import Account, Card, CardEvent, RulebookError, Text
from languages import english_left

FOLDER = Path(__file__).parent / "diagnostics"
CASES = sorted(
    [
        *(each.name.removesuffix(".yaml") for each in FOLDER.glob("*.yaml")),
        *(each.name for each in FOLDER.iterdir() if each.is_dir()),
    ]
)
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


def pack(rules):
    return Text(f"rulebook: p\nfacts: Card\nrules:\n{rules}", "p.yaml")


def rule(when="lost", name="A", en="x", more=""):
    return f'  {name}:\n    when: {when}\n    warn:\n    message: {{en: "{en}", zh: "y"}}\n{more}'


def silencing_one_another(count):
    """A chain of rules, each silenced by the one before it."""
    more = "    overrides: [R{}]\n    examples: [{{given: {{lost: false}}, fires: false}}]\n"
    chain = "".join(rule(name=f"R{number}", more=more.format(number + 1)) for number in range(count))
    return pack(chain + rule(name=f"R{count}"))


# Mistakes that take a large file, or no file at all: in English whole, and in Chinese the message and the help.
MADE = {
    "condition/too-long": (
        lambda _: pack(rule("lost" + " or lost" * 1_000)),
        """\
p.yaml:5:11: condition/too-long: the condition has 8004 characters; 8000 are allowed
  5 |     when: lost or lost or lost or lost or lost or lost or lost or lost or lost or lost or lost or lost or lost…
    |           ^
  help: split it with `define` or `all`
""",
        ("条件有 8004 个字符，最多允许 8000 个", "请用 `define` 或 `all` 拆分"),
    ),
    "message/too-long": (
        lambda _: pack(rule(en="x " * 10_001)),
        """\
p.yaml:7:20: message/too-long: the message has 20002 characters; 20000 are allowed
  7 |     message: {en: "x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x …
    |                    ^
  help: say it in fewer words
""",  # noqa: E501
        ("提示有 20002 个字符，最多允许 20000 个", "请写得简短些"),
    ),
    "example/too-many": (
        lambda _: silencing_one_another(1_500),
        """\
p.yaml:8643:16: example/too-many: trying the examples takes too long
  8643 |     examples: [{given: {lost: false}, fires: false}]
       |                ^
  help: let fewer rules override one another, or give fewer examples
""",
        ("逐个验证示例耗时过长", "请减少规则之间的覆盖，或减少示例"),
    ),
    "yaml/too-large": (
        lambda _: Text("#" * (32 * 1024 * 1024 + 1), "p.yaml"),
        """\
p.yaml:1:1: yaml/too-large: the file is larger than 32 MB
  help: split it into several packs
""",
        ("文件超过 32 MB", "请拆成几个规则包"),
    ),
    "file/unreadable": (
        lambda _: "no-such-file.yaml",
        """\
no-such-file.yaml:1:1: file/unreadable: it cannot be read: no such file or folder
  help: a source is a file, a folder, or `dxrules.Text(...)` for a text itself
""",
        ("无法读取：没有这个文件或文件夹", "来源可以是文件、文件夹，或用 `dxrules.Text(...)` 给出的文字"),
    ),
    "file/none": (
        lambda folder: folder / "empty",
        """\
{folder}/empty:1:1: file/none: the folder holds no rule file
  help: rule files end in `.yaml` or `.yml`
""",
        ("文件夹中没有规则文件", "规则文件的扩展名为 `.yaml` 或 `.yml`"),
    ),
}


def loaded(*sources):
    """The text of the error that loading gives."""
    with pytest.raises(RulebookError) as caught:
        dxrules.load(*sources, facts=(Card, Account, CardEvent, Box))
    return caught.value


def code_of(case):
    return "/".join(case.split(".")[:2])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("lang", "ending"), [("en", "txt"), ("zh", "zh.txt")])
def test_the_whole_message(case, lang, ending, monkeypatch):
    monkeypatch.chdir(FOLDER)
    error = loaded(case if Path(case).is_dir() else f"{case}.yaml")
    expected = FOLDER / f"{case}.{ending}"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(f"{error.text(lang)}\n", encoding="utf-8", newline="\n")
    assert f"{error.text(lang)}\n" == expected.read_text(encoding="utf-8")
    assert code_of(case) in {each.code for each in error.diagnostics}
    assert english_left(error.diagnostics) == {}


@pytest.mark.parametrize("code", MADE)
def test_the_whole_message_of_what_is_too_large_to_keep(code, tmp_path):
    (tmp_path / "empty").mkdir()
    source, expected, chinese = MADE[code]
    error = loaded(source(tmp_path))
    assert f"{error}\n" == "1 mistake in the rules\n\n" + expected.replace("{folder}", str(tmp_path))
    (diagnostic,) = error.diagnostics
    said = diagnostic.translated("zh")
    assert (diagnostic.code, (said.message, said.help)) == (code, chinese)


def codes_in_the_source():
    """Every text in the source of the language that is made like a code."""
    found = set()
    for file in (SOURCE / "language").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.findall(r"\A[a-z]+/[a-z-]+\Z", node.value))
    return found


def test_every_code_has_a_case():
    assert codes_in_the_source() == {code_of(case) for case in CASES} | set(MADE)


def test_every_expected_text_has_a_case():
    texts = {each.name for each in FOLDER.glob("*.txt")}
    assert texts == {f"{case}.{ending}" for case in CASES for ending in ("txt", "zh.txt")}


@pytest.mark.parametrize("case", CASES)
def test_messages_are_in_one_style(case, monkeypatch):
    """Lower case, no full stop, and never the words of Python or of a programmer."""
    monkeypatch.chdir(FOLDER)
    for each in loaded(case if Path(case).is_dir() else f"{case}.yaml").diagnostics:
        for text in filter(None, (each.message, each.help)):
            bare = re.sub(r"`.*?`", "", text)
            first = bare[:1]
            assert first == first.lower() or bare.startswith(("None", "YAML")), text
            assert not text.endswith("."), text
            assert not re.search(
                r"\b(NoneType|str|int|float|bool|dict|tuple|token|node|scalar|expression|ast)\b", bare
            ), text
