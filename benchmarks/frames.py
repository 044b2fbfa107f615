"""Tables of a million cards beside expressions and SQL written by hand, on the 12-rule workload, in one run.

    python -m benchmarks.frames [--rows 1000000] [--rounds 9] [--quick]

Peak memory is that of a process of its own for each thing measured, over one that only makes the table. Exits with 1
when a target is missed or an answer is wrong. The targets hold for what is done by default: with every value checked.
"""

import argparse
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs from anywhere, as a plain script

import attrs
import duckdb
import numpy as np
import polars as pl

import dxrules
from benchmarks import synthetic
from benchmarks.memory import peak_memory
from benchmarks.workload import (
    CODES,
    FACTS,
    RULEBOOK,
    BenchCard,
    Channel,
    HolderType,
    Reason,
    Status,
    floor,
    known_cards,
)
from dxrules import Text, evaluate_frame, evaluate_many, load


def columns(cards: Sequence[Any], rows: int, facts: Sequence[str] = FACTS) -> pl.DataFrame:
    """A table of cards, drawn with repetition from some."""
    base = pl.DataFrame({name: [_cell(getattr(card, name)) for card in cards] for name in facts})
    picked = np.random.default_rng(20240912).integers(0, len(base), rows)
    return base[picked]


def _cell(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return str(value) if isinstance(value, str) else value


def by_hand() -> dict[str, pl.Expr]:
    """The twelve rules as somebody writes them."""
    c = pl.col
    wants = c("cancel_requested")
    return {
        "SETTLE_ARREARS": wants & (c("arrears_fen") > 0),
        "SUSPEND_NOW": (c("lost") | c("stolen")) & (c("status") == "active"),
        "CONTACT_OPERATOR": c("lost") | c("stolen"),
        "BATCH_CANCEL": (c("reason") == "business_change")
        & (c("holder_type") == "enterprise")
        & (c("fleet_size") >= 2),
        "PREPARE_IDENTITY": wants & ~c("id_document_ready"),
        "PREPARE_CARD_DETAILS": wants & ~c("card_details_ready"),
        "BACK_UP": wants & ~c("data_backed_up"),
        "PROTECT_PERSONAL_DATA": wants & c("holds_personal_data"),
        "CANCEL_IDLE": (c("idle_days") >= 90) & (c("monthly_fee_fen") > 0) & (c("status") == "active") & ~wants,
        "BRING_ID": wants & (c("channel") == "store") & ~c("id_document_ready"),
        "COMPLIANCE": c("complaints_30d") >= 3,
        "ALREADY": wants & c("status").is_in(["cancelled", "pending_cancellation"]),
    }


SQL = {
    "SETTLE_ARREARS": "cancel_requested AND arrears_fen > 0",
    "SUSPEND_NOW": "(lost OR stolen) AND status = 'active'",
    "CONTACT_OPERATOR": "lost OR stolen",
    "BATCH_CANCEL": "reason = 'business_change' AND holder_type = 'enterprise' AND fleet_size >= 2",
    "PREPARE_IDENTITY": "cancel_requested AND NOT id_document_ready",
    "PREPARE_CARD_DETAILS": "cancel_requested AND NOT card_details_ready",
    "BACK_UP": "cancel_requested AND NOT data_backed_up",
    "PROTECT_PERSONAL_DATA": "cancel_requested AND holds_personal_data",
    "CANCEL_IDLE": "idle_days >= 90 AND monthly_fee_fen > 0 AND status = 'active' AND NOT cancel_requested",
    "BRING_ID": "cancel_requested AND channel = 'store' AND NOT id_document_ready",
    "COMPLIANCE": "complaints_30d >= 3",
    "ALREADY": "cancel_requested AND status IN ('cancelled', 'pending_cancellation')",
}


def seconds(work: Callable[[], Any]) -> float:
    """How long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> tuple[float, float, float]:
    """The best time of each, and the median of how many times quicker ours is than theirs, turn about."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return min(a for a, _ in pairs), min(b for _, b in pairs), median(b / a for a, b in pairs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether all is well."""
    parser = argparse.ArgumentParser(description="Measure tables of facts beside hand-written expressions and SQL.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows: a look, not a result")
    parser.add_argument("--peak", choices=PEAKS, help="only do this once, and print the peak memory")
    options = parser.parse_args(arguments)
    rows = options.rows // 10 if options.quick else options.rows
    warnings.simplefilter("ignore", dxrules.FactWarning)
    if options.peak:
        PEAKS[options.peak](rows)
        print(json.dumps(peak_memory()))
        return 0
    return 0 if run(rows, options.rounds) else 1


@attrs.define
class _Run:
    """What is measured with, and whether all targets were met."""

    rows: int
    rounds: int
    rulebook: Any
    passed: bool = True

    def decide(self, of: Any, add: str, on_error: Any = None) -> Any:
        """Decide a table."""
        return evaluate_frame(of, rulebook=self.rulebook, facts=BenchCard, add=(add,), on_error=on_error)

    def compare(
        self, name: str, ours: Callable[[], Any], theirs: Callable[[], Any], target: float | None = None
    ) -> None:
        """Measure beside what is written by hand, and print the line."""
        quick, hand, ratio = paired(ours, theirs, self.rounds)
        rates = f"{self.rows / quick / 1e6:8.1f} M rows/s, by hand {self.rows / hand / 1e6:8.1f}; {ratio:5.2f} x"
        print(f"{name:46} {rates}{self._judged(ratio, target)}")

    def note(self, name: str, rate: float, ratio: float | None = None, target: float | None = None) -> None:
        """Print a line of a rate, in million rows a second."""
        beside = "" if ratio is None else f"; {ratio:5.1f} x{self._judged(ratio, target)}"
        print(f"{name:46} {rate:8.2f} M rows/s{beside}")

    def _judged(self, ratio: float, target: float | None) -> str:
        if target is None:
            return ""
        self.passed = self.passed and ratio >= target
        return f", at least {target} {'ok' if ratio >= target else 'MISSED'}"


def run(rows: int, rounds: int) -> bool:
    """Everything, in turn."""
    cards = known_cards(10_000)
    frame = columns(cards, rows)
    it = _Run(rows, rounds, load(Text(RULEBOOK), facts=[BenchCard]))
    it.passed = _same(frame, it.rulebook, cards)
    _polars(it, frame)
    _duckdb(it, frame)
    _one_by_one(it, frame, cards)
    numbers = frame.select(pl.col(pl.Int64, pl.Boolean))
    bound = min(
        seconds(lambda: numbers.select(pl.col(pl.Int64).sum(), pl.col(pl.Boolean).sum())) for _ in range(rounds)
    )
    it.note("memory bound: reading the 12 numeric inputs", rows / bound / 1e6)
    _bundled(it)
    _synthetic(it)
    _peaks(rows)
    return it.passed


def hand_booleans() -> list[pl.Expr]:
    """A column a rule, by hand."""
    return [expr.alias(code) for code, expr in by_hand().items()]


def hand_codes() -> pl.Expr:
    """The codes joined, by hand."""
    labels = [pl.when(expr).then(pl.lit(code)) for code, expr in by_hand().items()]
    return pl.concat_str(labels, separator=",", ignore_nulls=True).alias("codes")


def _polars(it: _Run, frame: pl.DataFrame) -> None:
    bools, joined = hand_booleans(), hand_codes()

    def booleans() -> Any:
        return frame.with_columns(bools)

    it.compare("Polars, booleans", lambda: it.decide(frame, "rules"), booleans, 0.9)
    it.compare("Polars, booleans, values trusted", lambda: it.decide(frame, "rules", "trust"), booleans)
    it.compare("Polars, joined codes", lambda: it.decide(frame, "codes"), lambda: frame.with_columns(joined), 2)
    enums = {"status": Status, "holder_type": HolderType, "reason": Reason, "channel": Channel}
    typed = frame.with_columns(pl.col(name).cast(pl.Enum([str(m) for m in cls])) for name, cls in enums.items())
    it.compare("Polars, booleans, text columns being Enum",
               lambda: it.decide(typed, "rules"), lambda: typed.with_columns(bools))  # fmt: skip


def in_duckdb(frame: pl.DataFrame) -> Any:
    """A table of DuckDB's own."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.from_arrow(frame.to_arrow()).create("cards")
    return connection.table("cards")


SQL_BOOLEANS = ", ".join(f"{sql} AS {code}" for code, sql in SQL.items())
SQL_CODES = (
    "concat_ws(',', " + ", ".join(f"CASE WHEN {sql} THEN '{code}' END" for code, sql in SQL.items()) + ") AS codes"
)
OURS = ", ".join(f"dx_rule_{code}" for code in CODES)


def _duckdb(it: _Run, frame: pl.DataFrame) -> None:
    table = in_duckdb(frame)

    def ours(add: str, wanted: str, on_error: Any = None) -> Callable[[], Any]:
        return lambda: it.decide(table, add, on_error).project(wanted).to_arrow_table()

    def theirs(wanted: str) -> Callable[[], Any]:
        return lambda: table.project(wanted).to_arrow_table()

    it.compare("DuckDB, booleans", ours("rules", OURS), theirs(SQL_BOOLEANS), 0.8)
    it.compare("DuckDB, booleans, values trusted", ours("rules", OURS, "trust"), theirs(SQL_BOOLEANS))
    it.compare("DuckDB, joined codes", ours("codes", "dx_codes"), theirs(SQL_CODES), 1)
    it.compare("DuckDB, joined codes, values trusted", ours("codes", "dx_codes", "trust"), theirs(SQL_CODES))


def _one_by_one(it: _Run, frame: pl.DataFrame, cards: Sequence[Any]) -> None:
    """Beside `evaluate_many`."""
    slow = min(seconds(lambda: [d.codes for d in evaluate_many(cards, rulebook=it.rulebook)]) for _ in range(it.rounds))
    it.note("evaluate_many, one card after the other", len(cards) / slow / 1e6)
    for add, target in (("rules", 20), ("codes", 4)):
        best = min(seconds(lambda add=add: it.decide(frame, add)) for _ in range(it.rounds))
        rate = it.rows / best
        it.note(f"evaluate_frame beside it, {add}", rate / 1e6, rate * slow / len(cards), target)


def _same(frame: pl.DataFrame, rulebook: Any, cards: Sequence[BenchCard]) -> bool:
    """Whether the codes are those of the hand-written reference, on every card that the rows are drawn from."""
    picked = np.random.default_rng(20240912).integers(0, len(cards), len(frame))
    expected = [",".join(floor(card)) for card in cards]
    found = evaluate_frame(frame, rulebook=rulebook, facts=BenchCard, add=("codes",))["dx_codes"]
    same = (found == pl.Series(expected)[picked]).all()
    print(f"codes of {len(frame):,} rows {'are' if same else 'are NOT'} those of the hand-written reference")
    return bool(same)


def bundled_table(rows: int) -> pl.DataFrame:
    """A table of random cards for the bundled rules."""
    rng = Random(1)
    facts = dxrules.default_rulebook().fact_type_of(dxrules.Card).facts
    some = 20_000
    made: dict[str, Any] = {"card_id": [str(n) for n in range(some)]}
    for name, fact in facts.items():
        if fact.type.kind == "group" or name in ("card_id", "account_id", "cancelled_days", "request.request_id"):
            continue
        simple: dict[str, list[Any]] = {"bool": [True, False, None], "int": [0, 1, 50, 100, 3520, None]}
        choices = simple.get(fact.type.kind, list(fact.type.members))
        if fact.type.kind == "set":
            choices = [[], list(fact.type.members[:1]), list(fact.type.members[1:3]), None]
        made[name] = [rng.choice(choices) for _ in range(some)]
    return pl.DataFrame(made, strict=False)[np.random.default_rng(2).integers(0, some, rows)]


def _bundled(it: _Run) -> None:
    frame = bundled_table(it.rows)
    for add in (("rules",), ("codes",), ("codes", "blocked", "undetermined")):
        best = min(seconds(lambda add=add: evaluate_frame(frame, add=add)) for _ in range(3))
        it.note(f"bundled rules, {', '.join(add)}", it.rows / best / 1e6)


def synthetic_table(rows: int) -> tuple[pl.DataFrame, dict[str, Any]]:
    """A table of subscribers, and 1,000 rules for it."""
    book = load(Text(synthetic.conjunctive(1_000).yaml()), facts=[synthetic.Subscriber])
    frame = columns(synthetic.subscribers(10_000), rows, synthetic.FACTS)
    return frame, {"rulebook": book, "facts": synthetic.Subscriber}


def _synthetic(it: _Run) -> None:
    frame, options = synthetic_table(it.rows)
    for add in ("rules", "codes"):
        best = min(seconds(lambda add=add: evaluate_frame(frame, add=(add,), **options)) for _ in range(2))
        it.note(f"1,000 synthetic rules, {add}", it.rows / best / 1e6)


def _made(rows: int) -> tuple[_Run, pl.DataFrame]:
    return _Run(rows, 1, load(Text(RULEBOOK), facts=[BenchCard])), columns(known_cards(10_000), rows)


def _ours_polars(add: str) -> Callable[[int], Any]:
    def work(rows: int) -> Any:
        it, frame = _made(rows)
        return it.decide(frame, add)

    return work


def _ours_duckdb(add: str, wanted: str) -> Callable[[int], Any]:
    def work(rows: int) -> Any:
        it, frame = _made(rows)
        return it.decide(in_duckdb(frame), add).project(wanted).to_arrow_table()

    return work


def _theirs_duckdb(wanted: str) -> Callable[[int], Any]:
    return lambda rows: in_duckdb(_made(rows)[1]).project(wanted).to_arrow_table()


def _ours_synthetic(rows: int) -> Any:
    frame, options = synthetic_table(rows)
    return evaluate_frame(frame, add=("codes",), **options)


def _one_by_one_once(rows: int) -> Any:
    cards = known_cards(rows // 10)
    return [decision.codes for decision in evaluate_many(cards, rulebook=load(Text(RULEBOOK), facts=[BenchCard]))]


# What is done once in a process of its own for its peak memory: after a table alone, what is to be compared with it.
PEAKS: dict[str, Callable[[int], Any]] = {
    "the table alone": _made,
    "Polars, booleans": _ours_polars("rules"),
    "Polars, booleans by hand": lambda rows: _made(rows)[1].with_columns(hand_booleans()),
    "Polars, joined codes": _ours_polars("codes"),
    "Polars, joined codes by hand": lambda rows: _made(rows)[1].with_columns(hand_codes()),
    "the table in DuckDB alone": lambda rows: in_duckdb(_made(rows)[1]),
    "DuckDB, booleans": _ours_duckdb("rules", OURS),
    "DuckDB, booleans by hand": _theirs_duckdb(SQL_BOOLEANS),
    "DuckDB, joined codes": _ours_duckdb("codes", "dx_codes"),
    "DuckDB, joined codes by hand": _theirs_duckdb(SQL_CODES),
    "evaluate_many, a tenth of the rows": _one_by_one_once,
    "the table for the bundled rules alone": bundled_table,
    "bundled rules, codes": lambda rows: evaluate_frame(bundled_table(rows), add=("codes",)),
    "the table for 1,000 rules alone": synthetic_table,
    "1,000 synthetic rules, codes": _ours_synthetic,
}


def _peaks(rows: int) -> None:
    for name in PEAKS:
        command = [sys.executable, __file__, "--rows", str(rows), "--peak", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        print(f"peak memory, {name:40} {json.loads(done.stdout):8,.0f} MiB")


if __name__ == "__main__":
    sys.exit(main())
