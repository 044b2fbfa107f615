"""Random pattern rulebooks, written as YAML and read by the real reader: they must always load."""

from random import Random

import dxrules
from session.kinds import JOINABLE, TYPES

_LENGTHS = {6: "6 hours", 12: "720 minutes", 24: "1 day", 36: "36 hours", 48: "2 days", 72: "3 days"}
_NAMES = ("one", "two", "three", "four", "other", "gone")

ORDINARY = """
rulebook: things
facts: Thing
gates: {sell: [before_submit, promptly]}
rules:
  OLD: {when: days_since(since) > 2, block: sell, priority: 3, message: {en: "{since}", zh: "a"}}
  MANY: {when: n > 1, require: papers, deadline: before_submit, priority: 7, message: {en: "{n}", zh: "a"}}
  LATE: {when: flag, warn: , valid: {from: 2026-01-04, until: 2026-01-06}, message: {en: "b", zh: "b"}}
  DATED: {when: n > bound, inform: , message: {en: "{bound}", zh: "b"}}
"""
HOLDERS = """
rulebook: holders
facts: Holder
parameters: {bound: {2026-01-04: 1, 2026-01-06: 0}}
rules:
  BIG: {when: n > bound, warn: , message: {en: "{n}", zh: "a"}}
"""


def rulebook(seed):
    """The rulebook of a number, and its pattern packs as text."""
    rng = Random(seed)
    texts = [_pack(rng, f"watch{number}", number) for number in range(rng.choice((1, 1, 2)))]
    sources = [dxrules.Text(text, f"{place}.yaml") for place, text in enumerate((ORDINARY, HOLDERS, *texts))]
    return dxrules.load(*sources, facts=TYPES), texts


def _pack(rng, name, number):
    keep = rng.choice((24, 36, 48, 72))
    lines = [f"rulebook: {name}", "facts: {thing: Thing, holder: Holder, event: Event, ping: Ping}",
             f"keep: {_LENGTHS[keep]}", "rules:"]  # fmt: skip
    for place in range(rng.choice((2, 3, 4))):
        rule = None
        while rule is None:
            rule = _Rule(rng, f"P{number}{place}", keep).lines()
        lines += rule
    return "\n".join(lines) + "\n"


class _Rule:
    def __init__(self, rng, name, keep):
        self.rng = rng
        self.name = name
        self.keep = keep
        self.types = {}
        self.readable = {}

    def lines(self):
        """The rule as written; None when it would be about nobody."""
        rng = self.rng
        count = rng.choice((1, 1, 2, 2, 2, 3))
        counted = rng.choice((None, None, 0, rng.randrange(count)))
        matches = []
        size = 0
        for place in range(count):
            type_ = self._type(place)
            name = _NAMES[place]
            at_least = rng.choice((2, 2, 3)) if place == counted else 1
            written = self._match(name, type_, place, at_least)
            if written is None:  # nothing to be joined by
                continue
            matches.append(f"      {name}: {written}")
            size += at_least if type_ in ("Event", "Ping") else 0
        about = self._about()
        if about is None:
            return None
        lines = [f"  {self.name}:", "    match:", *matches]
        where = self._where(self.readable, rng.choice((0, 0, 1, 2)))
        if where:
            lines.append(f"    where: {where}")
        if size >= 2 and rng.random() < 0.5:
            lines.append(f"    within: {_LENGTHS[rng.choice([each for each in _LENGTHS if each <= self.keep])]}")
        after = self._after(size)
        if after:
            lines.append(f"    after: {after}")
        lines.append(f"    about: {about}")
        absent = [self._absent(name) for name in _NAMES[4:] if rng.random() < 0.35]
        absent = [each for each in absent if each]
        if absent:
            lines += ["    absent:", *absent]
        kind = rng.choice(("block: sell", "block: move", "require: papers", "warn:", "suggest: sell"))
        lines += [f"    {kind}", f"    priority: {rng.choice((0, 3, 5, 9))}"]
        if rng.random() < 0.3:
            lines.append(f"    deadline: {rng.choice(('before_submit', 'promptly'))}")
        if rng.random() < 0.25:
            first, last = sorted(rng.sample(range(3, 8), 2))
            lines.append(f"    valid: {{from: 2026-01-0{first}, until: 2026-01-0{last}}}")
        return [*lines, f"    message: {{en: {self._message()}, zh: a}}"]

    def _type(self, place):
        if place == 0:
            return self.rng.choice(("Event", "Event", "Event", "Ping", "Thing", "Holder"))
        return self.rng.choice(("Event", "Event", "Ping", "Thing", "Holder"))

    def _match(self, name, type_, place, at_least):
        rng = self.rng
        parts = [f"is: {rng.choice((type_, type_.lower()))}"]
        when = self._when(type_)
        if when:
            parts.append(f"when: '{when}'")
        shared = []
        if place and self.readable:
            joins = self._joins(type_)
            if joins is None:
                return None
            parts.append(f"joined: {joins}")
        elif at_least > 1:
            choices = [field for kinds in JOINABLE.values() for field in kinds[type_] if field != f"{type_.lower()}_id"]
            if not choices:
                at_least = 1
            else:
                shared = rng.sample(choices, rng.choice((1, 1, 2)) if len(choices) > 1 else 1)
                parts.append(f"joined: {shared[0] if len(shared) == 1 else '[' + ', '.join(shared) + ']'}")
        if at_least > 1:
            parts.append(f"at_least: {at_least}")
            where = self._where({**self.readable, name: _fields(type_)}, rng.choice((0, 1)), must=name)
            if where:
                parts.append(f"where: {where}")
            if shared:
                self.readable[name] = tuple(shared)
        else:
            self.readable[name] = _fields(type_)
        self.types[name] = (type_, at_least)
        return "{" + ", ".join(parts) + "}"

    def _when(self, type_):
        choices = {
            "Event": ('colour == "red"', 'colour in ("red", "green")', 'colour != "blue"', "n > 0", "n < bound",
                      "n is None", "thing_id is not None", 'colour == "red" or n == 1'),
            "Ping": ("flag", "not flag", "flag is not True", "thing_id is not None"),
            "Thing": ("flag", "n >= 1", 'colour == "red"', "flag is None", "n > bound"),
            "Holder": ("n >= 1", "n is None"),
        }[type_]  # fmt: skip
        return self.rng.choice((*choices, *[None] * len(choices)))

    def _joins(self, type_):
        pairs = []
        for fields in JOINABLE.values():
            for own in fields[type_]:
                for name, readable in self.readable.items():
                    pairs += [(own, f"{name}.{each}") for each in fields[self.types[name][0]] if each in readable]
        if not pairs:
            return None
        keys = [pair for pair in pairs if pair[0].endswith("_id")]
        pairs = keys if keys and self.rng.random() < 0.6 else pairs
        found = self.rng.sample(pairs, min(len(pairs), self.rng.choice((1, 1, 1, 1, 2))))
        texts = [f"{own} == {theirs}" if self.rng.random() < 0.7 else f"{theirs} == {own}" for own, theirs in found]
        return " and ".join(texts) if self.rng.random() < 0.5 else f"[{', '.join(texts)}]"

    def _where(self, readable, count, must=None):
        """Comparisons of what may be read: by name, the fields."""
        rng = self.rng
        times = [f"{name}.{field}" for name, fields in readable.items() for field in fields if field in ("at", "due")]
        numbers = [f"{name}.{field}" for name, fields in readable.items() for field in fields if field in ("n", "x")]
        texts = [f"{name}.{field}" for name, fields in readable.items() for field in fields if field.endswith("_id")]
        found = []
        for _ in range(count):
            pool = rng.choice([each for each in (times, times, numbers, texts) if each] or [[]])
            if not pool:
                continue
            one, two = rng.sample(pool, 2) if len(pool) > 1 else pool * 2
            if must is not None and not one.startswith(f"{must}."):
                continue
            sign = rng.choice(("==", "!=")) if pool is texts else rng.choice(("<", "<=", "<=", ">", ">=", ">=", "!="))
            found.append(rng.choice((f"{one} {sign} {two}", f"{one} {sign} {two}", f"{one} is not None")))
        return " and ".join(found)

    def _after(self, size):
        rng = self.rng
        dues = [f"{name}.due" for name, fields in self.readable.items() if "due" in fields]
        if dues and rng.random() < 0.2:
            return rng.choice(dues)
        if size and rng.random() < 0.35:
            return _LENGTHS[rng.choice([each for each in _LENGTHS if each < self.keep])]
        return None

    def _about(self):
        choices = []
        for name, fields in self.readable.items():
            type_, at_least = self.types[name]
            if type_ in ("Thing", "Holder") and at_least == 1:
                choices.append(name)
            choices += [f"{name}.{key}" for key, of in (("thing_id", "Thing"), ("holder_id", "Holder"))
                        if key in fields and type_ != of]  # fmt: skip
        return self.rng.choice(choices) if choices else None

    def _absent(self, name):
        type_ = self.rng.choice(("Event", "Event", "Ping", "Thing"))
        joins = self._joins(type_)
        if joins is None:
            return None
        parts = [f"is: {type_}", f"joined: {joins}"]
        when = self._when(type_)
        if when:
            parts.append(f"when: '{when}'")
        where = self._where({**self.readable, name: _fields(type_)}, self.rng.choice((0, 1, 1)), must=name)
        if where:
            parts.append(f"where: {where}")
        return f"      {name}: {{{', '.join(parts)}}}"

    def _message(self):
        fields = [f"{name}.{field}" for name, fields in self.readable.items() for field in fields]
        return f'"{{{self.rng.choice(fields)}}}"'


def _fields(type_):
    found = {
        "Event": ("at", "due", "n", "x", "thing_id", "holder_id", "colour"),
        "Ping": ("at", "thing_id", "flag"),
        "Thing": ("n", "thing_id", "holder_id", "colour", "flag"),
        "Holder": ("n", "holder_id"),
    }
    return found[type_]
