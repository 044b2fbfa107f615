"""`Session`: facts and events that come and go, and the decisions that follow."""

from __future__ import annotations

import datetime as dt
import os
import threading
from types import TracebackType
from typing import Any, Self

from dxrules.api import default_rulebook
from dxrules.decision import Decision
from dxrules.engines.rete.module import durable_rules
from dxrules.errors import EngineError, shown
from dxrules.matching import Present
from dxrules.rulebook import Rulebook
from dxrules.session.changes import Changes, Ignored
from dxrules.session.decision import session_decision
from dxrules.session.files import read_all, write_all
from dxrules.session.memory import Key, Limits, Memory, Taking
from dxrules.session.reading import Reader, check_time
from dxrules.session.standing import Standing
from dxrules.session.store import Store, Stored, same, stored
from dxrules.session.telling import Decided, Teller
from dxrules.suggest import did_you_mean

MAX_FACTS = 200_000
MAX_MATCHES = 10_000


class Session:
    """Working memory: it holds facts and events, and says what changes with each.

    Time is what events and `advance` say, never the clock: the same calls give the same changes. Threads may share a
    session; one call at a time is let in. A session is not pickled; `save` keeps it in a file.

    Args:
        rulebook: the rules; the bundled ones by default.
        path: a new file to save to from the start, as `save` does.
        max_facts: how many facts and events it holds at most. One that is joined with others takes some 9 KB.
        max_matches: how many matches of a rule one fact may complete at once.

    Raises:
        EngineError: the file is there already or cannot be written; the rulebook is without its pattern rules.
        MissingExtraError: durable-rules, which joins facts, is not there.

    >>> import datetime as dt
    >>> from dxrules import Card, CardEvent
    >>> with Session() as session:
    ...     _ = session.advance(dt.datetime(2026, 1, 5, 8))
    ...     _ = session.assert_fact(Card(card_id="c-1", status="active"))
    ...     noon = dt.datetime(2026, 1, 5, 12)
    ...     _ = session.post(CardEvent(event_id="e-1", at=noon, kind="loss_reported", card_id="c-1"))
    ...     changes = session.advance(dt.datetime(2026, 1, 6, 12))
    >>> [change.code for change in changes.began]
    ['LOSS_NOT_SUSPENDED']
    """

    def __init__(
        self,
        rulebook: Rulebook | None = None,
        *,
        path: str | os.PathLike[str] | None = None,
        max_facts: int = MAX_FACTS,
        max_matches: int = MAX_MATCHES,
    ) -> None:
        self._rulebook = default_rulebook() if rulebook is None else rulebook
        if not self._rulebook.sessions:
            raise EngineError("this rulebook was kept without its pattern rules: load it from its files")
        self._limits = Limits(max_facts, max_matches)
        self._lock = threading.RLock()
        self._reader = Reader(self._rulebook)
        self._memory = Memory(self._rulebook, self._limits)
        if any(len(rule.match) > 1 for rule in self._rulebook.patterns):
            durable_rules()  # so that it is now that it is missing, not when there are facts
        self._standing = Standing(self._rulebook)
        self._teller = Teller(self._rulebook)
        blocking = [rule for rule in self._rulebook.patterns if rule.kind == "block" and rule.target]
        self._operations = {
            each: frozenset(rule.target for rule in blocking if rule.about.fact_type is each and rule.target)
            for each in self._reader.standing
        }
        self._store: Store | None = None
        self._open = True
        self._whole = True
        if path is not None:
            self.save(path)

    @property
    def rulebook(self) -> Rulebook:
        """The rules."""
        return self._rulebook

    @property
    def now(self) -> dt.datetime | None:
        """The time of the session: the latest of its events and of `advance`; None before there is one."""
        return self._memory.now

    def __len__(self) -> int:
        return len(self._memory.held)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        raise EngineError("a Session is not pickled: save it to a file")

    def close(self) -> None:
        """Close its file, if it has one; it cannot be used any more."""
        with self._lock:
            self._open = False
            if self._store is not None:
                self._store.close()

    # Facts and events

    def assert_fact(self, fact: Any) -> Changes:
        """Hold a fact, such as a card.

        Raises:
            FactError: it holds what its class does not take.
            EngineError: there is one with its key, it is an event, it has no key, or the session is full.
        """
        with self._lock:
            self._enter()
            present = self._reader.present(fact, event=False)
            if present.name in self._memory.held:
                raise EngineError(f"there is a {present.fact_type.name} `{present.key}` already: use `update`")
            self._check_room(self.now)
            return self._step(self.now, add=present)

    def update(self, fact: Any) -> Changes:
        """Hold a fact in the place of the one with the same key.

        Raises:
            FactError: it holds what its class does not take.
            EngineError: there is none with its key, or it is an event.
        """
        with self._lock:
            self._enter()
            present = self._reader.present(fact, event=False)
            old = self._memory.held.get(present.name)
            if old is None:
                raise EngineError(f"there is no {present.fact_type.name} `{present.key}`: use `assert_fact`")
            if same(fact, old.fact):
                return Changes(self.now)
            return self._step(self.now, add=present, drop=old)

    def retract(self, key: str, of: type | None = None) -> Changes:
        """Hold a fact no longer.

        Args:
            key: its key, such as a `card_id`.
            of: its class; needed where facts of several classes have that key.

        Raises:
            EngineError: there is none, or there are several.
        """
        with self._lock:
            self._enter()
            return self._step(self.now, drop=self._find(key, of))

    def post(self, event: Any) -> Changes:
        """Take in an event. If it happened after the time of the session, that is the time now.

        Events may come in any order: a late one counts as if it had come in time. One that is held already, the same
        in every fact, changes nothing; nor does one that is too old to count, or that no pattern rule reads. `ignored`
        says so.

        Raises:
            FactError: it holds what its class does not take.
            EngineError: another event with its key is held, it is no event, it would make too many matches, or the
                session is full. Nothing is changed then.
        """
        with self._lock:
            self._enter()
            present = self._reader.present(event, event=True)
            held = self._memory.held.get(present.name)
            if held is not None and not same(event, held.fact):
                what = f"{present.fact_type.name} `{present.key}`"
                raise EngineError(f"another {what} is held: give each event a key of its own")
            if held is not None:
                return Changes(self.now, ignored="duplicate")
            assert present.at is not None
            now = present.at if self.now is None else max(self.now, present.at)
            taking = self._memory.taking(present, now)
            if taking is None:
                return self._step(now, ignored="too old" if self._memory.reads(present) else "not read")
            self._check_room(now)
            return self._step(now, add=present, taking=taking)

    def advance(self, now: dt.datetime) -> Changes:
        """Let time pass until a moment; what happens in between and is over by then is not told.

        Raises:
            EngineError: it is no date and time, has a time zone, or is in the past.
        """
        with self._lock:
            self._enter()
            moment = check_time(now)
            if self.now is not None and moment < self.now:
                raise EngineError(f"it is {self.now} in this session: time does not go back to {moment}")
            return self._step(moment)

    # What is so now

    def decision(self, key: str, of: type | None = None) -> Decision:
        """The decision on a fact as things stand: by its own rules and by what pattern rules found about it.

        Args:
            key: its key, such as a `card_id`.
            of: its class; needed where facts of several classes have that key.

        Raises:
            EngineError: there is no such fact, there are several, or the session has no time yet.
        """
        with self._lock:
            self._enter()
            present = self._find(key, of)
            if self.now is None:
                raise EngineError("the session has no time yet: `advance` it, or post an event")
            own = self._standing.decide(present, self.now.date())
            found = self._memory.about(present.fact_type, present.key)
            return session_decision(own, found, self._operations[present.fact_type])

    def facts(self, of: type | None = None) -> tuple[Any, ...]:
        """The facts and events that are held, by type and key; those of one class, or all."""
        with self._lock:
            self._enter()
            name = None if of is None else self._rulebook.fact_type_of(of).name
            held = sorted(self._memory.held.items())
            return tuple(each.fact for (type_, _), each in held if name in (None, type_))

    # Files

    def save(self, path: str | os.PathLike[str] | None = None) -> None:
        """Save to a new file, and go on saving: from now on whatever a call returns for is in it.

        The file, with the one named `-wal` beside it, survives a crash of the process or the machine at any moment.
        Without `path`, for a session that is being saved: there is nothing left to do.

        Raises:
            EngineError: the file is there already, cannot be written, or the session is being saved to another.
        """
        with self._lock:
            self._enter()
            if path is None:
                if self._store is None:
                    raise EngineError("save to which file? `save(path)`")
                return
            if self._store is not None:
                raise EngineError(f"the session is being saved to {self._store.path}")
            store = Store(path, new=True)
            try:
                write_all(store, self._memory, self._rulebook)
            except BaseException:
                store.close()
                raise
            self._store = store

    @classmethod
    def restore(
        cls,
        path: str | os.PathLike[str],
        rulebook: Rulebook | None = None,
        *,
        other_rules: bool = False,
        max_facts: int = MAX_FACTS,
        max_matches: int = MAX_MATCHES,
    ) -> Session:
        """The session that was saved to a file; it goes on saving there.

        Args:
            path: the file.
            rulebook: the rules; the bundled ones by default.
            other_rules: whether they may be others than those with which it was saved.
            max_facts: as for a new session.
            max_matches: as for a new session; what was saved with these rules is within it.

        Raises:
            EngineError: the file is no session, was saved with other rules, is in use, or cannot be read.
        """
        found = cls(rulebook, max_facts=max_facts, max_matches=max_matches)
        store = Store(path, new=False)
        try:
            found._memory = read_all(store, found.rulebook, found._limits, other_rules=other_rules)
            others = store.about("digest") != found.rulebook.digest
            found._memory.rebuild(bounded=others)
            found._decide_all()
            if others:
                write_all(store, found._memory, found.rulebook)
            found._store = store
        except BaseException:
            store.close()
            raise
        return found

    # One call

    def _enter(self) -> None:
        """Begin a call, with the lock held; what an earlier one left half-way is made anew."""
        if not self._open:
            raise EngineError("the session is closed")
        if not self._whole:
            if self._store is not None:
                self._memory = read_all(self._store, self._rulebook, self._limits)
            self._memory.rebuild()
            self._decide_all()
            self._whole = True

    def _decide_all(self) -> None:
        """Decide every fact anew."""
        self._standing = Standing(self._rulebook)
        if self.now is not None:
            day = self.now.date()
            for each in self._memory.held.values():
                if each.at is None:
                    self._standing.put(each, self._standing.decide(each, day))
            self._standing.on(day)

    def _check_room(self, now: dt.datetime | None) -> None:
        if len(self) >= self._limits.facts and (now is None or self._memory.is_full(now)):
            raise EngineError(f"the session holds {len(self)} facts, which is its limit: see `max_facts`")

    def _find(self, key: str, of: type | None) -> Present:
        types = [each for each in self._reader.standing if of is None or each.cls is of]
        if not types:
            raise EngineError(f"this session holds no facts of the class {shown(of)}")
        names: list[Key] = [(each.name, key) for each in types]
        found = [self._memory.held[name] for name in names if name in self._memory.held]
        if len(found) > 1:
            classes = " and a ".join(each.fact_type.name for each in found)
            raise EngineError(f"there is a {classes} `{key}`: say which, as in `of={found[0].fact_type.name}`")
        if not found:
            known = [each for type_, each in self._memory.held if any(type_ == one.name for one in types)]
            hint = did_you_mean(str(key), known[:10_000])
            raise EngineError(f"the session holds no fact {shown(key)}; {hint or 'use `assert_fact`'}")
        return found[0]

    def _step(
        self,
        now: dt.datetime | None,
        *,
        add: Present | None = None,
        drop: Present | None = None,
        taking: Taking | None = None,
        ignored: Ignored | None = None,
    ) -> Changes:
        """One call: first what may fail, then the file, then what cannot."""
        expires = None if taking is None else taking.expires
        row = None if add is None or self._store is None else stored(add, expires)
        self._whole = False
        memory, standing = self._memory, self._standing
        fresh: list[tuple[Present, Decision]] = []
        if now is not None:
            try:
                memory.step(now, add=add, taking=taking, drop=drop)
            except EngineError:
                self._whole = memory.whole
                raise
            day = now.date()
            fresh = [(each, standing.decide(each, day)) for each in self._stale(day, add, drop)]
        if self._store is not None:
            self._write(self._store, now, row, add, drop)
        told: list[tuple[Decided | None, Decided | None]] = []
        if add is not None:
            memory.hold(add, expires)  # in the place of `drop`, which had its name
        elif drop is not None:
            del memory.held[drop.name]
            told.append((standing.drop(drop), None))
        if now is not None:
            memory.expire(now)
            standing.on(day)
            told += [(standing.put(present, decision), (present, decision)) for present, decision in fresh]
        began, ended = self._teller.tell(told, memory)
        self._whole = True
        return Changes(now, began, ended, ignored)

    def _stale(self, day: dt.date, add: Present | None, drop: Present | None) -> list[Present]:
        """The facts to decide by their own rules: those that a new day may decide otherwise, and one that comes."""
        standing = self._standing
        found: list[Present] = []
        if day != standing.day:
            held = self._memory.held.values() if standing.day is None else standing.stale(day)
            found = [each for each in held if each.at is None and each is not drop]
        if add is not None and add.at is None:
            found.append(add)
        return found

    def _write(
        self, store: Store, now: dt.datetime | None, row: Stored | None, add: Present | None, drop: Present | None
    ) -> None:
        gone = [] if drop is None or add is not None else [drop.name]
        if row is not None or gone or now != self.now:
            store.write(about={}, put=[] if row is None else [row], drop=gone, now=now)
