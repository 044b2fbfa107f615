"""How much the property tests try: `HYPOTHESIS_PROFILE` is `dev`, `ci` (the default) or `long`."""

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")


def examples(*, ci: int, long: int) -> int:
    """How many examples a property tries in this run; `dev` tries a tenth of what `ci` does."""
    return {"dev": max(10, ci // 10), "long": long}.get(PROFILE, ci)
