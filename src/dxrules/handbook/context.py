"""What the sections of a page share: the rulebook, the language, and how they refer to each other."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import attrs

from dxrules.explain.text import label_of
from dxrules.explain.words import effect
from dxrules.handbook.kinds import AnyRule, owner_of, reads_of
from dxrules.handbook.labels import count, say
from dxrules.handbook.markup import Child, Markup, element, join
from dxrules.handbook.sources import Catalogue, Citation
from dxrules.handbook.words import Phrase, Speaker
from dxrules.pattern import PatternRule
from dxrules.rulebook import Lang, Rule, Rulebook
from dxrules.schema import Fact, FactType

R = TypeVar("R", Rule, PatternRule)
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


@attrs.frozen(eq=False, slots=False)
class Context:
    """A page in the making."""

    rulebook: Rulebook
    lang: Lang
    catalogue: Catalogue

    def say(self, key: str, *parts: object) -> str:
        """Words of the handbook."""
        return say(key, self.lang, *parts)

    def called(self, fact: Fact) -> str:
        """What a fact is called."""
        return label_of(fact.name, fact, self.lang)

    @functools.cached_property
    def speaker(self) -> Speaker:
        """Who says conditions."""
        return Speaker(self.rulebook.parameters, self.lang)

    @functools.cached_property
    def decided(self) -> tuple[FactType, ...]:
        """The fact types that some rule on one fact is about, which the form decides; all where there is no rule."""
        used = {rule.fact_type.name for rule in self.rulebook.rules}
        found = tuple(each for each in self.rulebook.fact_types if each.name in used)
        return found or self.rulebook.fact_types

    @functools.cached_property
    def fact_types(self) -> tuple[FactType, ...]:
        """The fact types that some rule is about or matches; all where there is no rule."""
        used = {owner_of(rule).name for rule in self.rules}
        used |= {match.fact_type.name for rule in self.rulebook.patterns for match in (*rule.match, *rule.absent)}
        found = tuple(each for each in self.rulebook.fact_types if each.name in used)
        return found or self.rulebook.fact_types

    @functools.cached_property
    def rules(self) -> tuple[AnyRule, ...]:
        """Every rule: those on one fact in the order of decisions, then the pattern rules."""
        return (*self.rulebook.rules, *self.rulebook.patterns)

    @functools.cached_property
    def packs(self) -> Mapping[str, Sequence[Rule]]:
        """The rules on one fact of each pack, in written order; the packs by name."""
        return _by_pack(self.rulebook.rules)

    @functools.cached_property
    def pattern_packs(self) -> Mapping[str, Sequence[PatternRule]]:
        """The pattern rules of each pack, in written order; the packs by name."""
        return _by_pack(self.rulebook.patterns)

    @functools.cached_property
    def counts(self) -> str:
        """How many rules there are, of both kinds."""
        rules = count(len(self.rulebook.rules), "rule", self.lang)
        return self.say("both counts", rules, self.pattern_count) if self.rulebook.patterns else rules

    @functools.cached_property
    def pattern_count(self) -> str:
        """How many pattern rules there are."""
        return count(len(self.rulebook.patterns), "pattern rule", self.lang)

    @functools.cached_property
    def readers(self) -> Mapping[tuple[str, str], Sequence[AnyRule]]:
        """By fact type and fact: the rules that read it."""
        found: dict[tuple[str, str], list[AnyRule]] = {}
        for rule in self.rules:
            for each in reads_of(rule):
                found.setdefault(each.key, []).append(rule)
        return found

    @functools.cached_property
    def overriders(self) -> Mapping[tuple[str, str], Sequence[Rule]]:
        """By fact type and rule: the rules that silence it."""
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rulebook.rules:
            for name in rule.overrides:
                found.setdefault((rule.fact_type.name, name), []).append(rule)
        return found

    @functools.cached_property
    def by_name(self) -> Mapping[tuple[str, str], Rule]:
        """The rules by fact type and name."""
        return {(rule.fact_type.name, rule.name): rule for rule in self.rulebook.rules}

    @functools.cached_property
    def citers(self) -> Mapping[Citation, Sequence[AnyRule]]:
        """The rules that cite each source; sources by name, numbers in it by their size."""
        found: dict[Citation, list[AnyRule]] = {}
        for rule in self.rules:
            for citation in dict.fromkeys(self.catalogue.citations(rule)):
                found.setdefault(citation, []).append(rule)
        return dict(sorted(found.items(), key=lambda item: _natural(item[0].name)))

    @functools.cached_property
    def _citation_ids(self) -> Mapping[Citation, str]:
        ids: dict[Citation, str] = {}
        for citation in self.citers:
            name = anchor("source", citation.name)
            same = sum(1 for each in ids if anchor("source", each.name) == name)
            ids[citation] = f"{name}-{same + 1}" if same else name
        return ids

    def citation_id(self, citation: Citation) -> str:
        """The id of a source's entry."""
        return self._citation_ids[citation]

    # Links

    def rule_link(self, rule: AnyRule) -> Markup:
        """A link to a rule; with its fact type, where another type has a rule of that name."""
        name = element("code", rule.name)
        if self._names[rule.name] > 1:
            return link(rule_id(rule), name, f" ({owner_of(rule).name})")
        return link(rule_id(rule), name)

    @functools.cached_property
    def _names(self) -> Counter[str]:
        return Counter(rule.name for rule in self.rules)

    def rule_links(self, rules: Iterable[AnyRule]) -> Markup:
        """Links to rules, one beside the other."""
        return element("span", [(self.rule_link(rule), " ") for rule in rules], class_="links")

    def fact_link(self, fact_type: FactType, fact: Fact) -> Markup:
        """A link to a fact."""
        return link(fact_id(fact_type, fact.name), self.called(fact), class_="fact", title=fact.name)

    def phrase(self, fact_type: FactType | None, phrase: Phrase) -> Markup:
        """A phrase with what it names linked.

        Args:
            fact_type: whose facts and definitions it names, where it does not say so itself.
            phrase: the phrase.
        """
        found: list[Child] = []
        for piece in phrase:
            match piece.kind:
                case "fact":
                    owner = piece.owner or fact_type
                    assert owner is not None
                    found.append(self.fact_link(owner, owner.facts[piece.name]))
                case "value" | "match":
                    found.append(element("span", piece.text, class_=piece.kind))
                case "type":
                    found.append(link(anchor("facts", piece.name), piece.text))
                case "parameter":
                    found.append(link(anchor("parameter", piece.name), element("code", piece.text)))
                case "definition":
                    assert fact_type is not None
                    found.append(link(definition_id(fact_type, piece.name), element("code", piece.text)))
                case _:
                    found.append(piece.text)
        return join(found)

    def effect(self, rule: AnyRule) -> Markup:
        """What a rule does, as a badge."""
        text = self.effect_text(rule.kind, rule.target)
        return element("span", text, class_=f"badge {rule.kind}", title=rule.target)

    def effect_text(self, kind: str, target: str | None) -> str:
        """What rules do, as a phrase."""
        return effect(kind, None if target is None else self.rulebook.called(target, self.lang), self.lang)


def link(target: str, *children: Child, **attributes: str | None) -> Markup:
    """A link within the page."""
    return element("a", *children, href=f"#{target}", **attributes)


def rule_id(rule: AnyRule) -> str:
    """The id of a rule's entry."""
    return anchor("rule", owner_of(rule).name, rule.name)


def fact_id(fact_type: FactType, name: str) -> str:
    """The id of a fact's entry."""
    return anchor("fact", fact_type.name, name)


def definition_id(fact_type: FactType, name: str) -> str:
    """The id of a definition's entry."""
    return anchor("definition", fact_type.name, name)


def anchor(*names: str) -> str:
    """An id that the same names always give, and others do not.

    >>> anchor("rule", "Card", "ARREARS_UNPAID")
    'rule-Card-ARREARS_UNPAID'
    """
    return "-".join(name if _PLAIN.fullmatch(name) else f"x{_hashed(name)}" for name in names)


def _by_pack(rules: Iterable[R]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = {}
    for rule in sorted(rules, key=lambda each: (each.pack, each.place)):
        found.setdefault(rule.pack, []).append(rule)
    return found


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    parts = re.findall(r"\d+|\D+", name)
    return [(1, int(part[:18]), "") if part.isdecimal() else (0, 0, part) for part in parts], name
