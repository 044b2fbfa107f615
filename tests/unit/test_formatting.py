"""The one layout of rule files: what is written stays, and it is the same the second time."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from dxrules.authoring.comments import comments_of
from dxrules.authoring.formatting import layout
from dxrules.authoring.shapes import PACK, shape_of
from dxrules.language.reader import decode, read
from dxrules.source import Source
from generate.comments import scattered
from generate.rulebooks import case_of, load, recipes
from profiles import examples

RULES = Path(__file__).parent.parent.parent / "rules"


def formatted(text, shape=PACK):
    found, mistakes = layout(Source("a.yaml", text), shape)
    assert mistakes == []
    return found


def comments(text):
    root, _ = read(Source("a.yaml", text))
    return sorted(each.text for each in comments_of(root))


@settings(max_examples=examples(ci=120, long=5_000))
@given(recipes(), st.integers(0, 2**32))
def test_random_rulebooks_keep_meaning_and_comments_and_are_laid_out_once(recipe, seed):
    case = case_of(recipe)
    texts = [scattered(text, Random(f"{seed} {place}")) for place, text in enumerate(case.texts)]
    for text in texts:
        note(text)
    found = [formatted(text) for text in texts]
    for text in found:
        note(text)
    assert load(found, case.fact_types).digest == load(case.texts, case.fact_types).digest
    assert [comments(text) for text in found] == [comments(text) for text in texts]
    assert [formatted(text) for text in found] == found


UNTIDY = """\
# About the whole file.

# Whose cards.
facts: Card # of one holder
rulebook: 'mine'
rules:
  A: {when: lost, # why
      warn: , message: {en: x, # said
      zh: y}
      # at the end
      } # behind
  # before B
  B:
    # above the message
    message:
      zh: 'it''s'   # single
      en: >-  # folded
        some text
        more

    when:
    - lost   # l
    # about misuse
    - misused is not
        True
    # below the list
    # above the examples
    examples:
      # first
      - given: {}
        fires: unknown
        # below the example
      # below the examples

    warn:
    # below B
  # above C
  C:
    when:
      any: [lost, # either
        misused]
    inform: ~
    priority: 3
    source: [S01, S02]
    message: {en: "a", zh: "b"}
# the end
"""

TIDY = """\
# About the whole file.

rulebook: "mine"

# Whose cards.
facts: Card  # of one holder

rules:
  # behind
  A:
    when: lost  # why
    warn:       # said
    message: {en: x, zh: y}
    # at the end

  # before B
  B:
    when:
      - lost  # l
      # about misuse
      - misused is not True
    warn:
    # above the message
    message:
      en: >-  # folded
        some text
        more
      zh: "it's"  # single
    # below the list
    # above the examples
    examples:
      # first
      - {given: {}, fires: unknown}
      # below the example
      # below the examples
    # below B

  # above C
  C:
    when:
      any:
        - lost  # either
        - misused
    inform: ~
    priority: 3
    message: {en: "a", zh: "b"}
    source: [S01, S02]
# the end
"""


def test_the_layout_is_pinned():
    assert formatted(UNTIDY) == TIDY
    assert formatted(TIDY) == TIDY


def test_long_lists_and_examples_take_more_lines():
    names = [f"a_long_source_{number:02}" for number in range(12)]
    given = ", ".join(f"fact_number_{number}: {number}" for number in range(8))
    text = f"rules:\n  A:\n    source: [{', '.join(names)}]\n    examples: [{{given: {{{given}}}, fires: true}}]\n"
    assert formatted(text) == (
        "rules:\n  A:\n"
        "    source: [a_long_source_00, a_long_source_01, a_long_source_02, a_long_source_03, a_long_source_04, a_long_source_05,\n"  # noqa: E501
        "             a_long_source_06, a_long_source_07, a_long_source_08, a_long_source_09, a_long_source_10, a_long_source_11]\n"  # noqa: E501
        "    examples:\n"
        "      - given: {fact_number_0: 0, fact_number_1: 1, fact_number_2: 2, fact_number_3: 3, fact_number_4: 4,\n"
        "                fact_number_5: 5, fact_number_6: 6, fact_number_7: 7}\n"
        "        fires: true\n"
    )
    assert formatted(formatted(text)) == formatted(text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a: [b\n   c]\n", "a: [b c]\n"),
        ("a: b\r\nc: d\r\n", "a: b\r\nc: d\r\n"),
        ("\ufeffa: b\n", "a: b\n"),
        ("--- # begin\na: b\n", "# begin\na: b\n"),
        ("? a\n: b\n", "a: b\n"),
        ("a:   |\n     x\n      y\n", "a: |\n  x\n   y\n"),
        ("a: |2\n    x\n  y\nb: c\n", "a: |2\n    x\n  y\n\nb: c\n"),
        ("a: |+\n  x\n\n\nb: c\n", "a: |+\n  x\n\n\nb: c\n"),
        ('a: "b\\\n  c"\n', 'a: "b\\\n  c"\n'),
        ("rules:\n  A:\n    examples:\n    - given:\n        name: a, b\n      fires: true\n",
         'rules:\n  A:\n    examples:\n      - {given: {name: "a, b"}, fires: true}\n'),
        ("[]\n", "[]\n"),
        ("# a\n\nb\n# c\n", "# a\n\nb\n# c\n"),
        ("a: 'say \"x\"'\n", "a: 'say \"x\"'\n"),
        ("欠费: '金额'  # 元\n较长的名字: 1  # 分\n", '欠费: "金额"   # 元\n较长的名字: 1  # 分\n'),
    ],
)  # fmt: skip
def test_what_yaml_can_look_like(written, expected):
    assert formatted(written) == expected
    assert formatted(expected) == expected


def test_what_is_not_yaml_is_told_and_not_laid_out():
    text, mistakes = layout(Source("a.yaml", "a: [b\n"))
    assert text is None
    assert [each.code for each in mistakes] == ["yaml/unclosed"]


@pytest.mark.parametrize("path", sorted(RULES.glob("*.yaml")), ids=lambda path: path.name)
def test_the_bundled_files_are_laid_out(path):
    text = path.read_text(encoding="utf-8")
    assert formatted(text, shape_of(path.name)) == text


GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.yaml")), ids=lambda path: path.name)
def test_files_with_mistakes_in_their_rules_are_laid_out_or_refused_as_yaml(path):
    source, mistakes = decode(str(path), path.read_bytes())
    text = None
    if source is not None:
        text, mistakes = layout(source, shape_of(path.name))
    if text is None:
        assert mistakes
        assert all(each.code.startswith("yaml/") for each in mistakes)
    else:
        assert formatted(text, shape_of(path.name)) == text
