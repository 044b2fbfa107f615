"""The one layout of rule files: what is written stays, and it is the same the second time."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

import dxrules
from dxrules.authoring.comments import comments_of
from dxrules.authoring.formatting import layout
from dxrules.authoring.shapes import CASES, PACK
from dxrules.language.reader import read
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


@settings(max_examples=examples(ci=150, long=5_000))
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
