"""What the traps share: rules over simple facts, and the comparison of two engines on them."""

import datetime as dt
import json
import os
from pathlib import Path

import attrs

import dxrules
from dxrules.engines.rete.network import Join, Pattern, Slot

TRAPS = {}


def trap(function):
    TRAPS[function.__name__] = function
    return function


def numbers(count):
    """A class with so many facts `a0`, `a1`, ... that are whole numbers."""
    return attrs.make_class(
        "Numbers",
        {f"a{place}": attrs.field(default=None, type=int | None) for place in range(count)},
        frozen=True,
    )


@attrs.frozen
class Thing:
    """No converters, no validators: whatever is passed is there."""

    a: int | None = None
    b: int | None = None
    c: int | None = None
    on: bool | None = None
    text: str | None = None
    size: float | None = None
    day: dt.date | None = None
    time: dt.datetime | None = None


def rulebook(cls, conditions, parameters=None):
    """A rulebook with a rule for each condition."""
    rules = [
        f"  R{number}: {{when: {json.dumps(condition, ensure_ascii=False)}, warn: , message: {{en: x, zh: x}}}}"
        for number, condition in enumerate(conditions)
    ]
    declared = f"parameters: {json.dumps(parameters, ensure_ascii=False)}" if parameters else ""
    text = "\n".join([f"rulebook: traps\nfacts: {cls.__name__}", declared, "rules:", *rules, ""])
    return dxrules.load(dxrules.Text(text), facts=[cls])


def decided(engine, fact):
    """What an engine says: the codes and what is undetermined; or the name of the error."""
    try:
        decision = engine.evaluate(fact, dt.date(2026, 1, 1))
    except dxrules.DxRulesError as error:
        return type(error).__name__
    return decision.codes, tuple(each.rule for each in decision.undetermined)


def same(rules, facts):
    """What `reference` says of each fact, which is what `rete` says, on a first and on a second round."""
    reference, rete = (dxrules.compile(rules, name) for name in ("reference", "rete"))
    expected = [decided(reference, fact) for fact in facts]
    for _ in range(2):
        assert [decided(rete, fact) for fact in facts] == expected
    return expected


def refused(cls, condition):
    """The codes of the mistakes in a condition."""
    try:
        rulebook(cls, [condition])
    except dxrules.RulebookError as error:
        return {each.code for each in error.diagnostics}
    raise AssertionError(f"`{condition}` was taken")


def fails(call, *parts):
    """A call that must end in an EngineError whose text has these parts."""
    try:
        call()
    except dxrules.EngineError as error:
        said = str(error)
    else:
        raise AssertionError("no error")
    assert all(part in said for part in parts), said


def joined(*names):
    """A pattern of two facts, equal in some names."""
    return [Pattern("P", (Slot(), Slot((Join(names, 0, names),))))]


def resident():
    """Resident memory in KB; 0 where it cannot be read."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") // 1_024
