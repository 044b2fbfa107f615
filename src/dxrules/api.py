"""The public functions: load rules, and decide facts by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dxrules import engines
from dxrules.decision import Decision
from dxrules.engines import Engine
from dxrules.engines.day import day_of
from dxrules.errors import DxRulesError
from dxrules.facts import Account, Card, CardEvent
from dxrules.language.sources import BUNDLED, RuleSource
from dxrules.rulebook import Rulebook

if TYPE_CHECKING:
    from dxrules.language.load import ParameterValue

_default: Engine | None = None


def load(
    *sources: RuleSource,
    facts: Iterable[type] = (Card, Account, CardEvent),
    parameters: Mapping[str, ParameterValue] | None = None,
) -> Rulebook:
    """Read and check rule files.

    Args:
        *sources: paths of files and folders, `dxrules.Text(...)`, or `dxrules.BUNDLED` for the packs that come along.
        facts: the attrs classes that the rules may read.
        parameters: values that replace those in the files: a number, a text, a truth value, or such values by date.

    Returns:
        The checked rulebook.

    Raises:
        RulebookError: mistakes in the files, all of them.
        DxRulesError: no source, a class that is not attrs, or a parameter that no file declares.

    >>> import attrs
    >>> from dxrules import Text
    >>> @attrs.frozen
    ... class Loan:
    ...     overdue_days: int | None = None
    >>> rules = load(Text('''
    ... rulebook: loans
    ... facts: Loan
    ... rules:
    ...   REMIND:
    ...     when: overdue_days > 30
    ...     warn:
    ...     message: {en: "overdue", zh: "逾期"}
    ... '''), facts=[Loan])
    >>> evaluate(Loan(31), rulebook=rules).codes
    ('REMIND',)
    """
    from dxrules.language.load import load as load_sources  # reads YAML, which an import alone must not load

    if not sources:
        message = "no rules to load: name a file, a folder, `dxrules.Text(...)` or `dxrules.BUNDLED`"
        raise DxRulesError(message)
    return load_sources(sources, facts, parameters)


def compile(rulebook: Rulebook, engine: str = "compiled") -> Engine:
    """Make a rulebook ready to decide.

    Args:
        rulebook: what `load` gave.
        engine: `compiled`, the fast one; `reference`, the slow interpreter that says what rules mean; or `rete`, which
            decides by durable-rules.

    Raises:
        EngineError: there is no such engine.
        MissingExtraError: the engine needs a package that is not there; the message says what to type.
    """
    return engines.make(rulebook, engine)


def default_rulebook() -> Rulebook:
    """The bundled rulebook; it is loaded once."""
    return _default_engine().rulebook


def evaluate(fact: Any, *, rulebook: Rulebook | None = None, as_of: dt.date | None = None) -> Decision:
    """Decide one fact.

    Args:
        fact: an instance of an attrs class that the rulebook decides, such as `dxrules.Card`.
        rulebook: the rules; the bundled ones by default.
        as_of: the day for which to decide; today by default.

    Raises:
        FactError: the fact holds what its class does not take.
        EngineError: the rulebook has no rules for such facts, or `as_of` is no date.

    >>> evaluate(Card(card_id="c-1", status="active", lost=True)).codes[0]
    'SUSPEND_IMMEDIATELY'
    """
    engine = _default if rulebook is None else rulebook.cache.get("engine")
    if engine is None:
        engine = _engine(rulebook)
    return engine.evaluate(fact, as_of)


def evaluate_many(
    facts: Iterable[Any], *, rulebook: Rulebook | None = None, as_of: dt.date | None = None
) -> Iterator[Decision]:
    """Decide facts one after the other, as they are asked for; all of them as of one day.

    Args:
        facts: instances of any classes that the rulebook decides; may be endless.
        rulebook: the rules; the bundled ones by default.
        as_of: the day for which to decide; by default today, when the call is made.

    Raises:
        FactError: at the fact that holds what its class does not take.
        EngineError: the rulebook has no rules for such facts, or `as_of` is no date.
    """
    engine, day = _engine(rulebook), day_of(as_of)
    return (engine.evaluate(fact, day) for fact in facts)


def _engine(rulebook: Rulebook | None) -> Engine:
    if rulebook is None:
        return _default_engine()
    found: Engine | None = rulebook.cache.get("engine")
    if found is None:
        found = rulebook.cache["engine"] = engines.make(rulebook, "compiled")
    return found


def _default_engine() -> Engine:
    global _default  # noqa: PLW0603  # read on the fast path of `evaluate`
    if _default is None:
        _default = _engine(load(BUNDLED))
    return _default
