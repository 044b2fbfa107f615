"""What every test of a random table does: decide its rows, and compare with `reference`."""

import warnings
from random import Random

from hypothesis import note

from dxrules import engines, evaluate_frame
from generate import tables
from generate.rulebooks import case_of, days_of


def expected(engine, fact, day, operations):
    """What a row must say, by `reference`."""
    if fact is tables.ABSENT:
        return None, None, None, True
    decision = engine.evaluate(fact, day)
    blocked = ",".join(each for each in operations if decision.verdict(each) == "blocked")
    return ",".join(decision.codes), blocked, ",".join(each.rule for each in decision.undetermined), False


def check(recipe, make, *, nan=True, null_is_nan=False, rows=12):
    """One rulebook and one table of each of its fact types."""
    case = case_of(recipe)
    for text in case.texts:
        note(text)
    rulebook = case.load()
    reference = engines.make(rulebook, "reference")
    rng = Random(recipe.seed)
    for fact_type in filter(tables.can_be_held, case.fact_types):
        table = tables.table(rng, fact_type, case.constants, rows=rows, nan=nan)
        (day,) = days_of(rulebook, rng, 1)
        note(f"{fact_type.name} as of {day}: {table.columns}\n" + "\n".join(map(str, table.rows)))
        operations = sorted(rulebook.operations)
        meant = tables.nan_for_null(table) if null_is_nan else table
        wanted = [expected(reference, fact, day, operations) for fact in meant.facts()]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = evaluate_frame(make(table, rng), rulebook=rulebook, facts=fact_type.cls, as_of=day, on_error="mark")
        answers = tables.rows_of(found, ["dx_codes", "dx_blocked", "dx_undetermined", "dx_invalid"])
        for place, (row, want) in enumerate(zip(answers, wanted, strict=True)):
            assert (*row[:3], row[3] is not None) == want, f"row {place}: {row} for {want}"
