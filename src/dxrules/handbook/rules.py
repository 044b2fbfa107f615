"""The rules of a page: each with its condition, what it says and reads, its examples and its sources."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from dxrules import expression as ex
from dxrules.explain.text import label_of
from dxrules.handbook.context import Context, anchor, link, rule_id
from dxrules.handbook.encode import card_of
from dxrules.handbook.labels import deadline_of, say
from dxrules.handbook.markup import Child, Markup, element
from dxrules.handbook.sources import Citation
from dxrules.handbook.words import Outline, shown_value
from dxrules.render import show
from dxrules.rulebook import Example, Rule, Template
from dxrules.schema import FactType, Type

_DATE = Type("date")


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
        page.say("gates", operation, comma.join(deadline_of(each, page.lang) for each in sorted(deadlines)))
        for operation, deadlines in sorted(gates.items())
    ]
    return element("p", "; ".join(lines) if page.lang == "en" else "；".join(lines), class_="muted")


def rule_article(page: Context, rule: Rule) -> Markup:
    """One rule."""
    reads = ex.facts_of(rule.when)
    owner = element("span", f" {rule.fact_type.name}", class_="muted") if len(page.fact_types) > 1 else None
    heading = element("h4", link(rule_id(rule), element("code", rule.name)), owner)
    return element(
        "article",
        element(
            "header",
            heading,
            element("p", page.effect(rule), " ", _weights(page, rule), class_="badges"),
        ),
        element("blockquote", _message(page, rule, rule.message[page.lang]), class_="message"),
        element("h5", page.say("when")),
        condition(page, rule.fact_type, rule.when),
        element(
            "dl",
            _entry(page.say("reads"), _reads(page, rule, reads)),
            list(_relations(page, rule)),
            _entry(page.say("source"), _sources(page, rule)),
        ),
        _examples(page, rule),
        _as_written(page, rule),
        id=rule_id(rule),
        class_="rule",
        data_type=rule.fact_type.name,
        data_name=rule.name,
        data_kind=rule.kind,
        data_outcome=f"{rule.kind} {rule.target or ''}",
        data_deadline=rule.deadline,
        data_facts=" ".join(f"{rule.fact_type.name}:{name}" for name in reads),
    )


def _weights(page: Context, rule: Rule) -> Markup:
    return element(
        "span",
        element("span", page.say(rule.severity), class_=f"severity {rule.severity}", title=page.say("severity")),
        element("span", deadline_of(rule.deadline, page.lang), class_="deadline", title=page.say("deadline")),
        class_="weights",
    )


def _reads(page: Context, rule: Rule, reads: Mapping[str, ex.FactRef]) -> Markup:
    return element(
        "ul", [element("li", page.fact_link(rule.fact_type, ref.fact)) for ref in reads.values()], class_="chips"
    )


def _entry(name: str, *what: Child) -> Markup:
    return element("div", element("dt", name), element("dd", *what))


def _relations(page: Context, rule: Rule) -> Iterator[Markup]:
    """Validity, priority, and the rules that it silences or is silenced by."""
    keys = ((rule.fact_type.name, name) for name in rule.overrides)
    below = [page.by_name[key] for key in keys if key in page.by_name]
    if below:
        yield _entry(page.say("overrides"), page.rule_links(below))
    above = page.overriders.get((rule.fact_type.name, rule.name), ())
    if above:
        yield _entry(page.say("overridden"), page.rule_links(above))
    if rule.valid_from != dt.date.min or rule.valid_until is not None:
        bounds = [page.say("from", show(rule.valid_from, _DATE, page.lang))] if rule.valid_from != dt.date.min else []
        if rule.valid_until is not None:
            bounds.append(page.say("until", show(rule.valid_until, _DATE, page.lang)))
        yield _entry(page.say("in force"), page.say("item comma").join(bounds))
    yield _entry(page.say("priority"), str(rule.priority))


def _message(page: Context, rule: Rule, template: Template) -> list[Child]:
    """A message, with the places that values fill marked."""
    found: list[Child] = []
    for part in template.parts:
        if isinstance(part, str):
            found.append(part)
            continue
        fact = rule.fact_type.facts.get(part.name)
        label = part.name if fact is None else label_of(part.name, fact, page.lang)
        found.append(element("span", f"[{label}]", class_="hole", title=part.name))
    return found


# Conditions


def condition(page: Context, fact_type: FactType, when: ex.Expr) -> Markup:
    """A condition as a tree; the script of the page finds its nodes by their paths."""
    outline = page.speaker(fact_type).outline(when)
    return element("ul", _line(page, fact_type, outline), class_="condition")


def _line(page: Context, fact_type: FactType, outline: Outline) -> Markup:
    return element(
        "li",
        element("span", page.phrase(fact_type, outline.phrase), class_="phrase"),
        element("ul", [_line(page, fact_type, part) for part in outline.parts]) if outline.parts else None,
        class_=None if outline.form == "test" else "node",
        data_path=".".join(map(str, outline.path)),
        data_reads=" ".join(outline.reads) or None,
    )


def _as_written(page: Context, rule: Rule) -> Markup | None:
    lines = [" ".join(each.text.split()) for each in _written(rule.when)]
    if not lines:
        return None
    place = None
    if rule.span is not None:
        line, _ = rule.span.source.position(rule.span.start)
        place = element("p", page.say("line", PurePath(rule.span.source.path).name, line), class_="muted")
    return element(
        "details",
        element("summary", page.say("condition as written")),
        element("pre", element("code", "\n".join(lines)), tabindex=0, aria_label=page.say("condition as written"),
                role="group"),
        place,
        class_="written",
    )  # fmt: skip


def _written(expr: ex.Expr) -> Iterator[ex.Clause]:
    """The written lines of a condition; those of the definitions that it names are not among them."""
    if isinstance(expr, ex.Clause):
        yield expr
    else:
        for child in ex.children(expr):
            yield from _written(child)


# Sources and examples


def _sources(page: Context, rule: Rule) -> list[Child]:
    citations = page.catalogue.citations(rule)
    if not citations:
        return [page.say("no source")]
    return [(source_link(page, each), " ") for each in dict.fromkeys(citations)]


def source_link(page: Context, citation: Citation) -> Markup:
    """A link to the entry of a source."""
    return link(page.citation_id(citation), citation.name, class_="source", title=citation.text(page.lang) or None)


def _examples(page: Context, rule: Rule) -> Markup | None:
    if not rule.examples:
        return None
    head = element(
        "tr",
        element("th", page.say("example"), scope="col"),
        element("th", page.say("expected"), scope="col"),
        element("th", element("span", page.say("try this"), class_="hidden"), scope="col", class_="script"),
    )
    rows = [_example(page, rule, each) for each in rule.examples]
    return element(
        "details",
        element("summary", f"{page.say('examples')} ({len(rows)})"),
        element("div", element("table", element("thead", head), element("tbody", rows)), class_="scroll", tabindex=0,
                role="group", aria_label=f"{page.say('examples')}: {rule.name}"),
        class_="examples",
    )  # fmt: skip


def _example(page: Context, rule: Rule, example: Example) -> Markup:
    facts = rule.fact_type.facts
    given = [
        element(
            "li",
            element("span", label_of(name, facts[name], page.lang), class_="fact", title=name),
            say("colon", page.lang),
            element("span", shown_value(facts[name], value, page.lang), class_="value"),
        )
        for name, value in example.given.items()
        if not (
            facts[name].type.kind == "group" and value and any(other.startswith(f"{name}.") for other in example.given)
        )
    ]
    verdict = {True: "fires", False: "fires not", None: "fires unknown"}[example.fires]
    truth = {True: "true", False: "false", None: "unknown"}[example.fires]
    case = {
        "type": rule.fact_type.name,
        "as_of": example.as_of.isoformat(),
        "card": card_of(example.given),  # the form has the defaults of all others,
    }
    day = None
    if page.rulebook.cuts():  # where nothing is dated, the day of an example says nothing
        day = element("p", page.say("on day", show(example.as_of, _DATE, page.lang)), class_="muted")
    button = element("button", page.say("try this"), type="button", data_case=json.dumps(case, ensure_ascii=False))
    return element(
        "tr",
        element("td", element("ul", given, class_="given") if given else page.say("nothing given"), day),
        element("td", element("span", page.say(verdict), class_=f"truth t-{truth}")),
        element("td", button, class_="script"),
    )
