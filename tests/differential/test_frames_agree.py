"""The frame engine decides the rows of every kind of table as `reference` decides the facts that they are."""

import duckdb
import pytest
from hypothesis import given, settings

from differential_frames import check
from generate import tables
from generate.rulebooks import recipes
from profiles import examples

OTHERS = examples(ci=50, long=500)
MAKERS = {
    "polars": (tables.as_polars, examples(ci=200, long=2_000)),
    "polars lazy": (lambda table, rng: tables.as_polars(table, rng).lazy(), OTHERS),
    "arrow": (lambda table, _: tables.as_arrow(table), OTHERS),
    "duckdb": (lambda table, _: tables.as_duckdb(table, duckdb.connect()), OTHERS),
    **{name: (lambda table, _, make=make: make(table), OTHERS) for name, make in tables.PANDAS.items()},
}


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_of_table_agrees(kind):
    make, count = MAKERS[kind]

    @settings(max_examples=count)
    @given(recipes())
    def agree(recipe):
        check(recipe, make, nan="pandas" not in kind, null_is_nan=kind == "pandas numpy")

    agree()
