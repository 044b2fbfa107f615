"""What a session must say: everything decided from scratch, from all that was put in and the time."""

import dxrules
from dxrules import matching
from dxrules.meaning import InstanceFacts
from dxrules.pattern import in_order


class Model:
    """Facts by class and key, every event that ever came, and the time."""

    def __init__(self, rulebook):
        self.rulebook = rulebook
        self.engine = dxrules.compile(rulebook, "reference")
        self.standing = {}
        self.events = {}
        self.now = None
        self.found = {}

    def post(self, event):
        """Take in an event, unless one with its key was taken in already."""
        self.now = event.at if self.now is None else max(self.now, event.at)
        self.events.setdefault(name_of(event), event)

    def present(self, fact):
        fact_type = self.rulebook.fact_type_of(type(fact))
        at = getattr(fact, "at", None)
        return matching.Present(
            fact_type, InstanceFacts(fact, self.parameters, self.now.date()), key_of(fact), at, fact
        )

    @property
    def parameters(self):
        return {name: each.at(self.now.date()) for name, each in self.rulebook.parameters.items()}

    def search(self):
        """Find by rule and subject the facts by which a pattern rule fires."""
        if self.now is None:
            return {}
        present = [self.present(fact) for fact in (*self.standing.values(), *self.events.values())]
        return {
            (rule, key): match.facts
            for rule in self.rulebook.patterns
            for key, match in matching.fires(rule, present, self.parameters, self.now).items()
        }

    def decisions(self):
        """By class and key: the decision by ordinary rules."""
        if self.now is None:
            return {}
        return {name: self.engine.evaluate(fact, self.now.date()) for name, fact in self.standing.items()}

    def state(self):
        """Everything that is so: by fact type, key and code, the facts that cause it."""
        self.found = self.search()
        state = {(rule.about.fact_type.name, key, rule.name): facts for (rule, key), facts in self.found.items()}
        for (type_, key), decision in self.decisions().items():
            state |= {(type_, key, code): (decision.fact,) for code in decision.codes}
        return state

    def rank(self, type_, code):
        rules = [rule for rule in self.rulebook.rules if (rule.fact_type.name, rule.name) == (type_, code)]
        return in_order(rules[0] if rules else next(rule for rule in self.rulebook.patterns if rule.name == code))


def name_of(fact):
    return type(fact).__name__, key_of(fact)


def key_of(fact):
    return getattr(fact, f"{type(fact).__name__.lower()}_id")
