"""The pattern rules of a page: what each looks for, how that hangs together, when it fires, and its examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dxrules.handbook import parts
from dxrules.handbook.context import Context, anchor
from dxrules.handbook.markup import Child, Markup, element
from dxrules.handbook.patternwords import PatternSpeaker, length_text
from dxrules.handbook.timeline import timeline_of
from dxrules.handbook.timelinedrawing import Drawing
from dxrules.pattern import GivenFact, Match, PatternExample, PatternRule
from dxrules.render import show
from dxrules.schema import Type

_DATETIME = Type("datetime")


def patterns_section(page: Context) -> Markup | None:
    """Every pattern rule, by packs; nothing where there are none."""
    if not page.pattern_packs:
        return None
    packs = [
        element(
            "section",
            element("h3", page.say("pack", name), id=anchor("pack", name)),
            [pattern_article(page, rule) for rule in rules],
            class_="pack",
        )
        for name, rules in page.pattern_packs.items()
    ]
    return element(
        "section",
        element("h2", page.say("patterns"), id="patterns"),
        element("p", page.say("patterns lede")),
        element("p", page.say("patterns reading")),
        packs,
    )


def pattern_article(page: Context, rule: PatternRule) -> Markup:
    """One pattern rule."""
    speaker = PatternSpeaker(page.rulebook.parameters, page.lang, rule)
    relations = list(speaker.relations())
    return parts.article(
        page,
        rule,
        parts.message(rule.message[page.lang], lambda hole: speaker.hole(hole.expr)),
        _picture(page, speaker),
        element("h5", page.say("looks for")),
        _matches(page, speaker, rule.match),
        [element("h5", page.say("go together")), parts.condition(page, None, relations)] if relations else None,
        [element("h5", page.say("absent")), _matches(page, speaker, rule.absent)] if rule.absent else None,
        element(
            "dl",
            parts.entry(page.say("fires when"), page.phrase(None, speaker.due())),
            parts.entry(page.say("joins"), page.phrase(None, speaker.about())),
            _keep(page, rule),
            parts.reads(page, rule),
            parts.in_force(page, rule),
            parts.priority(page, rule),
            parts.sources(page, rule),
        ),
        _examples(page, rule),
        parts.as_written(page, page.say("pattern as written"), list(_written(page, rule)), rule.span),
        chip=page.say("over time"),
    )


def _picture(page: Context, speaker: PatternSpeaker) -> Markup | None:
    found = timeline_of(speaker.rule)
    if found is None:
        return None
    drawing = Drawing(found, speaker, page.effect_text(speaker.rule.kind, speaker.rule.target))
    return element("div", drawing.svg(), class_="scroll", tabindex=0, role="group", aria_label=speaker.rule.name)


def _matches(page: Context, speaker: PatternSpeaker, matches: Sequence[Match]) -> Markup:
    """What is looked for, or must not be there, each with its number."""
    return element("ul", [_match(page, speaker, each) for each in matches], class_="matches")


def _match(page: Context, speaker: PatternSpeaker, match: Match) -> Markup:
    lines = list(speaker.lines(match))
    return element(
        "li",
        element("span", speaker.marks[match.name], class_="match"),
        element(
            "div",
            element("p", page.phrase(None, speaker.what(match)), " ", element("code", match.name, class_="muted")),
            parts.condition(page, match.fact_type, lines) if lines else None,
        ),
    )


def _keep(page: Context, rule: PatternRule) -> Markup | None:
    if rule.keep is None or not any(each.is_event for each in (*rule.match, *rule.absent)):
        return None
    return parts.entry(page.say("keep"), page.say("kept for", length_text(rule.keep, page.lang)))


def _written(page: Context, rule: PatternRule) -> Iterator[str]:
    """The conditions as they stand in the file, behind the names of the matches."""
    for each in (*rule.match, *rule.absent):
        name = page.say("as absent", each.name) if each in rule.absent else each.name
        for condition in (each.when, each.where):
            yield from (f"{name}: {line}" for line in (parts.written(condition) if condition is not None else ()))
    yield from (f"where: {line}" for line in (parts.written(rule.where) if rule.where is not None else ()))


# Examples


def _examples(page: Context, rule: PatternRule) -> Markup | None:
    if not rule.examples:
        return None
    head = [element("th", page.say(key), scope="col") for key in ("example", "expected")]
    rows = [_example(page, each) for each in rule.examples]
    return parts.examples(page, rule, head, rows, element("p", page.say("not tried"), class_="muted"))


def _example(page: Context, example: PatternExample) -> Markup:
    facts = [element("li", *_given(page, each)) for each in example.given]
    now = page.say("now is", show(example.now, _DATETIME, page.lang))
    return element(
        "tr",
        element("td", element("ul", facts, class_="given"), element("p", now, class_="muted")),
        element("td", parts.expected(page, example.fires)),
    )


def _given(page: Context, fact: GivenFact) -> Iterator[Child]:
    """A fact of an example: of an event when it happened, of another its type; then its values."""
    fact_type = fact.fact_type
    lead = fact_type.name if fact.at is None else show(fact.at, _DATETIME, page.lang)
    yield element("strong", lead)
    between = page.say("colon")
    for name, value in fact.given.items():
        item = fact_type.facts[name]
        if item is fact_type.moment or (item is fact_type.key and fact.at is not None):
            continue
        yield between
        yield parts.given(page, item, value)
        between = page.say("semicolon")
