"""The presence branch: what it says, from where, what a head says then, and that a new one changes next to nothing."""

import numpy as np
import pytest
import torch

from tests.toys import FOUR_AND_FIVE, toy_description, toy_network, toy_shape
from uepnet.description import CountOutput, ModelDescription
from uepnet.network.average import averaged
from uepnet.network.initialise import SOMEBODY
from uepnet.network.presence import FAINT, Presence, where_near
from uepnet.network.starts.model import start_model
from uepnet.network.uepnet import UEPNet


@pytest.fixture
def looking() -> ModelDescription:
    """The toy network with a branch of three channels."""
    shape = toy_shape().model_copy(update={"presence": 3})
    return toy_description(network=shape, partitions=FOUR_AND_FIVE)


def stirred(network: UEPNet) -> Presence:
    """The network's branch, with random weights everywhere."""
    assert network.presence is not None
    torch.manual_seed(4)
    for weight in network.presence.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return network.presence


def by_hand(presence: Presence, deepest: np.ndarray) -> np.ndarray:
    """The log odds at every cell, a place and a window at a time."""
    weights = {name: weight.detach().double().numpy() for name, weight in presence.named_parameters()}

    def layer(name: str, values: np.ndarray) -> np.ndarray:
        return np.einsum("oi,irc->orc", weights[f"{name}.weight"][..., 0, 0], values) + weights[f"{name}.bias"][:, None, None]  # fmt: skip

    channels, rows, columns = deepest.shape
    cells = deepest.reshape(channels, rows // 2, 2, columns // 2, 2).mean(axis=(2, 4))
    shares = cells / (cells.sum(axis=0) + FAINT)
    own = np.maximum(layer("reduce", np.sqrt(channels * shares + 1e-4)), 0)
    parts = [own]
    for half in (1, 4):
        around = np.empty_like(own)
        for row, column in np.ndindex(own.shape[1:]):
            window = own[:, max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1]
            around[:, row, column] = window.mean(axis=(1, 2))
        parts.append(around)
    found: np.ndarray = layer("judge", np.maximum(layer("compare", np.concatenate(parts)), 0))[0]
    return found


def test_the_log_odds_by_a_slow_reference(looking: ModelDescription) -> None:
    presence = stirred(toy_network(looking))
    deepest = torch.rand(1, 256, 12, 14)
    with torch.inference_mode():
        found = presence(deepest)[0, 0].double().numpy()
    expected = by_hand(presence, deepest[0].double().numpy())
    assert found.shape == (24, 28)
    # Between cells it is interpolated; the mean of the four patches around a cell's middle is not quite the cell's own.
    middles = found.reshape(6, 4, 7, 4)[:, 1:3, :, 1:3]
    padded = np.pad(expected, 1, mode="edge")
    rows, columns = np.indices(expected.shape) + 1
    for row, down in ((0, -1), (1, 1)):
        for column, right in ((0, -1), (1, 1)):
            near, beside = padded[rows, columns], padded[rows, columns + right]
            below, across = padded[rows + down, columns], padded[rows + down, columns + right]
            mixed = (49 * near + 7 * (beside + below) + across) / 64  # an eighth of a cell away from the middle
            np.testing.assert_allclose(middles[:, row, :, column], mixed, rtol=1e-5, atol=1e-5)


def test_a_head_s_classes_are_those_of_where_somebody_is() -> None:
    random = torch.Generator().manual_seed(5)
    logits, odds = 4 * torch.randn(2, 5, 3, 4, generator=random), 6 * torch.randn(2, 1, 3, 4, generator=random)
    near = 1 / (1 + odds.double().exp())
    expected = near * logits.double().softmax(dim=1)
    expected[:, :1] += 1 - near
    found = where_near(logits, odds).double().softmax(dim=1)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-9)


def test_odds_beyond_all_measure_stay_numbers() -> None:
    logits = torch.tensor([-60.0, 60.0]).view(1, 2, 1, 1)
    for odds, nobody in ((500.0, 1.0), (-500.0, 0.0)):
        found = where_near(logits, torch.full((1, 1, 1, 1), odds)).softmax(dim=1)
        assert found[0, 0, 0, 0].item() == pytest.approx(nobody)


def test_only_the_class_of_nobody_gets_it(looking: ModelDescription) -> None:
    network = toy_network(looking)
    presence = stirred(network)
    pictures = torch.rand(2, 3, 64, 96)
    with torch.inference_mode():
        with_it = network(pictures)
        odds = presence(network.encoder(pictures)[-1])
        network.presence = None
        without = network(pictures)
    for seen, plain in zip(with_it, without, strict=True):
        torch.testing.assert_close(seen[:, 1:], plain[:, 1:])
        torch.testing.assert_close(seen, where_near(plain, odds))
        assert float((seen[:, 0] - plain[:, 0]).min()) >= 0


def test_a_new_branch_hardly_changes_an_answer(looking: ModelDescription) -> None:
    network = toy_network(looking)
    pictures = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        with_it = network(pictures)
        network.presence = None
        for seen, plain in zip(with_it, network(pictures), strict=True):
            people = seen.softmax(dim=1)[:, 1:] / plain.softmax(dim=1)[:, 1:]
            torch.testing.assert_close(people, torch.full_like(people, 1 / (1 + np.exp(SOMEBODY))), rtol=1e-4, atol=0.0)


def test_a_trained_branch_is_taken_over_and_one_that_is_not_there_stays_new(looking: ModelDescription) -> None:
    trained, plain = toy_network(looking), UEPNet(toy_shape(), classes=looking.channels)
    stirred(trained)
    new, other = toy_network(looking), toy_network(looking)
    start_model(new, trained)
    start_model(other, plain)
    assert new.presence is not None
    assert trained.presence is not None
    assert other.presence is not None
    assert torch.equal(new.presence.judge.weight, trained.presence.judge.weight)
    assert not other.presence.judge.weight.any()


def test_a_network_without_the_branch_is_described_as_before_there_was_one(looking: ModelDescription) -> None:
    assert '"presence":3' in looking.to_json()
    assert ModelDescription.from_json(looking.to_json(), source="test") == looking
    plain = looking.model_copy(update={"network": toy_shape()})
    assert "presence" not in plain.to_json()
    assert ModelDescription.from_json(plain.to_json(), source="test") == plain


def test_only_classes_have_nobody(looking: ModelDescription) -> None:
    counts = {"output": CountOutput(target="mse"), "partitions": ()}
    with pytest.raises(ValueError, match="class of nobody, which an output of count has not"):
        ModelDescription.model_validate(looking.model_dump() | counts)


def test_branches_are_averaged_with_the_rest(looking: ModelDescription) -> None:
    first, second = toy_network(looking), toy_network(looking)
    stirred(second)
    between, _ = averaged((first, looking), (second, looking), share=0.5)
    assert between.presence is not None
    assert second.presence is not None
    torch.testing.assert_close(between.presence.judge.weight, second.presence.judge.weight / 2)
