"""Facts that could only make matches which are not shown: those behind the first about the same subject.

Of the matches of a rule about a subject the one that was complete first counts. While it fires, an event that happened
after it was complete can make none that comes before it. So such an event waits here, out of the network, until that
match fires no longer. Of forty calls on a card that was reported lost, one is joined with the report.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Any

from dxrules.matching import Present

Subject = tuple[int, str]
"""The number of a rule, and the key of the fact that its outcome is about."""


class Backups:
    """Events by the subject of all matches that they could make, earliest first.

    Attributes:
        subjects: the subject of each, by the number of the rule.
    """

    def __init__(self) -> None:
        self._of: dict[Subject, list[Present]] = {}
        self.subjects: dict[Present, dict[int, Subject]] = {}
        self._due: dict[Subject, None] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, subject: Subject, present: Present) -> None:
        """Put in an event."""
        insort(self._of.setdefault(subject, []), present, key=_order)
        self.subjects.setdefault(present, {})[subject[0]] = subject
        self._count += 1

    def has(self, number: int, present: Present) -> bool:
        """Whether an event waits here for a rule."""
        return bool(self.subjects) and number in self.subjects.get(present, ())

    def drop(self, number: int, present: Present) -> None:
        """Take an event out, for one rule; one that is not there is passed over."""
        if self.has(number, present):
            subjects = self.subjects[present]
            subject = subjects.pop(number)
            if not subjects:
                del self.subjects[present]
            held = self._of[subject]
            place = bisect_left(held, present.order, key=_order)
            while held[place] is not present:
                place += 1
            del held[place]
            if not held:
                del self._of[subject]
            self._count -= 1

    def leave(self, present: Present) -> None:
        """Take an event out for all rules."""
        for number in list(self.subjects.get(present, ())):
            self.drop(number, present)

    def stopped(self, subject: Subject) -> None:
        """Note that a match about a subject fires no longer."""
        if subject in self._of:
            self._due[subject] = None

    def due(self) -> tuple[Subject, Present] | None:
        """The earliest event about some subject of which a match stopped firing; None when there is none."""
        while self._due:
            subject = next(iter(self._due))
            if subject in self._of:
                return subject, self._of[subject][0]
            del self._due[subject]
        return None

    def settled(self, subject: Subject) -> None:
        """Note that a match about a subject fires again."""
        self._due.pop(subject, None)


def _order(present: Present) -> Any:
    return present.order
