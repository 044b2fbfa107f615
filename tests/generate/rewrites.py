"""Changes to facts and rulebooks whose effect is known: what the laws are tried with."""

import contextlib
import copy
import datetime as dt
import functools
import re
import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import attrs

from dxrules.schema import FactType, describe
from generate.rulebooks import Case, Condition, Pack

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[^\W\d]\w*(?:\.[^\W\d]\w*)*|0x[0-9a-f]+|.', re.DOTALL)


# Facts


def blanked(rng: Random, fact: Any, share: float) -> Any:
    """The fact with a share of what may be unknown made unknown."""
    described = describe(type(fact))
    changes = {}
    for field in attrs.fields(type(fact)):
        item, value = described.facts[field.name], getattr(fact, field.name)
        if item.optional and item.type.kind != "unreadable" and rng.random() < share:
            changes[field.alias] = None
        elif item.type.kind == "group" and value is not None:
            changes[field.alias] = blanked(rng, value, share)
    return attrs.evolve(fact, **changes)


def filled(fact: Any, source: Any, keep: frozenset[str], prefix: str = "") -> Any:
    """The fact with every unknown of it taken from the source, but for the names to keep unknown."""
    described = describe(type(fact))
    changes = {}
    for field in attrs.fields(type(fact)):
        name, value, other = prefix + field.name, getattr(fact, field.name), getattr(source, field.name)
        if value is None and name not in keep:
            changes[field.alias] = other
        elif described.facts[field.name].type.kind == "group" and value is not None:
            changes[field.alias] = filled(value, other, keep, f"{name}.")
    return attrs.evolve(fact, **changes)


@contextlib.contextmanager
def importable(fact: Any, fact_type: FactType) -> Iterator[None]:
    """While it is open, the made-up classes of a fact can be found by their names, as pickle does it."""
    classes = {type(fact), *type(fact).__mro__[:-1]}
    classes.update(item.type.python for item in fact_type.facts.values() if item.type.python is not None)
    classes = {each for each in classes if each.__module__.startswith("generate.")}
    places = [(sys.modules[each.__module__], each) for each in classes]
    assert len({each.__name__ for each in classes}) == len(classes)
    hidden = [(module, each) for module, each in places if not hasattr(module, each.__name__)]
    for module, each in hidden:
        setattr(module, each.__name__, each)
    try:
        yield
    finally:
        for module, each in hidden:
            delattr(module, each.__name__)


# Rulebooks


def without_definitions(case: Case) -> list[Pack]:
    """The packs with every definition that is a text written out, in brackets, where a condition names it."""
    packs = copy.deepcopy(list(case.packs))
    for fact_type in case.fact_types:
        own = [pack for pack in packs if pack.facts == fact_type.name]
        written = {name: body for pack in own for name, body in pack.define.items() if isinstance(body, str)}

        @functools.cache
        def whole(name: str, written: dict[str, str] = written) -> str | None:
            return f"({_replaced(written[name], whole)})" if name in written else None

        for pack in own:
            for rule in pack.rules.values():
                rule["when"] = _inlined(rule["when"], whole)
            pack.define = {name: _inlined(body, whole) for name, body in pack.define.items()}
    return packs


def _inlined(body: Condition, whole: Callable[[str], str | None]) -> Condition:
    if isinstance(body, str):
        return _replaced(body, whole)
    if isinstance(body, list):
        return [_inlined(each, whole) for each in body]
    return {key: [_inlined(each, whole) for each in items] for key, items in body.items()}


def _replaced(text: str, whole: Callable[[str], str | None]) -> str:
    found = []
    for word in _WORD.findall(text):
        name, method, rest = word.partition(".startswith")
        found.append(f"{whole(name) or name}{method}{rest}")
    return "".join(found)


def changed(rng: Random, case: Case) -> tuple[list[Pack], str] | None:
    """The packs with one change that changes the meaning, and what it was; None when no rule is in use."""
    packs = copy.deepcopy(list(case.packs))
    off = {(pack.facts, name) for pack in packs for name in pack.disable}
    rules = [(pack, name, rule) for pack in packs for name, rule in pack.rules.items() if (pack.facts, name) not in off]
    if not rules:
        return None
    pack, name, rule = rng.choice(rules)
    what = rng.choice(("when", "severity", "deadline", "priority", "message", "source", "valid", "kind", "off", "name"))
    match what:
        case "when":
            rule["when"] = {"none": [rule["when"]]}
        case "severity":
            rule["severity"] = "high" if rule.get("severity") == "low" else "low"
        case "deadline":
            rule["deadline"] = "promptly" if rule.get("deadline") == "immediately" else "immediately"
        case "priority":
            rule["priority"] = rule.get("priority", 0) - 1
        case "message":
            rule["message"] = {**rule["message"], rng.choice(("en", "zh")): "other words"}
        case "source":
            rule["source"] = [*rule.get("source", ()), "S99"]
        case "valid":
            rule["valid"] = {**rule.get("valid", {}), "until": dt.date(2031, 1, 1)}
        case "kind":
            kind = next(each for each in ("block", "require", "suggest", "warn", "inform") if each in rule)
            if kind == "block":  # a gate may name its operation
                return None
            rule["suggest" if kind != "suggest" else "warn"] = rule.pop(kind)
        case "off":
            if "block" in rule:
                return None
            pack.disable = [*pack.disable, name]
        case "name":
            if any(name in each.get("overrides", ()) for other in packs for each in other.rules.values()):
                return None
            if any(name in other.disable for other in packs):
                return None
            pack.rules = {(f"{key}x" if key == name else key): each for key, each in pack.rules.items()}
    return packs, what
