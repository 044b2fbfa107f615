"""The pictures of a page: one for each pack."""

from __future__ import annotations

from collections.abc import Sequence

from dxrules.handbook.context import Context, anchor, fact_id, rule_id
from dxrules.handbook.drawing import svg
from dxrules.handbook.kinds import AnyRule
from dxrules.handbook.markup import Markup, element
from dxrules.handbook.nodes import Node, graph_of

MOST_RULES = 120  # of a pack that are drawn one by one


def picture_section(page: Context) -> Markup:
    """What feeds the rules of each pack, and what they conclude."""
    return element(
        "section",
        element("h2", page.say("picture"), id="picture"),
        element("p", page.say("picture lede"), f" {page.say('picture patterns')}" if page.pattern_packs else None),
        [_pack(page, name, rules, first=place == 0) for place, (name, rules) in enumerate(_packs(page).items())],
    )


def _packs(page: Context) -> dict[str, Sequence[AnyRule]]:
    return {**page.packs, **page.pattern_packs}


def _pack(page: Context, name: str, rules: Sequence[AnyRule], *, first: bool) -> Markup:
    with_rules = len(rules) <= MOST_RULES
    title = page.say("picture of", name)
    drawn = svg(graph_of(page.rulebook, rules, page.lang, with_rules=with_rules), title, target=_target, style="")
    return element(
        "details",
        element("summary", title),
        None if with_rules else element("p", page.say("picture grouped"), class_="muted"),
        element("div", drawn, class_="scroll", tabindex=0, role="group", aria_label=title),
        open=first,
        class_="pack-picture",
    )


def _target(node: Node) -> str | None:
    if node.rule is not None:
        return rule_id(node.rule)
    if node.fact is not None:
        return fact_id(node.fact.fact_type, node.fact.fact.name)
    return anchor("outcome", node.key.removeprefix("outcome "))
