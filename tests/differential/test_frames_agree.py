"""The frame engine decides the rows of every kind of table as `reference` decides the facts that they are."""

import warnings
from random import Random

import duckdb
import pytest
from hypothesis import given, note, settings

from dxrules import engines
from dxrules.frames import evaluate_frame
from generate import tables
from generate.rulebooks import case_of, days_of, recipes
from profiles import examples

OTHERS = examples(ci=50, long=500)
MAKERS = {
    "polars": (lambda table, rng: tables.as_polars(table, rng), examples(ci=200, long=2_000)),
    "polars lazy": (lambda table, rng: tables.as_polars(table, rng).lazy(), OTHERS),
    "arrow": (lambda table, rng: tables.as_arrow(table), OTHERS),
    "duckdb": (lambda table, rng: tables.as_duckdb(table, duckdb.connect()), OTHERS),
    **{name: (lambda table, rng, make=make: make(table), OTHERS) for name, make in tables.PANDAS.items()},
}


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
            found = evaluate_frame(
                make(table, rng), rulebook=rulebook, facts=fact_type.cls, as_of=day, on_error="mark"
            )
        answers = tables.rows_of(found, ["dx_codes", "dx_blocked", "dx_undetermined", "dx_invalid"])
        for place, (row, want) in enumerate(zip(answers, wanted, strict=True)):
            assert (*row[:3], row[3] is not None) == want, f"row {place}: {row} for {want}"


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_table_agrees(kind):
    make, count = MAKERS[kind]

    @settings(max_examples=count)
    @given(recipes())
    def agree(recipe):
        check(recipe, make, nan="pandas" not in kind, null_is_nan=kind == "pandas numpy")

    agree()
