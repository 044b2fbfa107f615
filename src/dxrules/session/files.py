"""A session in a file: what is written of it as a whole, and what is read again."""

from __future__ import annotations

import datetime as dt

from dxrules.errors import EngineError
from dxrules.matching import Present
from dxrules.rulebook import Rulebook
from dxrules.session.memory import Limits, Memory
from dxrules.session.reading import Reader
from dxrules.session.store import Store, restored, stored


def write_all(store: Store, memory: Memory, rulebook: Rulebook) -> None:
    """Write everything that is held.

    Raises:
        EngineError: a fact would not come back the same, or it cannot be written; the file is as it was.
    """
    rows = []
    for each in memory.held.values():
        # As of when it happened: a rule that read it then may not be in force now, and it leaves all the same.
        taking = None if each.at is None else memory.taking(each, each.at)
        rows.append(stored(each, None if taking is None else taking.expires))
    store.write(about={"digest": rulebook.digest}, put=rows, drop=None, now=memory.now)


def read_all(store: Store, rulebook: Rulebook, limits: Limits, *, other_rules: bool = False) -> Memory:
    """What was written, held again; nothing is found in it yet.

    Args:
        store: the file.
        rulebook: the rules.
        limits: how much is held.
        other_rules: whether it may have been written with other rules.

    Raises:
        EngineError: it was written with other rules, or holds what is no fact of these.
    """
    digest, now = store.about("digest"), store.about("now")
    same = digest == rulebook.digest
    if not same and not other_rules:
        raise EngineError(
            f"{store.path} was saved with other rules (digest {str(digest)[:12]}, these have {rulebook.digest[:12]}): "
            "load those, or restore with `other_rules=True`"
        )
    memory = Memory(rulebook, limits)
    memory.now = None if now is None else dt.datetime.fromisoformat(now)
    types = {each.name: each for each in rulebook.fact_types}
    reader = Reader(rulebook)
    held: list[tuple[Present, dt.datetime | None]] = []
    for row in store.facts():
        fact_type = types.get(row.type)
        fact = None if fact_type is None else restored(row.data, fact_type)
        if fact is None or fact_type is None:
            raise EngineError(f"{store.path}: {row.type} `{row.key}` is no fact of this rulebook")
        present = reader.present(fact, event=fact_type.moment is not None)
        expires = row.expires
        if not same and present.at is not None and memory.now is not None:
            taking = memory.taking(present, memory.now)
            if taking is None:
                continue  # these rules do not read it
            expires = taking.expires
        held.append((present, expires))
    # As they happened, which is nearly as they came: so each makes few matches, and leaves as it came.
    for present, expires in sorted(held, key=lambda each: each[0].order):
        memory.hold(present, expires)
    return memory
