"""Chinese for what is said of rule files and of facts: the messages and helps of diagnostics, and problems.

A message is written once, in English, in the line of code that finds the mistake, and a diagnostic holds it as plain
text. Here every such text stands beside its Chinese, as a pair of templates; a finished text is looked up when somebody
wants to read Chinese, and not before.

The other way was weighed: messages made of a template and its parts, rendered in a language at the end. It would
have put a call between the reader and each of some 250 sentences, and made a diagnostic something other than
the plain values that are compared, pickled, sent as JSON and kept in files. Looking up costs what it would have got
for nothing: that every text has its Chinese, and no text has two. Tests hold both, by reading the source.

`catalog` looks up, `phrases` holds parts of sentences, and the other modules hold the sentences, by what
they are about.
"""

from __future__ import annotations

import functools

from dxrules.chinese.authoring import CASES, LINTS
from dxrules.chinese.catalog import Catalog, catalog
from dxrules.chinese.conditions import MESSAGES, NAMES, TYPES, WORDS
from dxrules.chinese.facts import PROBLEMS, RECORDS
from dxrules.chinese.files import FILES, YAML
from dxrules.chinese.helps import HELPS
from dxrules.chinese.patterns import PATTERNS, ROLLUPS
from dxrules.chinese.phrases import part, phrase
from dxrules.chinese.rules import EXAMPLES, KEYS, OUTCOMES, PACKS

TABLES = (
    HELPS, PROBLEMS, RECORDS, FILES, YAML, KEYS, PACKS, OUTCOMES, EXAMPLES, WORDS, TYPES, NAMES, MESSAGES, PATTERNS,
    ROLLUPS, LINTS, CASES,
)  # fmt: skip


@functools.cache
def sentences() -> Catalog:
    """All messages and helps."""
    return catalog(TABLES, phrase)


def chinese(text: str) -> str:
    """A message or a help in Chinese; one that is not known stays in English.

    >>> chinese("`lst` is not a fact, parameter or definition of `Card`")
    '`lst` 不是 `Card` 的事实、参数或定义'
    """
    return sentences().chinese(text) or part(text) or text  # a phrase may be all that there is to say
