"""A process that takes steps in a session that is being saved, and says after each that the call returned.

python killed.py FILE RULES STEPS FIRST
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dxrules import Session
from session.ops import steps, take
from session.rulebooks import rulebook

MOST = 400


def main(file, rules, seed, first):
    """Take the steps from number `first` on."""
    rules = rulebook(rules)[0]
    session = Session.restore(file, rules) if first else Session(rules, path=file)
    for number, step in enumerate(steps(seed, MOST)):
        if number >= first:
            take(session, step)
            print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
