"""Every message of rule files has its Chinese, and none has two: read from the source that makes the messages.

What the messages look like whole is pinned beside the English ones, in `tests/golden`.
"""

import ast
import itertools
import re
import time
from itertools import chain
from pathlib import Path

import attrs
import pytest

import dxrules
from dxrules.chinese import TABLES, chinese, sentences
from dxrules.chinese.catalog import catalog, template
from dxrules.chinese.facts import ALLOWED, FOUND
from dxrules.chinese.phrases import PHRASES, phrase, phrases
from dxrules.errors import Diagnostic, DxRulesError, FactError, FrameError, Problem, RulebookError
from languages import english_words

SOURCE = Path(dxrules.__file__).parent
MESSAGES = [*sorted((SOURCE / "language").rglob("*.py")), SOURCE / "authoring/lints.py", SOURCE / "authoring/cases.py"]
PARTS = [
    SOURCE / f"{name}.py" for name in ("schema", "values", "suggest", "structuring", "facts/reading", "facts/checking")
]
HOLE = "⟨{}⟩"

# Pieces of messages that others are put together of, and texts that are no messages.
PIECES = {
    # pieces
    ", a value of `⟨1⟩`,", "not one of the known values", "not ⟨1⟩", "⟨1⟩ is ⟨2⟩",
    "a list, for ⟨1⟩", "nothing in examples", "⟨1⟩ of at least ⟨2⟩", "⟨1⟩ of ⟨2⟩ known values", "⟨1⟩ known values",
    " and ", " and no ", " or ", "has no value", "takes a number, a text, true or false", "the parameter `⟨1⟩` ⟨2⟩",
    "the character U+⟨1⟩", "`⟨1⟩` is never ⟨2⟩, whatever the facts are",
    "no such file or folder", "the path is not valid", "; it may be in GBK",
    # code, or between two pieces of it in backticks
    "is None", "is not", "is not None", "not ", "not in", "facts: Card", "rulebook: cancellation",
    "⟨1⟩(a condition)⟨0⟩", "` or `⟨1⟩(a condition, another)",
    "⟨1⟩(a fact)` or `⟨2⟩(a fact, a condition)", "rule files end in `⟨1⟩`",
    # in errors that are no diagnostics
    "a number within ±(2^63 - 1), a text, true or false", "a parameter is declared in a rule file", "an empty one",
    "True or False", "True, False, `up` or `down`", "True, False, or the values that it can be set to",
    # pieces of what is allowed
    "⟨1⟩, as a frozenset", "⟨1⟩, as a list", "⟨1⟩, ⟨2⟩ or more",
}  # fmt: skip


def texts_in(path):
    """The texts of a source file that may be said to people, holes numbered."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed = set(chain.from_iterable(map(ast.walk, _never_said(tree))))
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node in passed:
            continue
        text, inside = _text(node)
        if text is not None and _is_said(text):
            yield text
        waiting += inside


def _never_said(tree):
    """Docstrings, patterns, types, what is compared with, and what goes into errors that are no diagnostics."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            yield from (each for each in ast.walk(node) if isinstance(each, ast.Constant))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("re.compile", "re.search", "cast", "typing.cast"):
            yield from node.args[:1]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node
        body = getattr(node, "body", None)
        for before, each in zip([None, *body], body, strict=False) if isinstance(body, list) else ():
            if isinstance(each, ast.Raise) and ast.unparse(each.exc or each).startswith(
                ("DxRulesError(", "AssertionError(")
            ):
                yield each
                if isinstance(before, ast.Assign) and isinstance(each.exc.args[0], ast.Name):
                    yield before


def _text(node):
    """The text that an expression makes, if it makes one of literals, and the expressions in its holes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, []
    if isinstance(node, ast.JoinedStr):
        text, inside = "", []
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += part.value
            else:
                inside.append(part.value)
                text += HOLE.format(len(inside))
        return text, inside
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found = [_text(each) for each in (node.left, node.right)]
        if any(text is not None for text, _ in found):
            return "".join(HOLE.format(0) if text is None else text for text, _ in found), [
                each
                for (text, inside), side in zip(found, (node.left, node.right), strict=True)
                for each in (inside if text is not None else [side])
            ]
    return None, list(ast.iter_child_nodes(node))


def _is_said(text):
    """Whether a text holds words outside backticks, and not just one."""
    return re.search(r"[A-Za-z]{2}.* | [A-Za-z]{2}", re.sub("`[^`]*`", "", text)) is not None


def _or_hole(hole, text):
    return text if re.fullmatch("⟨[0-9]⟩", text) else phrase(hole, text)


def ways(text):
    """The templates that a text with numbered holes may be made from."""
    if text in sentences().whole or text in phrases().whole:
        return [text]
    for each in (sentences(), phrases()):
        found = attrs.evolve(each, translate=_or_hole).ways(text)
        if found:
            return [template.english for template, _ in found]
    return [text] if phrase("<names>", text) else []


def has_chinese(text):
    """Whether a text is made from one template, where some of its holes may bring their own backticks."""
    parts = re.split("(⟨[0-9]⟩)", text)
    forms = itertools.product(*((each, f"`{each}`") if place % 2 else (each,) for place, each in enumerate(parts)))
    return any(len(ways("".join(form))) == 1 for form in forms)


@pytest.mark.parametrize("path", [*MESSAGES, *PARTS], ids=lambda path: path.name)
def test_every_text_in_the_source_has_its_chinese(path):
    assert {text for text in set(texts_in(path)) - PIECES if not has_chinese(text)} == set()


def test_no_piece_is_left_over():
    assert PIECES - {text for path in (*MESSAGES, *PARTS) for text in texts_in(path)} == set()


def test_a_text_without_chinese_is_found(tmp_path):
    """The test above would see a new message, however it is written."""
    source = tmp_path / "new.py"
    source.write_text(
        "def f(report, name, ring):\n"
        '    """Docstring of words."""\n'
        '    help_text = "turn it " + f"round `{name}`"\n'
        '    report(1, "a/code", f"`{name}` goes {\'up the hill\' if ring else ring}", help_text)\n'
        '    raise DxRulesError("no diagnostic at all")\n',
        encoding="utf-8",
    )
    assert set(texts_in(source)) == {"turn it round `⟨1⟩`", "`⟨1⟩` goes ⟨2⟩", "up the hill"}
    assert not any(map(has_chinese, texts_in(source)))


def sample(english, part):
    """A text made from a template, with the same part of a sentence in each hole for one."""
    return re.sub(r"\{[a-z]+\}", "x", re.sub("<[a-z]+>", part, english))


@pytest.mark.parametrize("english", list(chain.from_iterable(TABLES)))
def test_a_template_is_told_from_all_others(english):
    made = sample(english, "⟨1⟩")
    assert ways(made) == [made if made in sentences().whole else english]


@pytest.mark.parametrize("english", [*PHRASES, *FOUND, *ALLOWED])
def test_a_phrase_is_told_from_all_others(english):
    made = sample(english, "`x`")
    assert [made] if made in phrases().whole else [each.english for each, _ in phrases().ways(made)] == [english]


def in_code(code):
    """Code with the words in it that stand for what is to be written."""
    words = {
        "a condition": "条件",
        "another": "另一条件",
        "a fact": "事实",
        "a set": "集合",
        "a date": "日期",
        "text.": "文字.",
    }
    for english, said in words.items():
        code = re.sub(rf"(?<=[(`]){english}(?=[,)s])|(?<=, ){english}(?=\))", said, code)
    return code


@pytest.mark.parametrize(
    ("english", "said"), [pair for table in (*TABLES, PHRASES, FOUND, ALLOWED) for pair in table.items()]
)
def test_chinese_says_as_much_as_english(english, said):
    """The same holes, the same code but where Chinese has to name it, and no English word outside of backticks."""
    assert set(template(english, said).holes) == set(re.findall(r"\{[a-z]+\}|<[a-z]+>", said))
    bare = re.sub("`[^`]*`", "", re.sub(r"\{[a-z]+\}|<[a-z]+>", "", said))
    assert english_words(bare) - {"U", "x"} == set()  # as in U+000B and 0xb7
    assert not re.search("[,;:!?()]|。$", re.sub(r"±\(2\^\d+ - 1\)", "", bare))
    code = [in_code(each) for each in re.findall("`[^`]*`", english)]
    assert [each for each in code if each not in re.findall("`[^`]*`", said)] == []


def test_no_text_stands_twice():
    every = [english for table in TABLES for english in table]
    assert len(set(every)) == len(every)


# What rule files say


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("`delete it` is a set", "`delete it` 是集合"),
        ("`{name}` is a set", "`{name}` 是集合"),
        ("`<type>` is not a date", "`<type>` 不是日期"),
        ("`a` or `b` is a set", "`a` or `b` 是集合"),
        ("`x` is one of `a`, `b` or `c`, `y` is one of `d` or `e`: they cannot be compared",
         "`x` 是 `a`、`b` 或 `c` 之一，`y` 是 `d` 或 `e` 之一，两者不能比较"),
        ("did you mean `a`, `b or c` or `d -> e`?", "您想写的是 `a`、`b or c` 或 `d -> e` 吗？"),
        ("`a`b` is already a parameter", "`a`b` 已是参数"),
        ("`x` is text, `y` is a date: they cannot be compared", "`x` 是文字，`y` 是日期，两者不能比较"),
        ("`x` is not told of", "`x` is not told of"),
        ("`x` is of a kind, `y` is a date: they cannot be compared",
         "`x` is of a kind, `y` is a date: they cannot be compared"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_rule_file_says_is_kept_to_the_letter(english, said):
    assert chinese(english) == said


def test_a_text_that_could_mean_two_things_stays_in_english():
    two = catalog([{"`{a}` and `{b}`": "甲 {a}{b}", "`{a}` and `{b}` too": "乙 {a}{b}"}], phrase)
    assert two.chinese("`x` and `y`") == "甲 xy"
    assert two.chinese("`x` and `y` and `z`") is None


PIECES_OF_HOSTILE_TEXT = (
    "`", "` is a set", "`a`, ", " or `b`", "a set of ", "`x` is text, `y` is ", "<a>{b}", "`x` is one of `a`, ",
    "one of `a`, `",
)  # fmt: skip


@pytest.mark.parametrize("length", [4_000, 100_000])
@pytest.mark.parametrize("piece", PIECES_OF_HOSTILE_TEXT)
@pytest.mark.parametrize(
    "around",
    ["{}", "`{}` is a set", "it can be {}", "`x` is {}: they cannot be compared", "with these facts `{}; the `x`"],
)
def test_hostile_text_takes_no_time(piece, around, length):
    text = around.replace("{}", piece * ((length - len(around)) // len(piece)))
    start = time.perf_counter()
    chinese(text)
    assert time.perf_counter() - start < 2


# Diagnostics


def test_a_diagnostic_in_chinese():
    one = Diagnostic("a.yaml", 2, 7, "name/unknown", "`lst` is a set", "delete it", "when: lst", 6, 3)
    assert one.text() == one.text("en") == str(one)
    assert one.text("zh").split("\n") == [
        "a.yaml:2:7: name/unknown: `lst` 是集合",
        "  2 | when: lst",
        "    |       ^^^",
        "  帮助：请删除",
    ]
    assert one.translated("zh") == attrs.evolve(one, message="`lst` 是集合", help="请删除")
    assert one.translated("en") is one
    assert attrs.evolve(one, help=None).translated("zh").help is None


def test_an_error_in_chinese():
    one = Diagnostic("a.yaml", 1, 1, "a/b", "the condition is empty")
    assert RulebookError([one]).text("zh") == "规则中有 1 处错误\n\na.yaml:1:1: a/b: 条件为空"
    many = RulebookError([one] * 51)
    assert many.text("zh").startswith("规则中有 51 处错误\n\n")
    assert many.text("zh").endswith("\n\n……另有 1 处")
    assert many.text() == str(many)
    assert many.text().endswith("\n\n... and 1 more")


@pytest.mark.parametrize(
    ("found", "allowed", "help_text", "said"),
    [
        ("1", "true, false or unknown", "write True", "f：现为 1，应为真假值或未知；请写 `True`"),
        ("'a b'", "one of `a` or `b`", "did you mean `a`?", "f：现为 'a b'，应为 `a` 或 `b` 之一；您想写的是 `a` 吗？"),
        ("b'1'", "text", None, "f：现为 b'1'，应为文字"),
        ("Usage(calls=3)", "Request or None", None, "f：现为 Usage(calls=3)，应为 Request 或 `None`"),
        ("an empty cell", "text", "it is required", "f：现为空单元格，应为文字；这是必填项"),
        ("'x' in 2 rows, the first of them row 4", "`true` or `false`", None,
         "f：现为 'x'（共 2 行，首见于第 4 行），应为 `true` 或 `false`"),
        ("3", "None while `status` is `open`", None, "f：现为 3，应为 `None`（当 `status` 为 `open` 时）"),
        ("'x'", "what its class accepts", "of its own", "f：现为 'x'，应为该类接受的值；of its own"),
    ],
)  # fmt: skip
def test_a_problem_of_a_fact_in_chinese(found, allowed, help_text, said):
    problem = Problem("f", found, allowed, help_text)
    assert problem.text("zh") == said
    assert problem.text() == str(problem)
    assert attrs.evolve(problem, path="").text("zh") == said.replace("f：", "该事实：", 1)


def test_errors_of_facts_in_chinese():
    problem = Problem("f", "1", "text")
    error = FactError("Card", [problem] * 51)
    assert error.text("zh").startswith("这个 Card 有 51 个问题：\n  f：现为 1，应为文字\n")
    assert error.text("zh").endswith("\n……另有 1 个")
    assert error.text() == str(error)
    assert error.text().endswith("\n... and 1 more")
    frame = FrameError("Card", [problem], rows=(1, 2_000))
    assert frame.text("zh") == "2,000 行中有 1 行不是有效的 Card：\n  f：现为 1，应为文字"
    assert frame.text() == str(frame)


def test_another_language_is_an_error():
    one, problem = Diagnostic("a.yaml", 1, 1, "a/b", "m"), Problem("f", "1", "text")
    for text in (one.text, one.translated, RulebookError([one]).text, problem.text, FactError("F", [problem]).text):
        with pytest.raises(DxRulesError, match="there is no message in `fr`; it can be `en` or `zh`"):
            text("fr")
