"""A whole page: one file that needs nothing else, and that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from dxrules.handbook.context import Context, link
from dxrules.handbook.encode import as_json, encode
from dxrules.handbook.form import form_section
from dxrules.handbook.labels import LANGUAGE_TAGS, SCRIPT_WORDS, count, heading_of
from dxrules.handbook.markup import Markup, element
from dxrules.handbook.patterns import patterns_section
from dxrules.handbook.picture import picture_section
from dxrules.handbook.rules import rules_section
from dxrules.handbook.sections import facts_section, find_section, index_section, sources_section, terms_section
from dxrules.rulebook import KINDS, Lang

_SCRIPTS = ("evaluator.js", "form.js", "decision.js", "search.js", "main.js")


def page_text(page: Context, others: Mapping[Lang, str]) -> str:
    """The page as HTML.

    Args:
        page: what it is made of.
        others: the file names of the same page in other languages.
    """
    return f"<!DOCTYPE html>\n{element('html', _head(page), _body(page, others), lang=LANGUAGE_TAGS[page.lang])}\n"


def _head(page: Context) -> Markup:
    policy = {
        "default-src": "'none'", "script-src": _hash(_script()), "style-src": _hash(_style()),
        "base-uri": "'none'", "form-action": "'none'", "object-src": "'none'",
    }  # fmt: skip
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content="; ".join(map(" ".join, policy.items()))),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", page.say("title")),
        element("style", Markup(_style())),
    )


def _body(page: Context, others: Mapping[Lang, str]) -> Markup:
    patterns, terms = patterns_section(page), terms_section(page)
    sections = ["find", "try", "rules", *(["patterns"] if patterns else []), "picture", "index", "facts",
                *(["terms"] if terms else []), "sources"]  # fmt: skip
    return element(
        "body",
        element("a", page.say("skip"), href="#main", class_="skip"),
        element(
            "header",
            element(
                "div",
                element("h1", page.say("title"), id="top"),
                [
                    _language_link(page, lang, name)
                    for lang, name in others.items()
                ],
                class_="title",
            ),
            element("p", page.say("lede", page.counts, count(len(page.packs) + len(page.pattern_packs), "pack",
                                                                page.lang)), class_="lede"),
            element("nav", element("ul", [element("li", link(each, page.say(each))) for each in sections]),
                    aria_label=page.say("sections")),
            class_="page",
        ),
        element(
            "main",
            find_section(page),
            form_section(page),
            rules_section(page),
            patterns,
            picture_section(page),
            index_section(page),
            facts_section(page),
            terms,
            sources_section(page),
            id="main",
            tabindex=-1,
        ),
        element(
            "footer",
            element("p", page.say("no advice")),
            element("p", page.say("digest"), ": ", element("code", page.rulebook.digest)),
            element("p", link("top", page.say("back"))),
        ),
        element("script", Markup(as_json(_data(page))), type="application/json", id="data"),
        element("script", Markup(_script())),
    )  # fmt: skip


def _language_link(page: Context, lang: Lang, name: str) -> Markup:
    tag = LANGUAGE_TAGS[lang]
    return element("a", page.say("language"), href=name, lang=tag, hreflang=tag, class_="language")


def _data(page: Context) -> dict[str, object]:
    words = dict(SCRIPT_WORDS[page.lang])
    words |= {f"kind {kind}": heading_of(kind, page.lang) for kind in KINDS}
    called = [[each, page.rulebook.called(each, page.lang)] for each in sorted(page.rulebook.operations)]
    return {"lang": page.lang, "words": words, "called": called, "rulebook": encode(page.rulebook, (page.lang,))}


@cache
def _script() -> str:
    """The page's one script. It is ours, and the same on every page; what rules say is data."""
    parts = "\n".join(_resource(name) for name in _SCRIPTS)
    assert "</script" not in parts.lower()
    assert "<!--" not in parts
    return f'"use strict";\n{{\n{parts}}}\n'


@cache
def _style() -> str:
    return _resource("handbook.css")


def _resource(name: str) -> str:
    return resources.files(__package__).joinpath("resources", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a policy calls a script or style by: Content Security Policy Level 3, section 2.3.1."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
