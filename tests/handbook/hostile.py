"""A rulebook whose every text tries to become script, and which loads all the same."""

import datetime as dt
import json
from enum import StrEnum

import attrs

import dxrules
from dxrules.schema import note

TEXTS = (
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "\" onmouseover=\"window.hit=1\" x='",
    "<!--<script>", "]]><svg onload=window.hit=1>", "`${window.hit=1}`", "\u2028\u2029 end",
    "{{constructor}} &lt;b&gt; &amp;",
    "'-window.hit++-'", "</style><style>*{display:none}</style>", "</title><iframe srcdoc=x>", "\\u003cscript>",
)  # fmt: skip
SOURCES = (
    "javascript:window.hit=1", "JaVaScRiPt:window.hit=1", "data:text/html,<script>window.hit=1</script>",
    'https://example.org/"onclick="window.hit=1', "https://example.org/<script>", "vbscript:x", " javascript:1",
    "//evil",
    "https://example.org/fine?a=1&b=2", "<a href=javascript:window.hit=1>", "S11",
)  # fmt: skip


class Hostile(StrEnum):
    FIRST = TEXTS[0]
    SECOND = TEXTS[1]
    PROTO = "__proto__"

    def label(self, lang):
        return f"{lang} {TEXTS[2]} {self.value}"


@attrs.frozen
class Group:
    inner: str | None = attrs.field(default=None, metadata=note(TEXTS[3], TEXTS[4]))


@attrs.frozen
class Evil:
    __proto__: int | None = attrs.field(default=None, metadata=note(TEXTS[0], TEXTS[1], unit=TEXTS[2]))
    constructor: Hostile | None = attrs.field(default=None, metadata=note(TEXTS[5], TEXTS[6]))
    toString: frozenset[Hostile] | None = attrs.field(default=None, metadata=note(TEXTS[7], TEXTS[8]))  # noqa: N815
    text: str = attrs.field(default=TEXTS[1], metadata=note(TEXTS[9], TEXTS[10]))
    group: Group | None = attrs.field(default=None, metadata=note(TEXTS[1], TEXTS[1]))


@attrs.frozen
class Holder:
    holder: str = attrs.field(metadata=note(TEXTS[2], TEXTS[3]))
    text: str | None = attrs.field(default=None, metadata=note(TEXTS[4], TEXTS[5]))


@attrs.frozen
class Happening:
    key: str = attrs.field(metadata=note(TEXTS[6], TEXTS[7]))
    at: dt.datetime = attrs.field(metadata=note(TEXTS[8], TEXTS[9]))
    holder: str | None = attrs.field(default=None, metadata=note(TEXTS[10], TEXTS[11]))
    constructor: Hostile | None = attrs.field(default=None, metadata=note(TEXTS[0], TEXTS[1]))
    due: dt.datetime | None = attrs.field(default=None, metadata=note(TEXTS[1], TEXTS[0]))


FACTS = (Evil, Holder, Happening)


def rulebook():
    texts = dxrules.Text(rules(), f"{TEXTS[1]}.yaml"), dxrules.Text(patterns(), f"{TEXTS[0]}.yaml")
    return dxrules.load(*texts, facts=FACTS)


def patterns():
    """A pack of pattern rules: every text at every place that takes one."""
    quoted = [json.dumps(each, ensure_ascii=True) for each in TEXTS]
    rules = []
    for place, text in enumerate(TEXTS):
        message = json.dumps(text.replace("{", "{{").replace("}", "}}") + " {__proto__.at}{toString.constructor}")
        rules.append(f"""
  P{place}:
    match:
      __proto__: {{is: Happening, when: {json.dumps(f"constructor == {json.dumps(TEXTS[0])}")}}}
      toString: {{is: Happening, when: {json.dumps(f"constructor == {json.dumps(TEXTS[1])}")},
                  joined: holder == __proto__.holder}}
      person: {{is: Holder, when: {json.dumps(f"text != {json.dumps(text)}")}, joined: holder == toString.holder}}
    where: {json.dumps(f"toString.at > __proto__.at and person.text != {json.dumps(text)}")}
    {("within: 2 days", "after: 3 hours", "after: toString.due", "")[place % 4]}
    about: person
    absent:
      valueOf: {{is: Happening, when: {json.dumps(f"constructor == {json.dumps(TEXTS[0])}")},
                 joined: holder == person.holder, where: valueOf.at > __proto__.at}}
    {("block: cancel", f"require: {quoted[place]}", f"suggest: {quoted[place]}", f"warn: {quoted[place]}")[place % 4]}
    message: {{en: {message}, zh: {message}}}
    source: {json.dumps(list(SOURCES))}
    examples:
      - given:
          - {{is: Happening, at: 2026-01-05 09:00, holder: {quoted[place]}, constructor: {quoted[0]}}}
          - {{is: person, holder: {quoted[place]}, text: {quoted[place]}}}
        fires: false
""")
    return f"""
rulebook: evil_watch
facts: {{event: Happening, person: Holder}}
keep: 30 days
targets:
  cancel: {{en: {quoted[1]}, zh: {quoted[2]}}}
  {quoted[5]}: {{en: {quoted[0]}, zh: {quoted[11]}}}
rules:{"".join(rules)}
"""


def rules():
    quoted = [json.dumps(each, ensure_ascii=True) for each in TEXTS]
    rules = []
    for place, text in enumerate(TEXTS):
        message = json.dumps(text.replace("{", "{{").replace("}", "}}") + " {text}{constructor}{toString}{limit}")
        rules.append(f"""
  R{place}:
    when: {json.dumps(f'text != "{place}" or constructor == {json.dumps(TEXTS[0])} or text == limit')}
    {("block: cancel", f"require: {quoted[place]}", f"suggest: {quoted[place]}", f"warn: {quoted[place]}")[place % 4]}
    deadline: before_submit
    message: {{en: {message}, zh: {message}}}
    source: {json.dumps(list(SOURCES))}
    examples:
      - {{given: {{text: {quoted[place]}, constructor: {quoted[1]}, toString: [{quoted[0]}]}}, fires: true}}
""")
    return f"""
rulebook: evil
facts: Evil
parameters: {{limit: {quoted[1]}}}
define: {{valueOf: text.startswith({quoted[2]})}}
gates: {{cancel: [before_submit]}}
rules:{"".join(rules)}
"""
