"""Fixtures of every test, and Hypothesis's profiles."""

import pytest
from hypothesis import HealthCheck, settings

import profiles
from dxrules import engines

# Rulebooks are generated, read and compiled: slow for one example, and that is known.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("dev", deadline=None, suppress_health_check=_SLOW, report_multiple_bugs=False)
settings.register_profile(
    "ci",
    deadline=None,
    suppress_health_check=_SLOW,
    report_multiple_bugs=False,
    derandomize=True,
    print_blob=True,
)
settings.register_profile(
    "long",
    deadline=None,
    suppress_health_check=_SLOW,
    report_multiple_bugs=False,
    print_blob=True,
    max_examples=2_000,
)
settings.load_profile(profiles.PROFILE)


@pytest.fixture(scope="session", params=engines.NAMES)
def engine(request):
    """The name of each engine in turn."""
    return request.param
