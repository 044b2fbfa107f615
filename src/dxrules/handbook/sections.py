"""The other sections of a page: finding rules, the index, the facts, definitions and parameters, the sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from dxrules.handbook.context import Context, anchor, definition_id, fact_id
from dxrules.handbook.kinds import AnyRule, outcome_key, parameters_of
from dxrules.handbook.labels import deadline_of, unit_of
from dxrules.handbook.markup import Child, Markup, element
from dxrules.handbook.parts import DATE, condition
from dxrules.handbook.sources import Citation
from dxrules.render import show
from dxrules.rulebook import DEADLINES, KINDS, Parameter
from dxrules.schema import Fact, FactType, Type, label
from dxrules.values import Plain


def find_section(page: Context) -> Markup:
    """A field for words, and choices by fact, outcome and deadline; the page's script does the rest."""
    return element(
        "section",
        element("h2", page.say("find"), id="find"),
        element("noscript", element("p", page.say("noscript"))),
        element(
            "form",
            element(
                "div",
                element("label", page.say("find what"), for_="query"),
                element("input", type="search", id="query", autocomplete="off", spellcheck="false"),
                class_="field query",
            ),
            _select(page, "by-fact", "by fact", _fact_options(page)),
            _select(page, "by-outcome", "by outcome", _outcomes(page)),
            _select(page, "by-deadline", "by deadline", _deadlines(page)),
            class_="search script",
            role="search",
            id="search",
        ),
        element("p", id="found", role="status", class_="script muted"),
        element("ol", id="results", class_="results script"),
    )


def _select(page: Context, name: str, key: str, options: Iterator[tuple[str, str]]) -> Markup:
    return element(
        "div",
        element("label", page.say(key), for_=name),
        element(
            "select",
            element("option", page.say("choice any"), value=""),
            [element("option", text, value=value) for value, text in options],
            id=name,
        ),
        class_="field",
    )


def _fact_options(page: Context) -> Iterator[tuple[str, str]]:
    for fact_type in page.fact_types:
        for fact in fact_type.facts.values():
            if (fact_type.name, fact.name) in page.readers:
                text = f"{page.called(fact)} ({fact.name})"
                yield (
                    f"{fact_type.name}:{fact.name}",
                    text if len(page.fact_types) == 1 else f"{fact_type.name}: {text}",
                )


def _outcomes(page: Context) -> Iterator[tuple[str, str]]:
    found = {(rule.kind, rule.target or "") for rule in page.rules}
    for kind, target in sorted(found, key=lambda each: (KINDS.index(each[0]), each[1])):
        yield f"{kind} {target}", page.effect_text(kind, target or None)


def _deadlines(page: Context) -> Iterator[tuple[str, str]]:
    used = {rule.deadline for rule in page.rules}
    return ((each, deadline_of(each, page.lang)) for each in DEADLINES if each in used)


# The index


def index_section(page: Context) -> Markup:
    """The rules by outcome and by deadline; by fact they are in the tables of the facts."""
    return element(
        "section",
        element("h2", page.say("index"), id="index"),
        element(
            "div",
            _index(page, "outcome", _outcomes(page), outcome_key),
            _index(page, "deadline", _deadlines(page), lambda rule: rule.deadline),
            class_="columns",
        ),
    )


def _index(page: Context, by: str, entries: Iterator[tuple[str, str]], of: Callable[[AnyRule], str]) -> Markup:
    rules: dict[str, list[AnyRule]] = {}
    for rule in page.rules:
        rules.setdefault(of(rule), []).append(rule)
    rows = [
        element("div", element("dt", text, id=anchor(by, value)), element("dd", page.rule_links(rules[value])))
        for value, text in entries
    ]
    return element("section", element("h3", page.say(f"index {by}")), element("dl", rows))


# Facts


def facts_section(page: Context) -> Markup:
    """A table of the facts of each type, with the rules that read them."""
    return element(
        "section",
        element("h2", page.say("facts"), id="facts"),
        [_facts_of(page, each) for each in page.fact_types],
    )


def _facts_of(page: Context, fact_type: FactType) -> Markup:
    head = [page.say(key) for key in ("fact", "type", "read by")]
    rows = [
        [_fact_name(page, fact_type, fact), _takes(page, fact), _readers(page, fact_type, fact)]
        for fact in fact_type.facts.values()
    ]
    title = page.say("facts of", fact_type.name)
    return element(
        "section", element("h3", title, id=anchor("facts", fact_type.name)), table(title, head, rows), class_="terms"
    )


def _fact_name(page: Context, fact_type: FactType, fact: Fact) -> list[Child]:
    name = element("code", fact.name)
    shown: list[Child] = [name] if fact.note is None else [page.called(fact), element("br"), name]
    return [element("span", shown, id=fact_id(fact_type, fact.name), class_="term")]


def _takes(page: Context, fact: Fact) -> list[Child]:
    found: list[Child] = [takes(page, fact)]
    if fact.note is not None and fact.note.unit:
        found.append(page.say("in unit", unit_of(fact.note.unit, page.lang)))
    notes = []
    if fact.optional:
        notes.append(page.say("may be unknown"))
    if fact.note is not None and fact.note.personal:
        notes.append(page.say("personal"))
    if notes:
        found.append(element("p", page.say("item comma").join(notes), class_="muted"))
    return found


def takes(page: Context, fact: Fact) -> str:
    """What a fact takes."""
    if fact.type.kind in ("enum", "set"):
        labels = (label(fact.type, each, page.lang) for each in fact.type.members)
        return page.say(f"kind {fact.type.kind}", page.say("item comma").join(labels))
    return page.say(f"kind {fact.type.kind}")


def _readers(page: Context, fact_type: FactType, fact: Fact) -> Markup | str:
    rules = page.readers.get((fact_type.name, fact.name), ())
    return page.rule_links(rules) if rules else page.say("no rule")


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[Child]]) -> Markup:
    """A table whose rows stand as blocks where the page is narrow; it says its roles, for blocks have none."""
    columns = [element("th", each, scope="col", role="columnheader") for each in head]
    lines = [
        element(
            "tr",
            [element("td", cell, role="cell", data_label=name) for name, cell in zip(head, row, strict=True)],
            role="row",
        )
        for row in rows
    ]
    return element(
        "table",
        element("caption", title, class_="hidden"),
        element("thead", element("tr", columns, role="row"), role="rowgroup"),
        element("tbody", lines, role="rowgroup"),
        role="table",
        class_="stacked",
    )


# Definitions and parameters


def terms_section(page: Context) -> Markup | None:
    """What the names mean that conditions use beside facts."""
    definitions = [_definitions(page, each) for each in page.fact_types if page.rulebook.definitions.get(each.name)]
    parameters = _parameters(page) if page.rulebook.parameters else None
    if not definitions and parameters is None:
        return None
    return element("section", element("h2", page.say("terms"), id="terms"), parameters, definitions)


def _definitions(page: Context, fact_type: FactType) -> Markup:
    entries = [
        element(
            "div",
            element("h4", element("code", name), id=definition_id(fact_type, name)),
            condition(page, fact_type, [page.speaker.outline(body)]),
            class_="definition",
        )
        for name, body in page.rulebook.definitions[fact_type.name].items()
    ]
    return element("section", element("h3", page.say("definitions", fact_type.name)), entries)


def _parameters(page: Context) -> Markup:
    users: dict[str, dict[AnyRule, None]] = {}
    for rule in page.rules:
        for name in parameters_of(rule):
            users.setdefault(name, {})[rule] = None
    rows = [
        [
            element("code", name, id=anchor("parameter", name), class_="term"),
            element("ul", [element("li", each) for each in _values(page, parameter)], class_="given"),
            page.rule_links(users[name]) if name in users else page.say("no rule"),
        ]
        for name, parameter in page.rulebook.parameters.items()
    ]
    title = page.say("parameters")
    head = [page.say(key) for key in ("parameter name", "value", "used by")]
    return element("section", element("h3", title), table(title, head, rows), class_="terms")


def _values(page: Context, parameter: Parameter) -> Iterator[str]:
    for start, value in parameter.values:
        shown = _plain(page, value)
        yield shown if start == dt.date.min else page.say("from day", shown, show(start, DATE, page.lang))


def _plain(page: Context, value: Plain) -> str:
    return show(value, Type("text"), page.lang)


# Sources


def sources_section(page: Context) -> Markup:
    """Every source, what it says, and the rules that cite it."""
    title = element("h2", page.say("sources"), id="sources")
    if not page.citers:
        return element("section", title, element("p", page.say("no sources")))
    rows = [
        [
            element("span", citation.name, id=page.citation_id(citation), class_="term"),
            _said(page, citation),
            page.rule_links(rules),
        ]
        for citation, rules in page.citers.items()
    ]
    head = [page.say(key) for key in ("source", "meaning", "cited by")]
    return element("section", title, table(page.say("sources"), head, rows), class_="terms")


def _said(page: Context, citation: Citation) -> list[Child]:
    found: list[Child] = [citation.text(page.lang)]
    if citation.url is not None:
        outward = element("a", citation.url, href=citation.url, rel="external noopener noreferrer", class_="outward")
        found += [" ", outward]
    return found
