"""The form of a page: every fact of a fact type, each of which may be left unknown. The page's script decides it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from dxrules.handbook.context import Context, anchor, link
from dxrules.handbook.encode import value_of
from dxrules.handbook.labels import unit_of
from dxrules.handbook.markup import Markup, element
from dxrules.language.examples import default_of
from dxrules.schema import Fact, FactType, label
from dxrules.values import groups_of


def form_section(page: Context) -> Markup:
    """The form, and the place of its decision."""
    return element(
        "section",
        element("h2", page.say("try"), id="try"),
        element("noscript", element("p", page.say("noscript"))),
        element("p", page.say("try lede"), class_="script"),
        _left_out(page),
        element(
            "div",
            element(
                "form",
                element("div", _types(page), _day(page), class_="top"),
                [_panel(page, fact_type, first=place == 0) for place, fact_type in enumerate(page.decided)],
                element("p", element("button", page.say("reset"), type="reset"), class_="actions"),
                id="form",
                autocomplete="off",
                novalidate=True,
                aria_label=page.say("form facts"),
            ),
            element(
                "section",
                element("h3", page.say("decision"), id="decision-title"),
                element("p", id="summary", role="status"),
                element("div", id="decision"),
                class_="decision",
                aria_labelledby="decision-title",
            ),
            class_="case script",
        ),
    )


def _left_out(page: Context) -> Markup | None:
    """That the form decides no pattern rules; nothing where there are none."""
    if not page.rulebook.patterns:
        return None
    before, _, after = page.say("form leaves out").partition("{}")
    return element("p", before, link("patterns", page.pattern_count), after, class_="script note")


def _types(page: Context) -> Markup | None:
    if len(page.decided) == 1:
        return None
    choices = [
        element(
            "label",
            element("input", type="radio", name="type", value=each.name, checked=place == 0),
            element("span", each.name),
        )
        for place, each in enumerate(page.decided)
    ]
    return element(
        "fieldset",
        element("legend", page.say("type tabs")),
        element("div", choices, class_="choices"),
        class_="field",
    )


def _day(page: Context) -> Markup:
    return element(
        "div",
        element("label", page.say("as of"), for_="as-of"),
        element("input", type="date", id="as-of", required=True, min="0001-01-01", max="9999-12-31",
                aria_describedby="as-of-error"),
        element("p", id="as-of-error", class_="error", hidden=True),
        class_="field",
    )  # fmt: skip


def _panel(page: Context, fact_type: FactType, *, first: bool) -> Markup:
    read = set(page.rulebook.facts[fact_type.name])
    top = [fact for fact in fact_type.members_of("") if fact.type.kind != "unreadable"]
    used = [fact for fact in top if _is_read(fact, read)]
    unused = [fact for fact in top if not _is_read(fact, read)]
    return element(
        "div",
        element("div", [_field(page, fact_type, fact) for fact in used], class_="fields"),
        element(
            "details",
            element("summary", page.say("unread")),
            element("div", [_field(page, fact_type, fact) for fact in unused], class_="fields"),
        )
        if unused
        else None,
        class_="panel",
        data_type=fact_type.name,
        hidden=not first,
    )


def _is_read(fact: Fact, read: set[str]) -> bool:
    return any(name == fact.name or name.startswith(f"{fact.name}.") for name in read)


def _field(page: Context, fact_type: FactType, fact: Fact) -> Markup:
    match fact.type.kind:
        case "group":
            return _group(page, fact_type, fact)
        case "bool":
            return _choices(page, fact_type, fact)
        case "set":
            return _set(page, fact_type, fact)
        case _:
            return _single(page, fact_type, fact)


def _data(fact_type: FactType, fact: Fact) -> dict[str, str]:
    given = {group.name: True for group in groups_of(fact_type, fact)}
    default = default_of(fact_type, fact, given)
    return {
        "data_fact": fact.name,
        "data_kind": fact.type.kind,
        "data_default": json.dumps(value_of(default)[1], ensure_ascii=False),
    }


def _nullable(fact_type: FactType, fact: Fact) -> bool:
    """Whether a field may be left unknown: where its class takes None, or has no default to begin with."""
    given = {group.name: True for group in groups_of(fact_type, fact)}
    return fact.optional or default_of(fact_type, fact, given) is None


def _legend(page: Context, fact: Fact) -> Markup:
    return element("legend", page.called(fact), title=fact.name)


def _choices(page: Context, fact_type: FactType, fact: Fact) -> Markup:
    name = anchor("field", fact_type.name, fact.name)
    choices = [("true", "choice yes"), ("false", "choice no")]
    if _nullable(fact_type, fact):
        choices.insert(0, ("", "choice unknown"))
    return element(
        "fieldset",
        _legend(page, fact),
        element("div", [_radio(name, value, page.say(key)) for value, key in choices], class_="choices"),
        class_="field",
        **_data(fact_type, fact),
    )


def _radio(name: str, value: str, text: str) -> Markup:
    return element("label", element("input", type="radio", name=name, value=value), element("span", text))


def _set(page: Context, fact_type: FactType, fact: Fact) -> Markup:
    name = anchor("field", fact_type.name, fact.name)
    boxes = [
        element(
            "label",
            element("input", type="checkbox", name=name, value=text),
            element("span", label(fact.type, text, page.lang)),
        )
        for text in fact.type.members
    ]
    known = [_radio(f"{name}-known", "true", page.say("choice known"))]
    if _nullable(fact_type, fact):
        known.insert(0, _radio(f"{name}-known", "", page.say("choice unknown")))
    return element(
        "fieldset",
        _legend(page, fact),
        element("div", known, class_="choices"),
        element("div", boxes, class_="boxes"),
        class_="field wide",
        **_data(fact_type, fact),
    )


def _group(page: Context, fact_type: FactType, fact: Fact) -> Markup:
    name = anchor("field", fact_type.name, fact.name)
    inner = [each for each in fact_type.members_of(fact.name) if each.type.kind != "unreadable"]
    known = [_radio(name, "true", page.say("choice given"))]
    if _nullable(fact_type, fact):
        known.insert(0, _radio(name, "", page.say("choice unknown")))
    return element(
        "fieldset",
        _legend(page, fact),
        element("div", known, class_="choices"),
        element(
            "fieldset",
            element("legend", page.called(fact), class_="hidden"),
            element("div", [_field(page, fact_type, each) for each in inner], class_="fields"),
            class_="inner",
        ),
        class_="field group",
        **_data(fact_type, fact),
    )


def _single(page: Context, fact_type: FactType, fact: Fact) -> Markup:
    name = anchor("field", fact_type.name, fact.name)
    controls = _input(page, fact, name)
    if fact.type.kind == "enum":
        controls = [element("select", list(_options(page, fact_type, fact)), id=name)]
    return element(
        "div",
        element("label", page.called(fact), for_=name, title=fact.name),
        controls,
        class_="field",
        **_data(fact_type, fact),
    )


def _options(page: Context, fact_type: FactType, fact: Fact) -> Iterator[Markup]:
    if _nullable(fact_type, fact):
        yield element("option", page.say("choice unknown"), value="")
    for place, text in enumerate(fact.type.members):  # by its place, because a member may be any text
        shown = label(fact.type, text, page.lang)
        taken = fact.optional and shown == page.say("unknown")
        yield element("option", page.say("recorded as", shown) if taken else shown, value=str(place))


_TYPES = {"date": "date", "datetime": "datetime-local"}
_MODES = {"int": "numeric", "float": "decimal"}


def _input(page: Context, fact: Fact, name: str) -> list[Markup]:
    kind = fact.type.kind
    unit = None if fact.note is None else fact.note.unit
    step = "0.001" if kind == "datetime" else None
    field = element("input", type=_TYPES.get(kind, "text"), inputmode=_MODES.get(kind), id=name, step=step,
                    aria_describedby=f"{name}-hint {name}-error", spellcheck="false")  # fmt: skip
    hint = page.say("unit", unit_of(unit, page.lang)) if unit else ""
    found = [
        element("div", field, element("span", hint, class_="hint", id=f"{name}-hint"), class_="control"),
        element("p", id=f"{name}-error", class_="error", hidden=True),
    ]
    if kind == "text":  # an empty field is unknown, so that a text that is empty takes a word of its own
        box = element("input", type="checkbox")
        found.insert(1, element("label", box, element("span", page.say("empty text")), class_="aside"))
    return found
