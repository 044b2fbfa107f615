"""A first rulebook for a fact class: one rule with examples, and what there is to write others with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import attrs

from dxrules.layout import printable, wrap
from dxrules.schema import Fact, FactType

_WIDTH = 118


@attrs.frozen
class _Sample:
    """A condition on one fact, with a value that makes it true and one that makes it false."""

    fact: Fact
    condition: str
    true: str
    false: str


def first_rulebook(fact_type: FactType, name: str, word: str, file: str) -> str:
    """The text of a rule file.

    Args:
        fact_type: the class that its rules read.
        name: the pack's name.
        word: how the command line is told of the class, for the text to show; empty for a class that it knows.
        file: the name that the file is to have.

    >>> from dxrules.schema import describe
    >>> @attrs.frozen
    ... class Loan:
    ...     overdue_days: int | None = None
    >>> first_rulebook(describe(Loan), "loans", "my_module:Loan", "loans.yaml").splitlines()[0]
    '# Rules on Loan. After each change:'
    """
    option = f" --facts {word}" if word else ""
    sample = _sample(fact_type)
    lines = [
        f"# Rules on {fact_type.name}. After each change:",
        f"#   dxrules check {file}{option}     finds mistakes",
        f"#   dxrules test {file}{option}      tries the examples",
        "",
        f"rulebook: {name}",
        f"facts: {fact_type.name}",
        "",
        "rules:",
        "  # A rule's name is the code of its outcome. This one is there to be replaced.",
        "  FIRST_RULE:",
        f"    when: {_scalar(sample.condition)}",
        "    # one of: block (an operation), require, suggest, warn, inform (about something, or nothing)",
        "    warn: something",
        "    severity: medium  # low, medium, high, critical",
        "    message:",
        f'      en: "{_said(sample, "en")}"',
        f'      zh: "{_said(sample, "zh")}"',
        "    examples:",
        *(f"      - {each}" for each in _examples(sample)),
        "",
        "# The facts that conditions can read:",
        *_facts(fact_type),
    ]
    return "\n".join(lines) + "\n"


def _said(sample: _Sample, lang: str) -> str:
    note = sample.fact.note
    about = (note.en if lang == "en" else note.zh) if note is not None else sample.fact.name
    about = re.sub(r'[{}"\\]|[^ -\uffff]', "", about)
    return f"Look at this: {about}." if lang == "en" else f"请注意：{about}。"


def _sample(fact_type: FactType) -> _Sample:
    """A condition on a fact that shows most: a number first, then a known value, and so on."""
    facts = [each for each in fact_type.facts.values() if each.type.kind not in ("group", "unreadable")]
    order = ("int", "float", "enum", "bool", "date", "datetime", "set", "text")
    usable = [each for each in facts if all(_plain_name(part) for part in each.path)]
    usable.sort(key=lambda each: (len(each.path), order.index(each.type.kind)))
    for fact in usable:
        found = _condition(fact)
        if found is not None:
            return _Sample(fact, *found)
    raise ValueError(fact_type.name)


def _plain_name(name: str) -> bool:
    return name.isidentifier() and name.isascii()


def _condition(fact: Fact) -> tuple[str, str, str] | None:
    """A condition, and a value for each of its truths, as YAML writes them."""
    name = fact.name
    low = 0 if fact.note is None or fact.note.minimum is None else fact.note.minimum
    members = fact.type.members
    match fact.type.kind:
        case "int" | "float":
            return f"{name} > {low}", str(low + 1), str(low)
        case "bool":
            return name, "true", "false"
        case "enum" if len(members) > 1:
            return f"{name} == {_literal(members[0])}", _quoted(members[0]), _quoted(members[1])
        case "set" if members:
            return f"{_literal(members[0])} in {name}", f"[{_quoted(members[0])}]", "[]"
        case "date":
            return f'{name} >= "2026-01-01"', "2026-01-01", "2025-12-31"
        case "datetime":
            return f'{name} >= "2026-01-01T00:00:00"', '"2026-01-01T00:00:00"', '"2025-12-31T23:59:59"'
        case "text":
            return f'{name} == "x"', "x", "another"
        case _:
            return None


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text) and text.lower() not in _WORDS else _literal(text)


_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def _scalar(condition: str) -> str:
    """A condition as YAML takes it: within quotes where it begins like something else."""
    if re.match(r"[A-Za-z_]", condition) and ": " not in condition and " #" not in condition:
        return condition
    return "'" + condition.replace("'", "''") + "'"


def _examples(sample: _Sample) -> Iterator[str]:
    """One that fires, one that does not, and one that is undetermined where the fact can be unknown."""
    name = sample.fact.name
    yield f"{{given: {{{name}: {sample.true}}}, fires: true}}"
    yield f"{{given: {{{name}: {sample.false}}}, fires: false}}"
    if sample.fact.optional:
        yield f"{{given: {{{name}: null}}, fires: unknown}}"


def _facts(fact_type: FactType) -> Iterator[str]:
    width = max((len(each) for each in fact_type.facts), default=0)
    for fact in fact_type.facts.values():
        if fact.type.kind == "unreadable":
            continue
        said = fact.type.words().replace("`", "")
        note = "" if fact.note is None else f"; {fact.note.en}"
        first, *rest = wrap(printable(said + note), _WIDTH - width - 6)
        yield f"#   {printable(fact.name):{width}}  {first}"
        yield from (f"#   {'':{width}}    {line}" for line in rest)


def default_name(cls: type) -> str:
    """The name for a pack on a class.

    >>> class BankLoan: ...
    >>> default_name(BankLoan)
    'bank_loan_rules'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower() + "_rules"
