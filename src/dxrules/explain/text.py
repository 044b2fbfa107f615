"""Explanations as text for people: short, aligned, in English or Chinese, without personal data unless asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from dxrules.explain.words import apart, effect, word
from dxrules.layout import columns, pad, printable, wrap
from dxrules.outcome import known_lang
from dxrules.render import MASK, show, yuan
from dxrules.rulebook import Lang
from dxrules.schema import Fact, Type
from dxrules.values import Plain

if TYPE_CHECKING:
    from dxrules.explain.questions import Questions
    from dxrules.explain.tree import Clause, Explanation, MatchedFact, Reading, RuleExplanation
    from dxrules.explain.what_if import Change, WhatIf

WIDTH = 100  # columns of a line, where its words allow it
_DATE = Type("date")
_CLAUSE_WIDTH = 48  # columns of the clauses beside which values stand; those of longer ones stand below
_MOST_NAMES = 20  # rules that are listed where very many may stand
_YUAN_UNITS = {"fen": {"en": "", "zh": ""}, "fen/month": {"en": "/month", "zh": "/月"}}


@attrs.frozen
class _Row:
    """A line of a tree: a mark, a truth, a clause so many steps in, and what stands beside it."""

    mark: str
    truth: str
    depth: int
    clause: str
    beside: list[str]

    @property
    def width(self) -> int:
        return 2 * self.depth + columns(self.clause)


def label_of(name: str, fact: Fact | None, lang: str) -> str:
    """What a fact is called: what its note says, else its name."""
    known = known_lang(lang)
    if name.startswith("parameter:"):
        return word("parameter", known, name.partition(":")[2])
    if fact is None or fact.note is None:
        return name
    return printable(fact.note.zh if known == "zh" else fact.note.en)


def value_text(fact: Fact | None, value: Plain, lang: Lang) -> str:
    """The value of a fact or parameter: yuan for fen; labels, dates and unknowns as the language has them."""
    if fact is None:
        return word("unknown", lang) if value is None else printable(str(value))
    if fact.type.kind == "group":
        return word("group given" if value else "unknown", lang)
    unit = fact.note.unit if fact.note is not None else None
    if unit in _YUAN_UNITS and type(value) is int:
        return yuan(value, lang) + _YUAN_UNITS[unit][lang]
    return printable(show(value, fact.type, lang))


def reading_text(reading: Reading, lang: str, *, personal: bool) -> str:
    """What a fact is called, and its value."""
    known = known_lang(lang)
    if reading.personal and not personal and reading.value is not None:
        found = MASK
    elif reading.problem is not None:
        found = MASK if reading.personal and not personal else printable(reading.problem)
    else:
        found = value_text(reading.fact, reading.value, known)
    return f"{label_of(reading.name, reading.fact, lang)}{word('colon', known)}{found}"


# Rules


def rule_text(rule: RuleExplanation, lang: str, *, personal: bool, full: bool) -> str:
    """One rule: what it says, how it stands, and its clauses."""
    known = known_lang(lang)
    first, *more = wrap(_head(rule, known), WIDTH)
    lines = [first, *(f"    {line}" for line in more)]
    message = rule.message(lang, personal=personal)
    if message and rule.state != "fires":
        message = word("would say", known, message)
    lines += [f"  {line}" for line in wrap(printable(message), WIDTH - 2) if line]
    lines += [f"  {line}" for line in _standing(rule, known)]
    if rule.when is not None:
        lines += tree_lines(rule.when, known, personal=personal, full=full)
    if rule.matched:
        lines.append(f"  {word('matched', known)}")
        lines += aligned([_matched(each, known, personal=personal) for each in rule.matched], "    ")
    return "\n".join(lines)


def _matched(fact: MatchedFact, lang: Lang, *, personal: bool) -> tuple[str, str]:
    """What a pattern rule calls a fact, and what it reads of it."""
    reads = [reading_text(each, lang, personal=personal) for each in _telling(fact.reads)]
    return f"{fact.match} {fact.fact_type}", word("semicolon", lang).join(reads)


def _head(rule: RuleExplanation, lang: Lang) -> str:
    """The code, what the rule does, how grave it is and by when, and its sources."""
    if rule.kind is None:
        return rule.code
    about = f"{word('open', lang)}{_weight(rule, lang)}{word('close', lang)}"
    source = f"  [{', '.join(rule.source)}]" if rule.source else ""
    return printable(f"{rule.code}{word('colon', lang)}{_effect(rule, lang)}{about}{source}")


def _effect(rule: RuleExplanation, lang: Lang) -> str:
    return effect(rule.kind or "", rule.called(lang), lang)


def _weight(rule: RuleExplanation, lang: Lang) -> str:
    weights = [rule.severity, rule.deadline]
    return word("comma", lang).join(word(each, lang) for each in weights if each is not None and each != "none")


def _standing(rule: RuleExplanation, lang: Lang) -> Iterator[str]:
    """Why it does not fire, in sentences; nothing for a rule that fires and is not asked about."""
    names = word("list", lang)
    if rule.state == "switched_off":
        yield word("off", lang, rule.switched_off_by or "")
    elif rule.state == "not_in_force":
        day = show(rule.as_of, _DATE, lang)
        until = rule.valid_until is not None and rule.valid_until <= rule.as_of
        edge = show(rule.valid_until if until else rule.valid_from, _DATE, lang)
        yield word("until" if until else "from", lang, day, edge)
    elif rule.state == "fires" and rule.asked:
        yield word("fires", lang)
    if rule.marked:
        yield word("hangs" if rule.truth is None else "fails", lang)
    if rule.silenced_by:
        yield word("is silenced", lang, names.join(rule.silenced_by))
    if rule.held_by:
        yield word("is held", lang, names.join(rule.held_by))
    above = [*rule.silenced_by, *rule.held_by]
    if above and rule.truth:
        yield word("would", lang, names.join(above))


def tree_lines(when: Clause, lang: Lang, *, personal: bool, full: bool, indent: str = "  ") -> list[str]:
    """The clauses of a condition, one below the other, with their truth and what they read beside them."""
    rows = list(_rows(when, lang, 0, personal=personal, full=full))
    marked = any(row.mark for row in rows)
    truth_width = max(columns(row.truth) for row in rows)
    clause_width = max((row.width for row in rows if row.beside and row.width <= _CLAUSE_WIDTH), default=0)
    lines: list[str] = []
    for row in rows:
        mark = (row.mark or " ") + " " if marked else ""
        lead = f"{indent}{mark}{pad(row.truth, truth_width)}  "
        column = columns(lead) + clause_width + 2
        lead += "  " * row.depth
        hanging = " " * (columns(lead) + 2)
        clause = wrap(row.clause, max(30, WIDTH - columns(lead)))
        values = _filled(row.beside, word("semicolon", lang), max(30, WIDTH - column))
        first = lead + clause[0]
        if values and len(clause) == 1 and row.width <= clause_width:
            first = pad(first, column) + values.pop(0)
        lines += [first, *(hanging + line for line in clause[1:]), *(" " * column + line for line in values)]
    return lines


def _filled(parts: Sequence[str], between: str, width: int) -> list[str]:
    """Parts in lines of at most so many columns, broken between parts rather than within one."""
    lines: list[str] = []
    for place, part in enumerate(parts):
        piece = part + (between if place < len(parts) - 1 else "")
        if lines and columns(lines[-1]) + columns(piece.rstrip()) <= width:
            lines[-1] += piece
        else:
            lines += wrap(piece, width) if columns(piece.rstrip()) > width else [piece]
    return [line.rstrip() for line in lines]


def _rows(clause: Clause, lang: Lang, depth: int, *, personal: bool, full: bool, top: bool = True) -> Iterator[_Row]:
    if top and clause.form == "all" and not clause.text:  # a list of clauses that all must hold: as they stand
        for part in clause.parts:
            yield from _rows(part, lang, depth, personal=personal, full=full)
        return
    shown_parts = clause.parts and (full or not clause.text or any(part.marked for part in clause.parts))
    beside = [] if shown_parts else [reading_text(each, lang, personal=personal) for each in _telling(clause.facts)]
    if clause.needs is False:  # that a clause must be true goes without saying
        beside.insert(0, word("needs false", lang))
    text = printable(clause.text) or word(clause.form, lang)
    if full and clause.stands_for and clause.stands_for != clause.text:
        text = f"{text} = {printable(clause.stands_for)}"
    truth = word({True: "true", False: "false", None: "unknown"}[clause.truth], lang)
    yield _Row("" if clause.needs is None else ">", truth, depth, text, beside)
    if shown_parts:
        for part in clause.parts:
            yield from _rows(part, lang, depth + 1, personal=personal, full=full, top=False)


def _telling(readings: tuple[Reading, ...]) -> Iterator[Reading]:
    """Those that say something: not the facts of a group that is unknown, nor that a group of theirs is known."""
    groups = {each.name: each.value for each in readings if each.fact is not None and each.fact.type.kind == "group"}
    for each in readings:
        around = [name for name in groups if each.name.startswith(f"{name}.")]
        inside = any(other.name.startswith(f"{each.name}.") for other in readings)
        if not any(groups[name] is None for name in around) and not (groups.get(each.name) and inside):
            yield each


# Whole explanations


def explanation_text(explanation: Explanation, lang: str, *, personal: bool, full: bool) -> str:
    """The rules that fire, then the undetermined and the silenced ones."""
    known = known_lang(lang)
    blocks = [rule_text(rule, lang, personal=personal, full=full) for rule in explanation.fired]
    if not blocks:
        blocks = [word("nothing fires", known)]
    if full:
        rest = (*explanation.undetermined, *explanation.silenced)
        blocks += [rule_text(rule, lang, personal=personal, full=full) for rule in rest]
        return "\n\n".join(blocks)
    if explanation.undetermined:
        blocks.append("\n".join([word("undetermined:", known), *_grouped(explanation.undetermined, _waiting, known)]))
    if explanation.silenced:
        blocks.append("\n".join([word("silenced:", known), *_grouped(explanation.silenced, _silencing, known)]))
    return "\n\n".join(blocks)


def _waiting(rule: RuleExplanation, lang: Lang) -> str:
    parts = [label_of(each.name, each.fact, lang) for each in rule.waits_for]
    if rule.held_by:
        parts.append(word("held by", lang, word("list", lang).join(rule.held_by)))
    return word("semicolon", lang).join(parts)


def _silencing(rule: RuleExplanation, lang: Lang) -> str:
    return word("silenced by", lang, word("list", lang).join(rule.silenced_by))


def _grouped(
    rules: Iterable[RuleExplanation], reason: Callable[[RuleExplanation, Lang], str], lang: Lang
) -> Iterator[str]:
    """The rules, those with the same reason together; of those that block, what they block."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        blocks = rule.kind == "block"
        effect = f"{word('open', lang)}{_effect(rule, lang)}{word('close', lang)}" if blocks else ""
        found.setdefault(reason(rule, lang), []).append(f"{rule.code}{effect}")
    return aligned([(why, word("list", lang).join(names)) for why, names in found.items()])


def aligned(rows: Iterable[tuple[str, str]], indent: str = "  ") -> Iterator[str]:
    """Two columns, the second wrapped; what is too wide for the first stands above the second."""
    listed = [(printable(left), right) for left, right in rows]
    widths = [columns(left) for left, _ in listed]
    width = max((each for each in widths if each <= _CLAUSE_WIDTH), default=0)
    blank = " " * (len(indent) + width + 2)
    for left, right in listed:
        lines = wrap(right, max(30, WIDTH - columns(blank)))
        if columns(left) <= width:
            yield (indent + pad(left, width) + "  " + lines.pop(0)).rstrip()
        else:
            yield from (indent + line for line in wrap(left, WIDTH - len(indent)))
        for line in lines:
            yield blank + line


def questions_text(questions: Questions, lang: str) -> str:
    """A line for each fact that is worth asking for."""
    known = known_lang(lang)
    if not questions:
        return word("nothing missing", known)
    rows = [(each.text(lang), word("list", known).join(each.rules)) for each in questions]
    return "\n".join([word("missing", known), *aligned(rows)])


# What would change it


def change_text(change: Change, lang: str, *, personal: bool) -> str:
    """What a fact is called, its value, and the new one."""
    known = known_lang(lang)
    label = label_of(change.name, change.fact, lang)
    if change.fact.type.kind == "group":
        return word("start", known, label)
    after = [_value(change, change.after, known, personal=personal)]
    if change.before is None:
        text = word("set", known, label, after[0])
    else:
        text = word("change", known, label, _value(change, change.before, known, personal=personal), after[0])
    if not change.also:
        return text
    others = [_value(change, each, known, personal=personal) for each in change.also]
    return text + word("also", known, word("list", known).join(dict.fromkeys(others)))


def _value(change: Change, value: Plain, lang: Lang, *, personal: bool) -> str:
    return MASK if change.personal and not personal else value_text(change.fact, value, lang)


def what_if_text(answer: WhatIf[Any], lang: str, *, personal: bool) -> str:
    """What is to be changed, and what then follows; or that there is nothing, and what stands in the way."""
    known = known_lang(lang)
    name = answer.called(known)
    goal = printable(word(answer.goal, known, apart(name, known) if answer.goal == "allow" else name))
    if answer.reached:
        lines = [word("reached", known, goal)]
    elif answer.proposals:
        count = len(answer.proposals[0].changes)
        lines = [word("one fact" if count == 1 else "several facts", known, goal, str(count))]
    else:
        lines = [word("no way" if answer.exact else "none found", known, goal)]
        others = [each for each in answer.in_the_way if each != answer.name]
        lines += _hanging("", word("in the way", known, _some(others, known))) if others else []
    if answer.rule is not None:
        lines += _standing(answer.rule, known)
    for number, proposal in enumerate(answer.proposals, 1):
        lead = f"  {number}. "
        for place, change in enumerate(proposal.changes):
            text = change_text(change, lang, personal=personal)
            lines += _hanging(lead if place == 0 else " " * len(lead), text)
        for key, codes in (("stops", proposal.stops), ("starts", proposal.starts)):
            if codes:
                lines += _hanging(" " * len(lead), word(key, known, _some(codes, known)))
    if answer.more:
        lines.append(f"  {word('more', known)}")
    if answer.proposals and not answer.exact:
        lines.append(word("not exact", known))
    if answer.questions:
        labels = [each.text(lang) for each in answer.questions]
        lines += _hanging("", word("ask", known, word("semicolon", known).join(labels)))
    return "\n".join(lines)


def _some(names: Sequence[str], lang: Lang) -> str:
    """Names, of very many the first."""
    text = word("list", lang).join(names[:_MOST_NAMES])
    return text if len(names) <= _MOST_NAMES else word("and more", lang, text, str(len(names)))


def _hanging(lead: str, text: str) -> list[str]:
    """A text behind a lead, its further lines below its first, two steps in."""
    first, *rest = wrap(text, WIDTH - len(lead) - 2)
    return [lead + first, *(" " * (len(lead) + 2) + line for line in rest)]
