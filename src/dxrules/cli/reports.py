"""What `eval` says of decisions: lines of JSON for machines, one decision or a summary of many for people."""

from __future__ import annotations

import argparse
import datetime as dt
from collections import Counter
from typing import Any

import attrs

from dxrules.cli.output import Output, Piece
from dxrules.cli.records import Record
from dxrules.cli.words import counted, saying, word
from dxrules.decision import Decision, Verdict
from dxrules.errors import FactError
from dxrules.outcome import BoundMessage, Outcome
from dxrules.rulebook import LANGS, Lang, Rulebook
from dxrules.schema import FactType

Result = Decision | FactError | str

_STYLE = {"blocked": "bad", "allowed": "good", "undetermined": "warn"}
_KIND_STYLE = {"block": "bad", "require": "warn", "warn": "warn", "suggest": "good", "inform": "dim"}


def report_for(options: argparse.Namespace, rulebook: Rulebook, cls: type, day: dt.date) -> JsonReport | TextReport:
    """The report that was asked for."""
    fact_type = rulebook.fact_type_of(cls)
    operations = operations_of(rulebook, fact_type)
    speaker = Speaker(rulebook, fact_type, personal=options.personal)
    if options.json:
        return JsonReport(speaker, operations)
    return TextReport(speaker, operations, options.file, options.lang, options.each, day)


def operations_of(rulebook: Rulebook, fact_type: FactType) -> tuple[str, ...]:
    """The operations that rules on a fact type block, sorted."""
    blocking = (rule for rule in rulebook.rules if rule.fact_type is fact_type and rule.kind == "block")
    return tuple(sorted({rule.target for rule in blocking if rule.target is not None}))


def trouble_of(result: FactError | str, lang: Lang) -> list[str]:
    """What is wrong with a record in a language, a text for each thing."""
    if not isinstance(result, str):
        return [each.text(lang) for each in result.problems]
    if lang == "zh":
        from dxrules.chinese import chinese

        return [chinese(result)]
    return [result]


class Speaker:
    """Says decisions on facts of one type, with or without personal data."""

    def __init__(self, rulebook: Rulebook, fact_type: FactType, *, personal: bool) -> None:
        self.fact_type = fact_type
        self._rulebook = rulebook
        self._personal = personal

    def message(self, decision: Decision, outcome: Outcome, lang: Lang) -> str:
        """What a rule says of a fact."""
        rule = self._rulebook.rule(outcome.code, self.fact_type.name)
        parameters = self._rulebook.epoch(self.fact_type, decision.as_of).parameters
        message = BoundMessage(rule, decision.fact, parameters, decision.as_of)
        return message.text(lang, personal=self._personal)

    def called(self, target: str | None, lang: Lang) -> str:
        """What people call the target of a rule."""
        return "" if target is None else self._rulebook.called(target, lang)

    def data(self, decision: Decision, operations: tuple[str, ...]) -> dict[str, Any]:
        """A decision as plain data, with the verdict on every operation."""
        data = decision.to_dict()
        if not self._personal:
            _mask(data["fact"], self.fact_type)
        for outcome, each in zip(decision.outcomes, data["outcomes"], strict=True):
            each["message"] = {lang: self.message(decision, outcome, lang) for lang in LANGS}
        verdicts = {each: str(decision.verdict(each)) for each in operations}
        ready = {each: decision.ready(each) for each in operations}
        return {"fact_type": self.fact_type.name, **data, "verdicts": verdicts, "ready": ready}


class JsonReport:
    """A line of JSON for each record."""

    def __init__(self, speaker: Speaker, operations: tuple[str, ...]) -> None:
        self._out = Output()
        self._operations = operations
        self._speaker = speaker
        self._bad = 0

    def add(self, record: Record, result: Result) -> None:
        """Print it."""
        head = {"record": record.number, "line": record.line}
        if isinstance(result, Decision):
            self._out.data(head | self._speaker.data(result, self._operations))
            return
        self._bad += 1
        problems = [] if isinstance(result, str) else [attrs.asdict(each) for each in result.problems]
        self._out.data(head | {"error": "; ".join(trouble_of(result, "en")), "problems": problems})

    def end(self) -> int:
        """How many were bad."""
        return self._bad


def _mask(data: dict[str, Any], fact_type: FactType) -> None:
    for fact in fact_type.facts.values():
        if fact.note is not None and fact.note.personal:
            holder: Any = data
            for step in fact.path[:-1]:
                holder = holder.get(step) or {}
            if holder.get(fact.path[-1]) is not None:
                holder[fact.path[-1]] = "***"


class TextReport:
    """One decision in full, or a summary of many."""

    def __init__(
        self, speaker: Speaker, operations: tuple[str, ...], path: str, lang: Lang, each: bool, day: dt.date
    ) -> None:
        self._out = Output()
        self._errors = Output(errors=True)
        self._speaker = speaker
        self._operations = operations
        self._path = "<stdin>" if path == "-" else path
        self._lang = lang
        self._each = each
        self._day = day
        self._decided = 0
        self._bad = 0
        self._first: Decision | None = None
        self._verdicts: Counter[tuple[str, str]] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._waiting: dict[str, Counter[str]] = {}
        self._shown: dict[str, tuple[str, str]] = {}  # kind and severity of a code

    def add(self, record: Record, result: Result) -> None:
        """Count it; print it when each is asked for."""
        if not isinstance(result, Decision):
            self._bad += 1
            head = f"{self._path}:{record.line}: {saying('record', self._lang, record.number)}"
            for text in trouble_of(result, self._lang):
                self._errors.line((head, "bad"), text)
            return
        self._decided += 1
        if self._each:
            self._out.line((f"{self._path}:{record.line}", "strong"))
            self._show(result)
            self._out.line()
            return
        if self._first is None:
            self._first = result
        for operation in self._operations:
            self._verdicts[operation, str(result.verdict(operation))] += 1
        for outcome in result.outcomes:
            self._outcomes[outcome.code] += 1
            self._shown[outcome.code] = (outcome.kind, outcome.severity)
        for open_ in result.undetermined:
            self._waiting.setdefault(open_.rule, Counter()).update(open_.missing)
            self._waiting[open_.rule][""] += 1

    def end(self) -> int:
        """The one decision, or the summary."""
        if not self._each:
            if self._decided == 1 and not self._bad and self._first is not None:
                self._show(self._first)
            else:
                self._summary()
        return self._bad

    def _show(self, decision: Decision) -> None:
        self._out.line((f"{self._speaker.fact_type.name}, {self._word('as of')} {decision.as_of}", "dim"))
        if self._operations:
            self._out.table([self._verdict_row(decision, each) for each in self._operations])
        for each in decision.outcomes:
            about = [each.code, self._called(each.target), self._word(each.severity), self._word(each.deadline)]
            self._out.line()
            self._out.line((self._word(each.kind), _KIND_STYLE[each.kind]), "  ", "  ".join(filter(None, about)))
            self._out.line("  ", self._speaker.message(decision, each, self._lang))
        if not decision.outcomes:
            self._out.line(self._word("no rule fires"))
        if decision.undetermined:
            self._out.line()
            self._out.table(
                [[("  " + each.rule, "warn"), ", ".join(each.missing)] for each in decision.undetermined],
                [self._word("undetermined"), self._word("waits for")],
            )

    def _called(self, target: str | None) -> str:
        return self._speaker.called(target, self._lang)

    def _verdict_row(self, decision: Decision, operation: str) -> list[Piece]:
        verdict = str(decision.verdict(operation))
        ready = self._word("ready") if decision.ready(operation) else ""
        return [f"  {self._called(operation)}", (self._word(verdict), _STYLE[verdict]), ready]

    def _heading(self, count: int) -> str:
        name = self._speaker.fact_type.name
        if self._lang == "zh":
            bad = f"，{self._bad} 条有误" if self._bad else ""
            return f"{name}：共 {count} 条，截至 {self._day} 已决定 {self._decided} 条{bad}"
        bad = f", {self._bad} bad" if self._bad else ""
        return f"{name}: {counted(count, 'record')}, {self._decided} decided as of {self._day}{bad}"

    def _summary(self) -> None:
        count = self._decided + self._bad
        self._out.line((self._heading(count), "strong"))
        if self._operations and self._decided:
            self._out.line()
            verdicts = [str(each) for each in Verdict]
            self._out.table(
                [
                    [self._called(each), *(str(self._verdicts[each, verdict]) for verdict in verdicts)]
                    for each in self._operations
                ],
                [self._word("operation"), *map(self._word, verdicts)],
            )
        if self._outcomes:
            self._out.line()
            self._out.table(
                [self._outcome_row(code, count) for code, count in self._outcomes.most_common()],
                [*map(self._word, ("code", "kind", "severity", "records"))],
            )
        if self._waiting:
            self._out.line()
            self._out.table(
                [self._waiting_row(rule, counts) for rule, counts in self._waiting.items()],
                [*map(self._word, ("undetermined", "records", "most often waits for"))],
            )

    def _outcome_row(self, code: str, count: int) -> list[Piece]:
        kind, severity = self._shown[code]
        return [code, (self._word(kind), _KIND_STYLE[kind]), self._word(severity), str(count)]

    def _waiting_row(self, rule: str, counts: Counter[str]) -> list[Piece]:
        facts = [name for name, _ in counts.most_common(4) if name]
        return [(rule, "warn"), str(counts[""]), ", ".join(facts[:3])]

    def _word(self, text: str) -> str:
        return word(text, self._lang)
