"""Spark decides tables as `reference` decides facts, cards and fleets alike, and runs no Python to do so."""

import datetime as dt
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path
from random import Random

import attrs
import pytest
from hypothesis import given, settings

import dxrules
from bundled import fleet_of, frame_of_cards
from differential_frames import check
from dxrules import FactWarning, evaluate_fleet_frame, evaluate_frame
from generate import coverage, tables
from generate.rulebooks import recipes
from profiles import PROFILE, examples

pytestmark = [
    pytest.mark.spark,
    # PySpark 4 warns of pandas 3, which is there for other tests
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
LARGE = examples(ci=10, long=100)


@attrs.frozen
class Event:
    key: str
    at: dt.datetime | None = None


def as_spark(table, session):
    """A table as a frame of Spark, with dates and times as Spark has them."""
    from pyspark.sql import types

    simple = {
        "bool": types.BooleanType(), "int": types.LongType(), "float": types.DoubleType(), "text": types.StringType(),
        "enum": types.StringType(), "date": types.DateType(), "datetime": types.TimestampNTZType(),
        "set": types.ArrayType(types.StringType()),
    }  # fmt: skip

    def dtype(type_):
        if type_.kind != "group":
            return simple[type_.kind]
        members = [(name, fact) for name, fact in tables._direct(type_.python) if fact.type.kind != "unreadable"]
        return types.StructType([types.StructField(name, dtype(fact.type)) for name, fact in members])

    schema = types.StructType(
        [types.StructField(name, dtype(table.fact_type.facts[name].type)) for name in table.columns]
    )
    rows = [tuple(row[name] for name in table.columns) for row in table.rows]
    return session.createDataFrame(rows, schema).coalesce(1)


def test_spark_agrees_on_large_rulebooks_that_use_every_construct(spark):
    tried = 0

    @settings(max_examples=LARGE)
    @given(recipes(most_rules=60))
    def agree(recipe):
        nonlocal tried
        tried += 1
        check(recipe, lambda table, _: as_spark(table, spark), rows=12)

    with coverage.observed() as seen:
        agree()
    assert tried >= LARGE
    if PROFILE != "dev":
        assert {key[0] for key in seen} == coverage.all_nodes()


@pytest.fixture(scope="module")
def cards():
    return frame_of_cards()


def test_the_bundled_cases_pass_on_spark(spark, cards):
    frame, expected = cards
    table = spark.createDataFrame(frame.to_arrow())
    found = evaluate_frame(table, on_error="mark")
    rows = {row["card_id"]: row["dx_codes"] for row in found.select("card_id", "dx_codes").collect()}
    assert rows == expected


def test_fleets_pass_on_spark_and_the_plan_runs_no_python(spark):
    fleet = fleet_of(Random(1), 60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FactWarning)
        found = evaluate_fleet_frame(
            spark.createDataFrame(fleet.cards.to_arrow()), spark.createDataFrame(fleet.accounts.to_arrow())
        )
    fleet.compare([row.asDict() for row in found.cards.collect()], [row.asDict() for row in found.accounts.collect()])
    for frame in (found.cards, found.accounts):
        plan = frame._jdf.queryExecution().toString()
        assert re.search(r"concat_ws", plan)
        assert not re.search(r"python|udf", plan, re.IGNORECASE), plan


def test_instants_are_read_in_the_time_zone_of_the_session(spark):
    rules = dxrules.load(
        dxrules.Text("rulebook: e\nfacts: Event\nrules:\n  LATE: {when: at > '2026-01-01 12:00', warn: ,"
                     " message: {en: a, zh: b}}"), facts=[Event])  # fmt: skip
    table = spark.sql("SELECT TIMESTAMP'2026-01-01 12:00:01' AS at, 'a' AS key UNION ALL SELECT NULL, 'b'")
    found = evaluate_frame(table, rulebook=rules, facts=Event)
    answers = {row["key"]: (row["dx_codes"], row["dx_undetermined"]) for row in found.collect()}
    assert answers == {"a": ("LATE", ""), "b": ("", "LATE")}


EXAMPLE = Path(__file__).parents[2] / "examples" / "spark_fleet.py"


def test_the_example_starts_its_own_spark_and_stops_it():
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    done = subprocess.run([sys.executable, str(EXAMPLE)], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:4] == [
        "Python in the plan: no",
        "cards: 1000, wrong rows among them: 1",
        "account-0: live cards 200, in arrears 10: SUSPEND_LOST_FIRST,ACCOUNT_ARREARS_SPILLOVER,REVIEW_IDLE_CARDS",
        "account-1: live cards 200, in arrears None: REVIEW_IDLE_CARDS",
    ]


def test_the_example_says_that_java_is_missing(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {"PATH": str(tmp_path)}
    done = subprocess.run([sys.executable, str(EXAMPLE)], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().endswith(
        "PySpark needs Java 17 or later, and none was found: install it, or set JAVA_HOME to where it is"
    )
