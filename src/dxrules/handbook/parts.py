"""The parts of a rule's entry that rules on one fact and pattern rules share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath

from dxrules import expression as ex
from dxrules.handbook.context import Context, link, rule_id
from dxrules.handbook.kinds import AnyRule, outcome_key, owner_of, reads_of
from dxrules.handbook.labels import deadline_of, say
from dxrules.handbook.markup import Child, Markup, element
from dxrules.handbook.sources import Citation
from dxrules.handbook.words import Outline, shown_value
from dxrules.render import show
from dxrules.rulebook import Hole, Template
from dxrules.schema import Fact, FactType, Type
from dxrules.source import Span
from dxrules.values import Plain

DATE = Type("date")


def article(page: Context, rule: AnyRule, *body: Child, chip: str | None = None) -> Markup:
    """The entry of a rule: its name, what it does and says, then whatever else; the script finds it by its data."""
    owner = owner_of(rule)
    several = len(page.fact_types) > 1
    return element(
        "article",
        element(
            "header",
            element(
                "h4",
                link(rule_id(rule), element("code", rule.name)),
                element("span", f" {owner.name}", class_="muted") if several else None,
            ),
            element(
                "p",
                page.effect(rule),
                " ",
                element("span", chip, class_="chip") if chip else None,
                _weights(page, rule),
                class_="badges",
            ),
        ),
        *body,
        id=rule_id(rule),
        class_="rule",
        data_type=owner.name,
        data_name=rule.name,
        data_kind=rule.kind,
        data_outcome=outcome_key(rule),
        data_deadline=rule.deadline,
        data_facts=" ".join(":".join(each.key) for each in reads_of(rule)),
    )


def _weights(page: Context, rule: AnyRule) -> Markup:
    return element(
        "span",
        element("span", page.say(rule.severity), class_=f"severity {rule.severity}", title=page.say("severity")),
        element("span", deadline_of(rule.deadline, page.lang), class_="deadline", title=page.say("deadline")),
        class_="weights",
    )


def message(template: Template, called: Callable[[Hole], str]) -> Markup:
    """A message, with the places that values fill marked."""
    found: list[Child] = []
    for part in template.parts:
        if isinstance(part, str):
            found.append(part)
        else:
            found.append(element("span", f"[{called(part)}]", class_="hole", title=part.name))
    return element("blockquote", found, class_="message")


def entry(name: str, *what: Child) -> Markup:
    """A term and what is to be said of it."""
    return element("div", element("dt", name), element("dd", *what))


def reads(page: Context, rule: AnyRule) -> Markup:
    """What the rule reads; where that is of several fact types, with their names."""
    found = reads_of(rule)
    several = len({each.fact_type.name for each in found}) > 1
    items = [
        element("li", f"{each.fact_type.name}: " if several else None, page.fact_link(each.fact_type, each.fact))
        for each in found
    ]
    return entry(page.say("reads"), element("ul", items, class_="chips"))


def in_force(page: Context, rule: AnyRule) -> Markup | None:
    """From when until when the rule is in force; nothing where it always is."""
    if rule.valid_from == dt.date.min and rule.valid_until is None:
        return None
    bounds = [page.say("from", show(rule.valid_from, DATE, page.lang))] if rule.valid_from != dt.date.min else []
    if rule.valid_until is not None:
        bounds.append(page.say("until", show(rule.valid_until, DATE, page.lang)))
    return entry(page.say("in force"), page.say("item comma").join(bounds))


def priority(page: Context, rule: AnyRule) -> Markup:
    """Its place among outcomes."""
    return entry(page.say("priority"), str(rule.priority))


# Conditions


def condition(page: Context, fact_type: FactType | None, outlines: Iterable[Outline]) -> Markup:
    """Lines of a condition as a tree; the script of the page finds their nodes by their paths.

    Args:
        page: the page.
        fact_type: whose facts the lines name, where they do not say so themselves.
        outlines: the lines.
    """
    return element("ul", [_line(page, fact_type, each) for each in outlines], class_="condition")


def _line(page: Context, fact_type: FactType | None, outline: Outline) -> Markup:
    return element(
        "li",
        element("span", page.phrase(fact_type, outline.phrase), class_="phrase"),
        element("ul", [_line(page, fact_type, part) for part in outline.parts]) if outline.parts else None,
        class_=None if outline.form == "test" else "node",
        data_path=".".join(map(str, outline.path)),
        data_reads=" ".join(outline.reads) or None,
    )


def as_written(page: Context, title: str, lines: Sequence[str], span: Span | None) -> Markup | None:
    """Conditions as they stand in the file, and where; nothing where there are none."""
    if not lines:
        return None
    place = None
    if span is not None:
        line, _ = span.source.position(span.start)
        place = element("p", page.say("line", PurePath(span.source.path).name, line), class_="muted")
    return element(
        "details",
        element("summary", title),
        element("pre", element("code", "\n".join(lines)), tabindex=0, aria_label=title, role="group"),
        place,
        class_="written",
    )


def written(expr: ex.Expr) -> Iterator[str]:
    """The written lines of a condition; those of the definitions that it names are not among them."""
    if isinstance(expr, ex.Clause):
        yield " ".join(expr.text.split())
    else:
        for child in ex.children(expr):
            yield from written(child)


# Sources and examples


def sources(page: Context, rule: AnyRule) -> Markup:
    """Links to what the rule cites."""
    found: list[Child] = [(source_link(page, each), " ") for each in dict.fromkeys(page.catalogue.citations(rule))]
    return entry(page.say("source"), found or page.say("no source"))


def source_link(page: Context, citation: Citation) -> Markup:
    """A link to the entry of a source."""
    return link(page.citation_id(citation), citation.name, class_="source", title=citation.text(page.lang) or None)


def examples(page: Context, rule: AnyRule, head: Sequence[Markup], rows: Sequence[Markup], *more: Child) -> Markup:
    """A table of examples, which opens when it is asked for."""
    return element(
        "details",
        element("summary", f"{page.say('examples')} ({len(rows)})"),
        *more,
        element(
            "div",
            element("table", element("thead", element("tr", head)), element("tbody", rows)),
            class_="scroll",
            tabindex=0,
            role="group",
            aria_label=f"{page.say('examples')}: {rule.name}",
        ),
        class_="examples",
    )


def expected(page: Context, fires: bool | None) -> Markup:
    """What the rule does with an example."""
    key = {True: "fires", False: "fires not", None: "fires unknown"}[fires]
    truth = {True: "true", False: "false", None: "unknown"}[fires]
    return element("span", page.say(key), class_=f"truth t-{truth}")


def given(page: Context, fact: Fact, value: Plain) -> list[Child]:
    """A fact of an example and its value."""
    return [
        element("span", page.called(fact), class_="fact", title=fact.name),
        say("colon", page.lang),
        element("span", shown_value(fact, value, page.lang), class_="value"),
    ]
