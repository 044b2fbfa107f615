"""The cards of rules/bundled.cases.yaml, and fleets, as tables of every kind."""

from random import Random

import duckdb
import polars as pl
import pytest

from bundled import fleet_of, frame_of_cards
from dxrules import evaluate_fleet_frame, evaluate_frame
from generate.tables import rows_of

KINDS = {
    "polars": lambda frame: frame,
    "polars lazy": lambda frame: frame.lazy(),
    "arrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
    "pandas": lambda frame: frame.to_pandas(),
    "pandas arrow": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_cases_pass_as_a_table_of_every_kind(kind):
    frame, expected = frame_of_cards()
    found = evaluate_frame(KINDS[kind](frame), on_error="mark")
    assert rows_of(found, ["dx_invalid"]) == [(None,)] * len(expected)
    assert dict(rows_of(found, ["card_id", "dx_codes"])) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_a_fleet_in_tables_is_decided_as_one_of_facts(kind, seed):
    fleet = fleet_of(Random(seed), 40)
    found = evaluate_fleet_frame(KINDS[kind](fleet.cards), KINDS[kind](fleet.accounts), on_error="mark")
    fleet.compare(_dicts(found.cards), _dicts(found.accounts))


def _dicts(frame):
    frame = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    names = frame.column_names if hasattr(frame, "column_names") else list(frame.columns)
    names = [name for name in names if name not in ("request", "usage", "bound_services")]
    return [dict(zip(names, row, strict=True)) for row in rows_of(frame, names)]
