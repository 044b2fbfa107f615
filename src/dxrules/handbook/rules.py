"""The rules of a page: each with its condition, what it says and reads, its examples and its sources."""

from __future__ import annotations

import json
from collections.abc import Iterator

from dxrules.handbook import parts
from dxrules.handbook.context import Context, anchor
from dxrules.handbook.encode import card_of
from dxrules.handbook.labels import deadline_of
from dxrules.handbook.markup import Markup, element
from dxrules.render import show
from dxrules.rulebook import Example, Hole, Rule
from dxrules.schema import FactType


def rules_section(page: Context) -> Markup:
    """Every rule, by packs."""
    packs = [
        element(
            "section",
            element("h3", page.say("pack", name), id=anchor("pack", name)),
            _gates(page, rules[0].fact_type) if rules else None,
            [rule_article(page, rule) for rule in rules],
            class_="pack",
        )
        for name, rules in page.packs.items()
    ]
    return element("section", element("h2", page.say("rules"), id="rules"), packs)


def _gates(page: Context, fact_type: FactType) -> Markup | None:
    gates = page.rulebook.gates.get(fact_type.name, {})
    if not gates:
        return None
    comma = page.say("item comma")
    lines = [
        page.say(
            "gates",
            page.rulebook.called(operation, page.lang),
            comma.join(deadline_of(each, page.lang) for each in sorted(deadlines)),
        )
        for operation, deadlines in sorted(gates.items())
    ]
    return element("p", "; ".join(lines) if page.lang == "en" else "；".join(lines), class_="muted")


def rule_article(page: Context, rule: Rule) -> Markup:
    """One rule."""
    return parts.article(
        page,
        rule,
        parts.message(rule.message[page.lang], lambda hole: _called(page, rule, hole)),
        element("h5", page.say("when")),
        parts.condition(page, rule.fact_type, [page.speaker.outline(rule.when)]),
        element(
            "dl",
            parts.reads(page, rule),
            list(_relations(page, rule)),
            parts.in_force(page, rule),
            parts.priority(page, rule),
            parts.sources(page, rule),
        ),
        _examples(page, rule),
        parts.as_written(page, page.say("condition as written"), list(parts.written(rule.when)), rule.span),
    )


def _called(page: Context, rule: Rule, hole: Hole) -> str:
    """What fills a place of the message."""
    fact = rule.fact_type.facts.get(hole.name)
    return hole.name if fact is None else page.called(fact)


def _relations(page: Context, rule: Rule) -> Iterator[Markup]:
    """The rules that it silences or is silenced by."""
    keys = ((rule.fact_type.name, name) for name in rule.overrides)
    below = [page.by_name[key] for key in keys if key in page.by_name]
    if below:
        yield parts.entry(page.say("overrides"), page.rule_links(below))
    above = page.overriders.get((rule.fact_type.name, rule.name), ())
    if above:
        yield parts.entry(page.say("overridden"), page.rule_links(above))


def _examples(page: Context, rule: Rule) -> Markup | None:
    if not rule.examples:
        return None
    head = [
        element("th", page.say("example"), scope="col"),
        element("th", page.say("expected"), scope="col"),
        element("th", element("span", page.say("try this"), class_="hidden"), scope="col", class_="script"),
    ]
    return parts.examples(page, rule, head, [_example(page, rule, each) for each in rule.examples])


def _example(page: Context, rule: Rule, example: Example) -> Markup:
    facts = rule.fact_type.facts
    given = [
        element("li", parts.given(page, facts[name], value))
        for name, value in example.given.items()
        if not (
            facts[name].type.kind == "group" and value and any(other.startswith(f"{name}.") for other in example.given)
        )
    ]
    case = {
        "type": rule.fact_type.name,
        "as_of": example.as_of.isoformat(),
        "card": card_of(example.given),  # the form has the defaults of all others,
    }
    day = None
    if page.rulebook.cuts():  # where nothing is dated, the day of an example says nothing
        day = element("p", page.say("on day", show(example.as_of, parts.DATE, page.lang)), class_="muted")
    button = element("button", page.say("try this"), type="button", data_case=json.dumps(case, ensure_ascii=False))
    return element(
        "tr",
        element("td", element("ul", given, class_="given") if given else page.say("nothing given"), day),
        element("td", parts.expected(page, example.fires)),
        element("td", button, class_="script"),
    )
