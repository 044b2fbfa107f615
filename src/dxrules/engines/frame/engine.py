"""Deciding the rows of a table: which backend, which columns are asked for, and what becomes of rows that are wrong."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Hashable, Sequence
from importlib import import_module
from typing import Any, Literal, TypeVar, cast

import attrs

from dxrules import expression as ex
from dxrules.engines.frame.backend import Backend, Recording
from dxrules.engines.frame.layout import Layout, lay_out
from dxrules.errors import EngineError, FactWarning, MissingExtraError, callers_level, shown
from dxrules.rollup import Rollup
from dxrules.rulebook import SEVERITIES, Epoch, Lang, Rulebook
from dxrules.schema import FactType
from dxrules.suggest import listed, nearest

Addition = Literal["codes", "blocked", "undetermined", "rules", "severity", "messages_en", "messages_zh"]
OnError = Literal["raise", "mark", "trust"]
Made = TypeVar("Made")

ADDITIONS: tuple[Addition, ...] = (
    "codes", "blocked", "undetermined", "rules", "severity", "messages_en", "messages_zh",
)  # fmt: skip
# How each kind of table is told, without importing anything, and the extra that brings its library.
_KINDS = {
    "polars": {"DataFrame": "polars", "LazyFrame": "polars_lazy"},
    "pandas": {"DataFrame": "pandas"},
    "pyarrow": {"Table": "arrow"},
    "duckdb": {"DuckDBPyRelation": "duckdb"},
    "_duckdb": {"DuckDBPyRelation": "duckdb"},
    "pyspark": {"DataFrame": "spark"},
}
_LAZY = ("polars_lazy", "duckdb", "spark")
_INVALID = "dx_invalid"
_KEPT = 64  # layouts and recipes that a rulebook remembers


@attrs.frozen(eq=False)
class Job:
    """What is asked of a table: the rules in force, the day, the columns to add, and whether wrong rows are marked."""

    epoch: Epoch
    day: dt.date
    add: tuple[Addition, ...]
    mark: bool
    trust: bool
    kept: dict[Hashable, Any]  # layouts and recipes for tables, by what they depend on

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are added."""
        names: list[str] = []
        for each in self.add:
            names += [f"dx_rule_{rule.name}" for rule in self.epoch.rules] if each == "rules" else [f"dx_{each}"]
        return (*names, _INVALID) if self.mark else tuple(names)

    def remembered(self, key: tuple[Hashable, ...], make: Callable[[], Made]) -> Made:
        """What is made once for these rules and a key, which tells of all else that it depends on."""
        key = (self.epoch, *key)  # itself: the number of one that is gone may be another's
        found: Made | None = self.kept.get(key)
        if found is None:
            found = make()
            if len(self.kept) >= _KEPT:
                self.kept.clear()
            self.kept[key] = found
        return found


def decide_frame(
    frame: Any,
    rulebook: Rulebook,
    cls: type,
    day: dt.date,
    *,
    add: Sequence[Addition],
    on_error: OnError | None,
    python_checks: bool,
) -> Any:
    """The table with what the rules say of each row; see `dxrules.evaluate_frame`."""
    from dxrules.engines.frame import recipes, rowwise

    kind = kind_of(frame)
    fact_type = rulebook.fact_type_of(cls)
    kept = rulebook.cache.setdefault("frames", {})
    job = Job(rulebook.epoch(fact_type, day), day, _additions(add), _mark(on_error, kind), on_error == "trust", kept)
    own = [each.__name__ for each in rowwise.with_code_of_their_own(fact_type)] if python_checks else []
    if kind in _LAZY:
        if own:
            raise EngineError(
                f"{listed(own)} checks or changes facts by Python code of its own, which a lazy table cannot run:"
                " collect the table first, or leave that code out with `python_checks=False`"
            )
        backend = _backend(kind)
        layout = _layout(fact_type, backend, frame, job)
        return recipes.lazily(frame, backend, layout, job)
    tables = module(kind)
    table = tables.to_polars(frame, fact_type)
    return tables.attach(frame, _in_memory(table, tables.names(frame), rulebook, fact_type, job, row_by_row=bool(own)))


def decide_table(
    table: Any, names: Sequence[str], rulebook: Rulebook, cls: type, day: dt.date, *, add: Sequence[Addition]
) -> Any:
    """The columns of results, `dx_invalid` among them, of a Polars frame that came from columns of some names."""
    from dxrules.engines.frame import rowwise

    fact_type = rulebook.fact_type_of(cls)
    kept = rulebook.cache.setdefault("frames", {})
    job = Job(rulebook.epoch(fact_type, day), day, _additions(add), mark=True, trust=False, kept=kept)
    own = rowwise.with_code_of_their_own(fact_type)
    return _in_memory(table, names, rulebook, fact_type, job, row_by_row=bool(own))


def _in_memory(
    table: Any, names: Sequence[str], rulebook: Rulebook, fact_type: FactType, job: Job, *, row_by_row: bool
) -> Any:
    from dxrules.engines.frame import recipes, rowwise

    backend: Any = _backend("polars")
    layout = _layout(fact_type, backend, table.lazy(), job, names)
    if row_by_row:
        return rowwise.decide(table, rulebook, fact_type, job)
    langs = [each.removeprefix("messages_") for each in job.add if each.startswith("messages_")]
    if not langs:
        return recipes.at_once(table.lazy(), backend, layout, job)
    from dxrules.engines.frame.messages import messages

    rest: list[Addition] = [each for each in job.add if not each.startswith("messages_") and each != "rules"]
    found = recipes.at_once(table.lazy(), backend, layout, attrs.evolve(job, add=(*rest, "rules")))
    texts = messages(table, found, fact_type, job.epoch, job.day, cast("list[Lang]", langs))
    return backend.with_texts(found, {f"dx_messages_{lang}": each for lang, each in texts.items()}, job.columns)


def kind_of(frame: Any) -> str:
    """Which kind of table it is.

    Raises:
        EngineError: none that rules can be evaluated over.
    """
    for base in type(frame).__mro__:
        kinds = _KINDS.get(base.__module__.split(".")[0])
        if kinds is not None and base.__name__ in kinds:
            return kinds[base.__name__]
    raise EngineError(
        f"rules are not evaluated over a {type(frame).__name__}; a Polars DataFrame or LazyFrame, a pandas DataFrame,"
        " a PyArrow Table, a DuckDB relation and a PySpark DataFrame are"
    )


def module(kind: str) -> Any:
    """The module for a kind of table in memory.

    Raises:
        MissingExtraError: Polars, in which tables in memory are decided, is not installed.
    """
    names = {"polars": "polars_tables", "pandas": "pandas_tables", "arrow": "arrow_tables"}
    try:
        return import_module(f"dxrules.engines.frame.{names[kind]}")
    except ImportError as error:
        raise missing("polars", error) from error


def missing(name: str, error: ImportError) -> MissingExtraError:
    """What to type when a library is not there."""
    return MissingExtraError(f'this needs {name} ({error}): pip install "dxrules[frames]"')


def _backend(kind: str) -> Backend:
    name = {"polars_lazy": "polars", "polars": "polars"}.get(kind, kind)
    if name == "polars":
        return cast("Backend", module("polars").PolarsBackend())
    made = import_module(f"dxrules.engines.frame.{name}_tables")
    return cast("Backend", made.DuckDBBackend() if name == "duckdb" else made.BACKEND)


def _additions(add: Sequence[Addition]) -> tuple[Addition, ...]:
    if isinstance(add, str):
        raise EngineError(f"`add` takes a list, such as `[{add!r}]`")
    for each in add:
        if each not in ADDITIONS:
            near = nearest(str(each), ADDITIONS)
            help_text = f"did you mean `{near}`?" if near else f"it can be {listed(ADDITIONS)}"
            raise EngineError(f"`add` has {shown(each)}; {help_text}")
    return tuple(dict.fromkeys(add))


def _mark(on_error: OnError | None, kind: str) -> bool:
    if on_error not in (None, "raise", "mark", "trust"):
        raise EngineError(f"`on_error` is `raise`, `mark` or `trust`, not {shown(on_error)}")
    if on_error == "raise" and kind in _LAZY:
        raise EngineError("a lazy table is not looked into, so nothing can be raised: use `on_error='mark'`")
    return on_error == "mark" or (on_error is None and kind in _LAZY)


def _layout(fact_type: FactType, backend: Backend, frame: Any, job: Job, names: Sequence[str] | None = None) -> Layout:
    """Where the facts lie in a table: found once for all tables of its columns."""

    def found() -> tuple[tuple[str, ...], Layout, list[str]]:
        shapes = backend.shapes(frame)
        layout = lay_out(fact_type, shapes)
        return tuple(shapes), layout, _without_column(layout, job.epoch)

    if isinstance(backend, Recording):
        known, layout, absent = job.remembered((type(backend), backend.signature(frame)), found)
    else:
        known, layout, absent = found()
    made = {each.lower() for each in job.columns} if backend.folds else job.columns
    held = ((name, name.lower() if backend.folds else name) for name in (known if names is None else names))
    taken = [name for name, key in held if key in made or key.startswith("__dx")]
    if taken:
        raise EngineError(f"the table has a column `{taken[0]}` already: drop it, or rename it")
    if absent:
        _warn(absent, layout.strangers if names is None else tuple(set(names) - set(known)))
    return layout


def _without_column(layout: Layout, epoch: Epoch) -> list[str]:
    """The facts that rules read and no column has."""
    read = {name for rule in epoch.rules for name in ex.facts_of(rule.when)}
    return [name for name in layout.missing if name in read or any(each.startswith(f"{name}.") for each in read)]


def _warn(absent: Sequence[str], strangers: Sequence[str]) -> None:
    """Say once which facts that rules read have no column."""
    words = []
    for name in absent:
        near = nearest(name, strangers)
        words.append(f"`{name}` (is it the column `{near}`?)" if near else f"`{name}`")
    shown_ = ", ".join(words[:20]) + (f" and {len(words) - 20} more" if len(words) > 20 else "")
    plural = "s" if len(words) > 1 else ""
    warnings.warn(
        f"no column for the fact{plural} {shown_}, which rules read: every row takes the default of the field",
        FactWarning,
        stacklevel=callers_level(),
    )


def worst_first() -> tuple[str, ...]:
    """The severities, worst first."""
    return tuple(reversed(SEVERITIES))


def decide_fleet_frame(
    frame: Any, accounts: Any, rulebook: Rulebook, rollup: Rollup, day: dt.date, *, add: Sequence[Addition],
    on_error: OnError | None, python_checks: bool,
) -> tuple[Any, Any]:  # fmt: skip
    """A table of cards with their decisions, and one of the accounts that they add up to with theirs."""
    from dxrules.engines.frame import fleets, nw

    kind = kind_of(frame)
    if accounts is not None and kind_of(accounts) != kind:
        raise EngineError("the tables of cards and of accounts must be of one kind")
    lazy = kind in _LAZY
    tables = None if lazy else module(kind)
    backend = _backend(kind if lazy else "polars")
    table = frame if tables is None else tables.to_polars(frame, rollup.of).lazy()
    given = None
    if accounts is not None:
        given = accounts if tables is None else tables.to_polars(accounts, rollup.to).lazy()
    parameters = rulebook.epoch(rollup.of, day).parameters
    shapes = backend.shapes(table)
    if rollup.key not in shapes:
        raise EngineError(f"the table has no column `{rollup.key}`, by which rows are added up: add it")
    rolled = fleets.rolled_up(table, backend, lay_out(rollup.of, shapes), rollup, parameters, day)
    known = frozenset() if given is None else frozenset(backend.shapes(given)) & frozenset(rollup.to.facts)
    holders = fleets.merged(rolled, None if given is None else nw.lazy(given), rollup, known).to_native()
    if tables is not None:
        holders = holders.collect()
        if holders[rollup.key].is_duplicated().any():
            raise EngineError(f"two accounts have one `{rollup.key}`: keep one")
        holders = holders.sort(rollup.key)
    options: dict[str, Any] = {"add": add, "on_error": on_error, "python_checks": python_checks}
    whole = fleets.filled(table, backend, holders if lazy else holders.lazy(), rollup, frozenset(shapes))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FactWarning)  # most facts of an account have no column, and need none
        decided = decide_frame(holders, rulebook, rollup.to.cls, day, **options)
    if tables is None:
        return decide_frame(whole, rulebook, rollup.of.cls, day, **options), decided
    names = [name for name, _ in rollup.fill]
    whole = whole.collect()
    found = decide_frame(whole, rulebook, rollup.of.cls, day, **options)
    fresh = [name for name in found.columns if name.startswith("dx_") or name in names]
    return tables.attach(frame, found.select(fresh)), tables.build(decided)
