"""How the parts of rule files and cases files are laid out: the order of keys, lines of their own or one line.

The keys are those of the tables that the readers use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from dxrules.authoring.cases import CASE_KEYS, EXPECT_KEYS, FILE_KEYS, SUFFIX
from dxrules.language.outcomekeys import VALID_KEYS
from dxrules.language.pack import EXAMPLE_KEYS, PACK_KEYS, RULE_KEYS
from dxrules.language.patternpack import (
    ABSENT_KEYS,
    MATCH_KEYS,
    PATTERN_EXAMPLE_KEYS,
    PATTERN_KEYS,
    PATTERN_PACK_KEYS,
)
from dxrules.rulebook import LANGS

# `block`: an entry a line. `flow`: within brackets, filling as many lines as it takes. `fits`: within brackets on one
# line, else an entry a line. `kept`: as `fits` where it was written within brackets, else an entry a line.
Style = Literal["block", "flow", "fits", "kept"]
Blanks = Literal["kept", "never", "always"]


@attrs.frozen(eq=False)
class Shape:
    """The layout of a mapping or list, and of what is in it.

    Attributes:
        style: lines of their own, or brackets.
        order: the keys in their order; others follow as they stand.
        of: the shapes below some keys.
        each: the shape below every other key, and of items; this shape itself where it is None.
        blanks: blank lines between entries.
    """

    style: Style = "kept"
    order: tuple[str, ...] = ()
    of: Mapping[str, Shape] = attrs.field(factory=dict)
    each: Shape | None = None
    blanks: Blanks = "kept"

    def below(self, key: str | None) -> Shape:
        """The shape of what stands below a key, or of an item."""
        return self.of.get(key, self.each or self) if key is not None else self.each or self


ANY = Shape()
VALUES = Shape("flow")
CONDITION = Shape("block")
TARGETS = Shape("block", each=Shape("fits", LANGS))
EXAMPLE = Shape("fits", EXAMPLE_KEYS, {"given": VALUES}, VALUES, "never")
OUTCOME = {"message": Shape("kept", LANGS), "source": VALUES, "valid": Shape("flow", VALID_KEYS)}
RULE = Shape(
    "block",
    RULE_KEYS,
    {
        "when": CONDITION,
        **OUTCOME,
        "overrides": VALUES,
        "examples": Shape("block", each=EXAMPLE),
    },
    ANY,
    "never",
)
PACK = Shape(
    "block",
    PACK_KEYS,
    {
        "parameters": Shape("block", each=VALUES),
        "define": Shape("block", each=CONDITION),
        "gates": Shape("block", each=VALUES),
        "targets": TARGETS,
        "disable": VALUES,
        "rollup": Shape("block", each=CONDITION),
        "fill": Shape("block", each=VALUES),
        "rules": Shape("block", each=RULE, blanks="always"),
    },
    ANY,
    "always",
)
OF_MATCH = {"when": CONDITION, "joined": VALUES, "where": CONDITION}
PATTERN_RULE = Shape(
    "block",
    PATTERN_KEYS,
    {
        "match": Shape("block", each=Shape("kept", MATCH_KEYS, OF_MATCH, ANY, "never"), blanks="never"),
        "absent": Shape("block", each=Shape("kept", ABSENT_KEYS, OF_MATCH, ANY, "never"), blanks="never"),
        "where": CONDITION,
        **OUTCOME,
        "examples": Shape(
            "block",
            each=Shape("block", PATTERN_EXAMPLE_KEYS, {"given": Shape("block", each=VALUES)}, VALUES, "never"),
        ),
    },
    ANY,
    "never",
)
PATTERN_PACK = Shape(
    "block",
    PATTERN_PACK_KEYS,
    {
        "facts": Shape("kept"),
        "parameters": Shape("block", each=VALUES),
        "targets": TARGETS,
        "disable": VALUES,
        "rules": Shape("block", each=PATTERN_RULE, blanks="always"),
    },
    ANY,
    "always",
)
EXPECT = Shape("block", EXPECT_KEYS, each=VALUES, blanks="never")
CASE = Shape("block", CASE_KEYS, {"given": Shape("fits"), "expect": EXPECT}, ANY, "never")
CASES = Shape(
    "block",
    FILE_KEYS,
    {
        "parameters": Shape("block", each=VALUES),
        "defaults": Shape("block", each=Shape("fits")),
        "cases": Shape("block", each=CASE, blanks="always"),
    },
    ANY,
    "always",
)


def shape_of(name: str) -> Shape:
    """The shape of a file, by its name. That of pattern rules takes the place of `PACK` where a file holds these.

    >>> shape_of("loans.cases.yaml") is CASES, shape_of("loans.yaml") is PACK
    (True, True)
    """
    return CASES if name.endswith(SUFFIX) else PACK
