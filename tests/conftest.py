"""What every test may use: the real data beside the repository, and how hypothesis looks for counter-examples."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.film_fixtures"]

REPOSITORY = Path(__file__).resolve().parents[1]

settings.register_profile(
    "uepnet", deadline=None, max_examples=50, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", settings.get_profile("uepnet"), max_examples=1000, derandomize=False)
settings.load_profile(os.environ.get("UEPNET_HYPOTHESIS", "uepnet"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds `pyproject.toml`."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the real data sets: `data` in $UEPNET_SHARED, or in `shared` beside the repository."""
    named = os.environ.get("UEPNET_SHARED")
    shared = Path(named) if named else REPOSITORY.parent / "shared"
    data = shared / "data"
    if not data.is_dir():
        pytest.skip(f"there are no real data sets at {data}; name the folder that holds `data` in UEPNET_SHARED")
    return data
