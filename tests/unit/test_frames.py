"""Tables of facts: where facts lie in them, what is wrong with a row, and what is asked for."""

import datetime as dt
import re
import subprocess
import sys
import warnings
from enum import StrEnum
from typing import Literal

import attrs
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dxrules
from dxrules import Card, EngineError, FactWarning, FrameError, MissingExtraError, Text, evaluate_frame, load
from dxrules.facts import checked
from dxrules.schema import note

RULES = """
rulebook: boxes
facts: Box
rules:
  HEAVY: {when: weight > 10, block: ship, severity: high, message: {en: "{weight} kg", zh: "{weight}公斤"}}
  OPEN: {when: not sealed, warn: , message: {en: "open", zh: "未封"}}
  HIGH: {when: lid is not None and lid.height >= 3, inform: , severity: low, message: {en: "high", zh: "高"}}
  OLD: {when: days_since(made) > 30, require: check, message: {en: "old", zh: "旧"}}
"""
DAY = dt.date(2026, 3, 1)


@attrs.frozen
class Lid:
    height: int = attrs.field(metadata=note("height", "高度", minimum=0))
    __attrs_post_init__ = checked


@attrs.frozen(kw_only=True)
class Box:
    key: str
    weight: int | None = None
    sealed: bool | None = None
    made: dt.date | None = None
    kind: Literal["wood", "steel", "unknown"] = "unknown"
    colours: frozenset[Literal["red", "green"]] | None = None
    price: float | None = None
    lid: Lid | None = None
    __attrs_post_init__ = checked


@pytest.fixture(scope="module")
def rules():
    return load(Text(RULES), facts=[Box])


def decide(frame, rules, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FactWarning)
        return evaluate_frame(frame, rulebook=rules, facts=Box, as_of=DAY, **options)


def codes(frame, rules, **options):
    return decide(frame, rules, **options)["dx_codes"].to_list()


def test_the_same_kind_of_table_comes_back_with_columns_added(rules):
    frame = pl.DataFrame({"key": ["a", "b"], "weight": [11, None], "mine": [1, 2]})
    found = decide(frame, rules)
    assert found.columns == [*frame.columns, "dx_codes", "dx_blocked", "dx_undetermined"]
    assert found.rows() == [
        ("a", 11, 1, "HEAVY", "ship", "OPEN,OLD"),
        ("b", None, 2, "", "", "HEAVY,OPEN,OLD"),
    ]
    assert isinstance(decide(frame.to_pandas(), rules), pd.DataFrame)
    assert isinstance(decide(frame.to_arrow(), rules), pa.Table)


def test_row_order_and_the_index_of_pandas_are_kept(rules):
    frame = pd.DataFrame({"key": list("abc"), "weight": [11, 5, 12]}, index=[7, 7, -1])
    found = decide(frame, rules)
    assert list(found.index) == [7, 7, -1]
    assert list(found["dx_codes"]) == ["HEAVY", "", "HEAVY"]
    assert list(frame.columns) == ["key", "weight"], "the caller's frame is left alone"


def test_nothing_lazy_is_collected(rules):
    def explode(frame):
        raise AssertionError("collected")

    frame = pl.LazyFrame({"key": ["a"], "weight": [11]}).map_batches(
        explode, schema={"key": pl.String, "weight": pl.Int64}
    )
    found = decide(frame, rules)
    assert isinstance(found, pl.LazyFrame)
    connection = duckdb.connect()
    connection.execute("CREATE VIEW broken AS SELECT CAST('x' AS INTEGER) AS weight, 'a' AS key")
    found = decide(connection.table("broken"), rules)
    assert found.columns[-1] == "dx_invalid"
    with pytest.raises(duckdb.ConversionException):
        found.fetchall()


def test_what_is_asked_for_is_added(rules):
    frame = pl.DataFrame({"key": ["a", "b"], "weight": [11, None], "sealed": [True, False]})
    found = decide(frame, rules, add=["rules", "severity", "messages_en", "messages_zh"])
    assert found["dx_rule_HEAVY"].to_list() == [True, None]
    assert found["dx_rule_OPEN"].to_list() == [False, True]
    assert found["dx_severity"].to_list() == ["high", "medium"]
    assert found["dx_messages_en"].to_list() == ["11 kg", "open"]
    assert found["dx_messages_zh"].to_list() == ["11公斤", "未封"]
    assert "dx_codes" not in found.columns


def test_a_group_of_nulls_is_unknown_and_a_struct_of_nulls_is_not(rules):
    dotted = pl.DataFrame({"key": ["a", "b"], "lid.height": [3, None]})
    assert decide(dotted, rules, add=["rules"])["dx_rule_HIGH"].to_list() == [True, False]
    structs = pl.DataFrame({"key": ["a", "b"], "lid": [{"height": 3}, None]})
    assert decide(structs, rules, add=["rules"])["dx_rule_HIGH"].to_list() == [True, False]
    empty = pl.DataFrame(
        {"key": ["a"], "lid": [{"height": None}]}, schema_overrides={"lid": pl.Struct({"height": pl.Int64})}
    )
    with pytest.raises(FrameError, match=r"lid.height: found null in row 0"):
        decide(empty, rules)


def test_a_group_in_two_places_is_refused(rules):
    frame = pl.DataFrame({"key": ["a"], "lid": [{"height": 3}], "lid.height": [3]})
    with pytest.raises(EngineError, match="keep one"):
        decide(frame, rules)


BAD = {
    "weight": [2**53, 1, -(2**60)],
    "kind": ["wood", "wodd", None],
    "colours": [["red", "red"], ["blue"], []],
    "price": [float("inf"), 1.0, float("nan")],
    "lid.height": [-1, None, 0],
}


@pytest.mark.parametrize("kind", ["polars", "pandas", "arrow"])
def test_every_wrong_column_is_named_with_its_rows(rules, kind):
    frame = pl.DataFrame({"key": ["a", "b", None], **BAD})
    frame = {"polars": frame, "pandas": frame.to_pandas(), "arrow": frame.to_arrow()}[kind]
    with pytest.raises(FrameError) as caught:
        decide(frame, rules)
    assert caught.value.rows == (3, 3)
    found = {each.path: each.found for each in caught.value.problems}
    assert set(found) == {"key", "weight", "kind", "colours", "price", "lid.height"}
    assert found["weight"] == "9007199254740992 in 2 rows, the first of them row 0"
    assert found["kind"] == "'wodd' in row 1"
    assert found["key"] == "null in row 2"
    assert "3 of 3 rows are no Box" in str(caught.value)


def test_wrong_rows_are_marked_and_the_others_decided(rules):
    frame = pl.DataFrame({"key": ["a", "b", "c"], "weight": [11, -(2**60), 12]})
    found = decide(frame, rules, on_error="mark")
    assert found["dx_codes"].to_list() == ["HEAVY", None, "HEAVY"]
    assert found["dx_invalid"].to_list()[::2] == [None, None]
    assert found["dx_invalid"][1].startswith("weight: found -1152921504606846976, allowed is a whole number")


@pytest.fixture
def recipes(rules):
    """The recipes that the rulebook remembers, none at first."""
    kept = rules.cache.setdefault("frames", {})
    kept.clear()
    return kept


CLEAN = pl.DataFrame(
    {
        "key": ["a", "b", "c", "d"],
        "weight": [11, None, 5, 10],
        "sealed": [True, None, False, None],
        "kind": ["wood", "steel", None, "unknown"],
        "colours": [["red"], [], None, ["green", "red"]],
        "price": [1.0, None, float("nan"), 2.0],
        "lid.height": [3, None, 0, 4],
    }
)
EVERYTHING = ("codes", "blocked", "undetermined", "rules", "severity")
WRONG = {
    "weight": 2**53,
    "kind": "wodd",
    "colours": ["red", "red"],
    "price": float("inf"),
    "lid.height": -1,
    "key": None,
}


def tried(recipes):
    """Of the recipes: whether the one in hope is doubtful, and whether there is a careful one."""
    found = {each.decided.whole: each.doubtful for each in recipes.values() if hasattr(each, "doubtful")}
    return found.get(True), False in found


@pytest.mark.parametrize("on_error", ["raise", "mark"])
def test_a_table_without_wrong_rows_is_not_looked_into_row_by_row(rules, recipes, on_error):
    found = decide(CLEAN, rules, add=EVERYTHING, on_error=on_error)
    assert tried(recipes) == (False, False)
    careful = decide(CLEAN.lazy(), rules, add=EVERYTHING, on_error="mark").collect()
    assert careful["dx_invalid"].null_count() == 4
    assert found.equals(careful if on_error == "mark" else careful.drop("dx_invalid"))
    assert found["dx_codes"].to_list() == ["HEAVY,HIGH", "", "OPEN", "HIGH"]
    assert found["dx_undetermined"].to_list() == ["OLD", "HEAVY,OPEN,OLD", "OLD", "OPEN,OLD"]


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("row", [0, 3])
def test_one_wrong_value_anywhere_is_found(rules, recipes, name, row):
    cells = CLEAN[name].to_list()
    cells[row] = WRONG[name]
    frame = CLEAN.with_columns(pl.Series(name, cells, dtype=CLEAN[name].dtype))
    with pytest.raises(FrameError, match=f"in row {row}") as caught:
        decide(frame, rules)
    assert [each.path for each in caught.value.problems] == [name]
    assert caught.value.rows == (1, 4)
    assert tried(recipes) == (True, True)
    marked = decide(frame, rules, add=EVERYTHING, on_error="mark")
    assert [each is None for each in marked["dx_invalid"]] == [place != row for place in range(4)]
    clean = decide(CLEAN, rules, add=EVERYTHING, on_error="mark")
    others = [place for place in range(4) if place != row]
    names = [each for each in clean.columns if each.startswith("dx_")]
    assert marked.select(names)[others].equals(clean.select(names)[others])
    assert all(each is None for each in marked.select(names[:-1]).row(row))
    lazy = decide(frame.lazy(), rules, add=EVERYTHING).collect()
    assert lazy.equals(marked)


def test_hope_comes_back_with_a_table_that_has_no_wrong_rows(rules, recipes):
    wrong = CLEAN.with_columns(kind=pl.lit("wodd"))
    decide(wrong, rules, on_error="mark")
    assert tried(recipes) == (True, True)
    first = decide(CLEAN, rules, on_error="mark")
    assert tried(recipes) == (False, True)
    assert decide(CLEAN, rules, on_error="mark").equals(first)
    assert decide(wrong, rules, on_error="mark")["dx_codes"].null_count() == 4


def test_a_table_without_rows_has_no_wrong_ones(rules):
    for on_error in ("raise", "mark"):
        found = decide(CLEAN.head(0), rules, add=EVERYTHING, on_error=on_error)
        assert found.height == 0
        assert found["dx_rule_HEAVY"].dtype == pl.Boolean
        assert found["dx_codes"].dtype == pl.String


def test_duckdb_relations_of_the_same_columns_share_a_plan(rules, recipes):
    connection = duckdb.connect()
    lengths = []
    for frame in (CLEAN, CLEAN.with_columns(kind=pl.lit("wodd")), CLEAN.head(0)):
        found = decide(connection.from_arrow(frame.to_arrow()), rules, add=EVERYTHING)
        rows = decide(frame, rules, add=EVERYTHING, on_error="mark")
        names = [each for each in rows.columns if each.startswith("dx_")]
        assert found.columns == rows.columns
        assert found.select(*names).fetchall() == rows.select(names).rows()
        lengths.append(sum(hasattr(each, "doubtful") for key, each in recipes.items() if "DuckDB" in str(key[1])))
    assert lengths == [1, 1, 1]


@pytest.mark.parametrize("add", [["codes"], EVERYTHING])
def test_two_columns_of_one_name_in_duckdb_both_keep_their_values(rules, add):
    """As a join of two tables has them."""
    joined = duckdb.sql("SELECT 'a' AS key, 12 AS weight, 1 AS other, 2 AS other")
    found = decide(joined, rules, add=add)
    assert found.fetchall()[0][:5] == ("a", 12, 1, 2, "HEAVY")


def test_what_is_remembered_of_tables_is_bounded_and_bound_to_its_rules(rules, recipes):
    """Rules that are only a number in a key could go, and others be found under it."""
    for number in range(70):
        frame = CLEAN.with_columns(pl.lit(number).alias(f"other{number}"))
        with pytest.raises(EngineError, match="collect the table first"):  # which is found out behind the columns
            decide(frame.lazy(), rules, add=["messages_en"])
        assert len(recipes) <= 64
    decide(CLEAN, rules)
    assert {key[0] for key in recipes} == {rules.epoch(rules.fact_type_of(Box), DAY)}


def test_a_column_of_the_wrong_type_is_wrong_where_it_has_values(rules):
    frame = pl.DataFrame({"key": ["a", "b"], "weight": [12.0, None], "sealed": [1, None]})
    with pytest.raises(FrameError) as caught:
        decide(frame, rules)
    assert {each.path: each.found for each in caught.value.problems} == {
        "weight": "a column of Float64 in row 0",
        "sealed": "a column of Int64 in row 0",
    }
    assert codes(frame, rules, on_error="mark") == [None, ""]
    nothing = pl.DataFrame({"key": ["a"], "weight": [None], "sealed": [None]}, schema_overrides={"weight": pl.Float64})
    assert codes(nothing, rules) == [""]


def test_zeros_and_ones_are_not_truths_in_pandas_either(rules):
    with pytest.raises(FrameError, match="sealed"):
        decide(pd.DataFrame({"key": ["a"], "sealed": [0]}), rules)


def test_pandas_floats_are_read_as_the_integers_that_they_were(rules):
    frame = pd.DataFrame({"key": ["a", "b"], "weight": [11, None]})
    assert str(frame["weight"].dtype) == "float64"
    assert list(decide(frame, rules)["dx_codes"]) == ["HEAVY", ""]
    with pytest.raises(FrameError, match=r"weight: found 11.5 in row 0"):
        decide(pd.DataFrame({"key": ["a"], "weight": [11.5]}), rules)


def test_midnight_in_pandas_is_a_date_and_another_time_is_not(rules):
    made = pd.to_datetime(pd.Series(["2026-01-01", None]))
    assert list(decide(pd.DataFrame({"key": ["a", "b"], "made": made}), rules)["dx_codes"]) == ["OLD", ""]
    with pytest.raises(FrameError, match=r"made: found 2026-01-01T00:01:00"):
        decide(pd.DataFrame({"key": ["a"], "made": pd.to_datetime(pd.Series(["2026-01-01 00:01"]))}), rules)
    with pytest.raises(FrameError, match="made: found a column of Datetime"):
        decide(pl.DataFrame({"key": ["a"], "made": [dt.datetime(2026, 1, 1)]}), rules)


def test_midnight_in_pandas_is_a_date_in_a_group_too():
    @attrs.frozen
    class Label:
        printed: dt.date | None = None

    @attrs.frozen
    class Jar:
        key: str
        label: Label | None = None

    rule = '  OLD: {when: label.printed < "2026-01-02", warn: , message: {en: a, zh: b}}'
    jars = load(Text(f"rulebook: jars\nfacts: Jar\nrules:\n{rule}"), facts=[Jar])
    cells = [{"printed": pd.Timestamp("2026-01-01")}, {"printed": dt.date(2026, 1, 1)}, {"printed": pd.NaT}, None]
    table = pd.DataFrame({"key": list("abcd"), "label": cells})
    assert list(evaluate_frame(table, rulebook=jars, facts=Jar)["dx_codes"]) == ["OLD", "OLD", "", ""]


def test_sets_may_be_texts_with_bars(rules):
    seen = load(Text("rulebook: b\nfacts: Box\nrules:\n  N: {when: len(colours) == 2, warn: , message: {en: a, zh: b}}"
                     "\n  R: {when: '\"red\" in colours', warn: , message: {en: a, zh: b}}"), facts=[Box])  # fmt: skip
    cells = ["red| green", "|", "", None, "red|red", "red|blue"]
    frame = pl.DataFrame({"key": list("abcdef"), "colours": cells})
    expected = [("N,R", ""), ("", ""), ("", "N,R"), ("", "N,R"), (None, None), (None, None)]
    names = ["dx_codes", "dx_undetermined"]
    assert decide(frame, seen, on_error="mark").select(names).rows() == expected
    assert decide(duckdb.connect().from_arrow(frame.to_arrow()), seen).select(*names).fetchall() == expected


def test_a_null_is_the_default_only_where_the_enum_says_unknown(rules):
    rule = "U: {when: kind == 'unknown', warn: , message: {en: a, zh: b}}"
    seen = load(Text(f"rulebook: b\nfacts: Box\nrules:\n  {rule}"), facts=[Box])
    frame = pl.DataFrame({"key": ["a", "b"], "kind": [None, "wood"]})
    assert codes(frame, seen) == ["U", ""]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(FrameError, match=r"intent: found null in row 0"):
            evaluate_frame(pl.DataFrame({"card_id": ["a"], "intent": [None]}))


def test_one_fact_may_forbid_another_as_on_a_card():
    frame = pl.DataFrame({"card_id": list("abc"), "status": ["active", "cancelled", None], "cancelled_days": [3, 3, 3]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = evaluate_frame(frame, on_error="mark")
    assert [each is not None for each in found["dx_invalid"]] == [True, False, False]
    assert found["dx_invalid"][0].startswith("cancelled_days: found 3, allowed is None while `status` is")


def test_missing_columns_are_said_once_with_what_was_probably_meant(rules):
    with pytest.warns(FactWarning) as caught:
        evaluate_frame(pl.DataFrame({"key": ["a"], "wieght": [1]}), rulebook=rules, facts=Box)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert "`weight` (is it the column `wieght`?)" in str(caught[0].message)
    assert "kind" not in str(caught[0].message), "no rule reads it"
    with pytest.raises(EngineError, match="no column `key`, which every Box needs"):
        evaluate_frame(pl.DataFrame({"weight": [1]}), rulebook=rules, facts=Box)


def test_trusted_values_are_not_checked_and_right_ones_decided_alike(rules):
    frame = pl.DataFrame({"key": ["a", "b"], "weight": [11, None], "kind": ["wood", None]})
    assert codes(frame, rules, on_error="trust") == codes(frame, rules)
    assert codes(frame.with_columns(kind=pl.lit("wodd")), rules, on_error="trust") == ["HEAVY", ""]


def test_tables_without_rows_or_rules(rules):
    assert decide(pl.DataFrame({"key": []}, schema={"key": pl.String}), rules).height == 0
    none = load(Text("rulebook: b\nfacts: Box"), facts=[Box])
    assert decide(pl.DataFrame({"key": ["a"]}), none).rows() == [("a", "", "", "")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"add": ["code"]}, "did you mean `codes`"),
        ({"add": "codes"}, "takes a list"),
        ({"on_error": "skip"}, "`raise`, `mark` or `trust`"),
        ({"as_of": dt.datetime(2026, 1, 1)}, "takes a date"),
    ],
)
def test_wrong_arguments_are_errors(rules, options, message):
    with pytest.raises(EngineError, match=message):
        evaluate_frame(pl.DataFrame({"key": ["a"]}), rulebook=rules, facts=Box, **options)


def test_what_a_lazy_table_cannot_do_is_said(rules):
    frame = pl.LazyFrame({"key": ["a"]})
    with pytest.raises(EngineError, match="on_error='mark'"):
        decide(frame, rules, on_error="raise")
    with pytest.raises(EngineError, match="collect the table first"):
        decide(frame, rules, add=["messages_en"])


def test_other_objects_and_columns_that_are_there_already_are_refused(rules):
    with pytest.raises(EngineError, match="not evaluated over a list"):
        decide([1], rules)
    with pytest.raises(EngineError, match="column `dx_codes` already"):
        decide(decide(pl.DataFrame({"key": ["a"]}), rules), rules)


@pytest.mark.parametrize("name", ["DX_CODES", "__DX_kept"])
def test_names_that_differ_only_in_case_are_one_name_in_duckdb(rules, name):
    with pytest.raises(EngineError, match=f"column `{name}` already"):
        decide(duckdb.sql(f"SELECT 'a' AS key, 'mine' AS \"{name}\""), rules)
    assert name in decide(pl.DataFrame({"key": ["a"], name: ["mine"]}), rules).columns


def test_a_fact_that_a_fleet_fills_is_not_read_from_a_column_in_other_case():
    text = "SELECT 'c' AS card_id, 'a' AS account_id, 'active' AS status, 7 AS \"FLEET_SIZE\""
    with (
        warnings.catch_warnings(action="ignore"),
        pytest.raises(EngineError, match="`FLEET_SIZE` would be taken for the fact `fleet_size`: rename it"),
    ):
        dxrules.evaluate_fleet_frame(duckdb.sql(text))


@pytest.mark.parametrize("column", ["kind", "colours", "lid"])
def test_json_of_duckdb_is_no_text(rules, column):
    made = {"kind": "to_json('wood')", "colours": "[to_json('red')]", "lid": "{'height': to_json(1)}"}[column]
    found = decide(duckdb.sql(f"SELECT 'a' AS key, {made} AS {column}"), rules).project("dx_codes, dx_invalid")
    [(codes, wrong)] = found.fetchall()
    assert codes is None
    assert "JSON" in wrong


@pytest.mark.parametrize("values", [pd.arrays.SparseArray([11, 0]), pd.Series([1j, 2j])])
def test_unusual_columns_of_pandas_are_read_as_others(rules, values):
    table = pd.DataFrame({"key": ["a", "b"], "weight": values})
    found = decide(table, rules, on_error="mark")
    objects = table.assign(weight=table["weight"].astype(object))
    expected = decide(objects, rules, on_error="mark")
    assert found["dx_codes"].equals(expected["dx_codes"])
    assert found["dx_invalid"].isna().equals(expected["dx_invalid"].isna())


@attrs.frozen
class Loan:
    """Its own code changes and checks what it is given."""

    key: str = attrs.field(converter=str.lower)
    days: int | None = attrs.field(default=None, validator=attrs.validators.optional(attrs.validators.lt(100)))


LOANS = "rulebook: l\nfacts: Loan\nrules:\n  A: {when: key == 'a' and days > 3, warn: , message: {en: '{key}', zh: b}}"


def test_code_of_the_class_itself_is_run_row_by_row():
    rules = load(Text(LOANS), facts=[Loan])
    frame = pl.DataFrame({"key": ["A", "b", "a"], "days": [4, 5, 100]})
    found = evaluate_frame(frame, rulebook=rules, facts=Loan, on_error="mark", add=["codes", "rules", "messages_en"])
    assert found["dx_codes"].to_list() == ["A", "", None]
    assert found["dx_rule_A"].to_list() == [True, False, None]
    assert found["dx_messages_en"].to_list() == ["a", "", None]
    assert "days" in found["dx_invalid"][2] or "must be <" in found["dx_invalid"][2]
    with pytest.raises(FrameError, match="1 of 3 rows is no Loan"):
        evaluate_frame(frame, rulebook=rules, facts=Loan)
    with pytest.raises(EngineError, match="python_checks=False"):
        evaluate_frame(frame.lazy(), rulebook=rules, facts=Loan)
    lazy = evaluate_frame(frame.lazy(), rulebook=rules, facts=Loan, python_checks=False).collect()
    assert lazy["dx_codes"].to_list() == ["", "", "A"], "without its code the class takes what it is given"


NASTY = Literal["a'; DROP TABLE cards; --", "b\\", 'c"d', "%_"]


@attrs.frozen
class Nasty:
    name: str | None = None
    kind: NASTY | None = None


def test_text_of_rules_and_rows_is_never_sql():
    rules = load(
        Text("""
rulebook: nasty
facts: Nasty
rules:
  NAMED:
    when: name == "x'; DROP TABLE cards; --" or name.startswith("%_'\\\\")
    warn: "it's"
    message: {en: "a'b", zh: "a'b"}
  OF_A_KIND:
    when: kind in ("a'; DROP TABLE cards; --", "b\\\\", 'c"d')
    block: ship
    message: {en: "a", zh: "a"}
"""),
        facts=[Nasty],
    )
    names = ["x'; DROP TABLE cards; --", "%_'\\zz", "%xx", "", None, "\0", "x"]
    kinds = ["a'; DROP TABLE cards; --", "b\\", 'c"d', "%_", None, "zzz'", "a"]
    table = pl.DataFrame({"name": names, "kind": kinds})
    connection = duckdb.connect()
    connection.from_arrow(table.to_arrow()).create("cards")
    relation = evaluate_frame(connection.table("cards"), rulebook=rules, facts=Nasty)
    found = relation.project("dx_codes, dx_blocked, dx_invalid").fetchall()
    assert [row[0] for row in found] == ["NAMED,OF_A_KIND", "NAMED,OF_A_KIND", "OF_A_KIND", "", "", None, None]
    assert [row[1] for row in found] == ["ship", "ship", "ship", "", "", None, None]
    assert found[5][2].startswith("kind: found 'zzz''")
    assert connection.table("cards").fetchall() == table.rows()
    marked = evaluate_frame(table, rulebook=rules, facts=Nasty, on_error="mark")
    assert marked.select("dx_codes", "dx_blocked").rows() == [row[:2] for row in found]


def test_duckdb_plans_are_projections_of_expressions(rules):
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE boxes AS SELECT 'a' AS key, 11 AS weight, DATE '2026-01-01' AS made, ['red'] AS colours"
    )
    plan = decide(connection.table("boxes"), rules).explain()
    assert "dx_codes" in plan
    assert set(re.findall(r"╭─ ([A-Z_a-z ]+?) ─", plan)) == {"Projection", "Seq Scan"}
    assert "python" not in plan.lower()


def test_without_polars_it_is_said_what_to_install(tmp_path):
    program = (
        "import sys; sys.modules['polars'] = None\n"
        "import pyarrow as pa, dxrules\n"
        "try: dxrules.evaluate_frame(pa.table({'card_id': ['a']}))\n"
        "except dxrules.MissingExtraError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert 'pip install "dxrules[frames]"' in done.stdout
    assert MissingExtraError.__doc__


def test_the_bundled_rules_are_the_default():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = evaluate_frame(pl.DataFrame({"card_id": ["c"], "status": ["active"], "lost": [True]}))
    assert (
        found["dx_codes"][0].split(",")[0] == dxrules.evaluate(Card(card_id="c", status="active", lost=True)).codes[0]
    )


class Sort(StrEnum):
    ONE = "one"
    TWO = "two"


@attrs.frozen
class Inner:
    sorts: frozenset[Sort] | None = None
    count: int | None = None


@attrs.frozen
class Outer:
    inner: Inner | None = None


def test_groups_in_objects_of_pandas_may_begin_with_empty_lists():
    rules = load(
        Text("""
rulebook: groups
facts: Outer
rules:
  ONE: {when: '"one" in inner.sorts', inform: , message: {en: a, zh: a}}
  MANY: {when: inner.count > 1, inform: , message: {en: a, zh: a}}
  NONE: {when: inner is None, inform: , message: {en: a, zh: a}}
"""),
        facts=[Outer],
    )
    cells = [{"sorts": []}, {"sorts": ["one"], "count": 2}, {"sorts": None, "count": None}, None, {}]
    frame = pd.DataFrame({"inner": pd.Series(cells, dtype=object)})
    found = evaluate_frame(frame, rulebook=rules, facts=Outer)
    assert list(found["dx_codes"]) == ["", "ONE,MANY", "", "NONE", ""]
    assert list(found["dx_undetermined"]) == ["MANY", "", "ONE,MANY", "ONE,MANY", "ONE,MANY"]
    cells[0] = {"sorts": [], "count": "two"}
    marked = evaluate_frame(
        pd.DataFrame({"inner": pd.Series(cells, dtype=object)}), rulebook=rules, facts=Outer, on_error="mark"
    )
    assert marked["dx_invalid"].notna()[0]
