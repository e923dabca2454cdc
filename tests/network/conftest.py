"""A network so narrow that it answers in milliseconds, and the description of it."""

import pytest

from tests.toys import FOUR_AND_FIVE, toy_description, toy_network, toy_shape
from uepnet.description import ModelDescription
from uepnet.network.uepnet import UEPNet


@pytest.fixture
def description() -> ModelDescription:
    """ResNet-18 to stride 16, sixteen channels everywhere else, two heads of four and five classes."""
    return toy_description(network=toy_shape(channels=16), partitions=FOUR_AND_FIVE)


@pytest.fixture
def network(description: ModelDescription) -> UEPNet:
    """Random weights, always the same."""
    return toy_network(description)
