"""Explanations: why a decision is what it is, why a rule does not fire, what is missing, and what would change it.

All of it is data, made when it is asked for; text in English or Chinese is made of the data. `tree` has the data and
`build` makes them, `matched` those of pattern rules; `why_not` marks what stands in a rule's way; `questions` are the
unknown facts worth asking for; `text` and `words` say it all to people; `what_if` finds the smallest changes that reach
a goal.
"""

from dxrules.explain.build import Subject, explain, why_not
from dxrules.explain.matched import explain_match
from dxrules.explain.questions import Question, Questions, missing
from dxrules.explain.tree import Clause, Explanation, MatchedFact, Reading, RuleExplanation
from dxrules.explain.what_if import Change, Proposal, WhatIf

__all__ = [
    "Change", "Clause", "Explanation", "MatchedFact", "Proposal", "Question", "Questions", "Reading",
    "RuleExplanation", "Subject", "WhatIf", "explain", "explain_match", "missing", "why_not",
]  # fmt: skip
