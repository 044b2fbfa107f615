"""Random fact types, rulebooks over them, and facts: what the differential tests try engines with.

Hypothesis draws the sizes and a seed for each part (a rule, a definition, a fact), so it shrinks a failure by
leaving parts out and by making them shallower; what a seed stands for is drawn from `random.Random(seed)`, because a
rulebook takes thousands of choices and Hypothesis some 20 microseconds for each. A rulebook is written as YAML text
and read by the real reader: it must always load.
"""
