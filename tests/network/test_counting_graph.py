"""The counting graph against the same arithmetic in NumPy, for pictures of any size."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.special import expit
from scipy.stats import poisson

from uepnet.counting.codec import decode as decode_classes
from uepnet.counting.codec import decode_mean
from uepnet.counting.partition import Partition
from uepnet.description import CountOutput, ModelDescription, Positive, ZeroInflatedOutput
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

SHAPE = NetworkShape(encoder="resnet18", deepest=8, decoder_channels=1, merge_channels=1, head_channels=1)
PARTITIONS = (
    Partition(borders=(0.001, 0.1, 0.5), proxies=(0.0, 0.05, 0.3, 1.2)),
    Partition(borders=(0.001, 0.05, 0.3, 1.2), proxies=(0.0, 0.03, 0.2, 0.7, 20.0)),
)


@pytest.fixture(scope="module")
def graph() -> CountingGraph:
    description = ModelDescription(
        name="decode", network=SHAPE, partitions=PARTITIONS, mean=(0.5, 0.5, 0.5), std=(0.2, 0.2, 0.2)
    )
    return CountingGraph(UEPNet(SHAPE, classes=description.classes), description)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return shares


LOGITS = st.tuples(
    *(
        arrays.arrays(np.float32, (1, partition.classes, 2, 3), elements=st.floats(-30, 30, width=32))
        for partition in PARTITIONS
    )
)


@given(logits=LOGITS)
def test_the_decode_is_its_equations(graph: CountingGraph, logits: tuple[np.ndarray, ...]) -> None:
    mean, argmax, variance = (value.numpy() for value in graph.decode(tuple(torch.tensor(head) for head in logits)))
    last = [np.moveaxis(head.astype(np.float64), 1, -1) for head in logits]
    means = [decode_mean(softmax(head), part.proxies) for head, part in zip(last, PARTITIONS, strict=True)]
    np.testing.assert_allclose(mean, (means[0] + means[1]) / 2, rtol=1e-5, atol=1e-6)
    best = [decode_classes(head.argmax(axis=-1), part.proxies) for head, part in zip(last, PARTITIONS, strict=True)]
    np.testing.assert_allclose(argmax, (best[0] + best[1]) / 2, rtol=1e-6)
    mixture = np.concatenate([softmax(head) / 2 for head in last], axis=-1)
    proxies = np.concatenate([part.proxies for part in PARTITIONS])
    centre = (mixture * proxies).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(variance, (mixture * (proxies - centre) ** 2).sum(axis=-1), rtol=1e-4, atol=1e-4)
    assert (variance >= 0).all()


def test_sure_heads_that_agree_leave_no_variance(graph: CountingGraph) -> None:
    logits = tuple(torch.full((1, part.classes, 1, 1), -100.0) for part in PARTITIONS)
    for head in logits:
        head[:, 0] = 100.0
    assert [value.item() for value in graph.decode(logits)] == [0.0, 0.0, 0.0]


def expected_maps(
    network: UEPNet, description: ModelDescription, picture: np.ndarray
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Normalised and padded in NumPy, run through the network, decoded, and cut to the patches of the picture."""
    height, width = picture.shape[:2]
    pixels = (picture / 255.0 - np.array(description.mean)) / np.array(description.std)
    padded = np.zeros((-(-height // 16) * 16, -(-width // 16) * 16, 3))
    padded[:height, :width] = pixels
    logits = network(torch.tensor(padded.transpose(2, 0, 1)[None], dtype=torch.float32))
    maps = CountingGraph(network, description).decode(logits)
    rows, columns = -(-height // 8), -(-width // 8)
    return tuple(value[:, :rows, :columns] for value in maps)  # type: ignore[return-value]  # a tuple of three


@pytest.mark.parametrize(("height", "width"), [(1, 1), (8, 9), (16, 16), (17, 40), (33, 31), (64, 50)])
@torch.no_grad()
def test_pictures_of_any_size(network: UEPNet, description: ModelDescription, height: int, width: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    *found, features = CountingGraph(network, description)(torch.tensor(picture)[None])
    assert features.shape == (1, network.encoder.channels[network.encoder.strides[-1]])
    for value, expected in zip(found, expected_maps(network, description, picture), strict=True):
        assert tuple(value.shape) == (1, -(-height // 8), -(-width // 8))
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, expected, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_a_picture_beside_the_mean_colour_counts_as_the_picture_alone() -> None:
    """Padding is with the mean colour: a picture that already ends in it, on the next multiple, has the same patches."""
    mean = (100 / 255, 120 / 255, 140 / 255)
    shape = NetworkShape(encoder="resnet18", deepest=16, decoder_channels=4, merge_channels=4, head_channels=4)
    description = ModelDescription(name="padding", network=shape, partitions=PARTITIONS, mean=mean, std=(0.2, 0.2, 0.2))
    torch.manual_seed(0)
    graph = CountingGraph(UEPNet(shape, classes=description.classes), description).eval()
    picture = np.random.default_rng(0).integers(0, 256, (24, 37, 3), dtype=np.uint8)
    continued = np.full((32, 48, 3), (100, 120, 140), dtype=np.uint8)
    continued[:24, :37] = picture
    alone = graph(torch.tensor(picture)[None])[0]
    torch.testing.assert_close(graph(torch.tensor(continued)[None])[0][:, :3, :5], alone, rtol=1e-4, atol=1e-6)


@torch.no_grad()
def test_features_are_the_mean_of_the_encoder_s_deepest(network: UEPNet, description: ModelDescription) -> None:
    """Of the padded picture, whose padding is 0 once it is normalised."""
    height, width = network.encoder.strides[-1], 2 * network.encoder.strides[-1]
    picture = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    normal = (picture / 255.0 - np.array(description.mean)) / np.array(description.std)
    deepest = network.encoder(torch.tensor(normal.transpose(2, 0, 1)[None], dtype=torch.float32))[-1]
    features = CountingGraph(network, description)(torch.tensor(picture)[None])[3]
    torch.testing.assert_close(features, deepest.mean(dim=(2, 3)), rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_under_autocast_the_maps_stay_in_fp32(network: UEPNet, description: ModelDescription) -> None:
    picture = torch.tensor(np.random.default_rng(0).integers(0, 256, (1, 40, 40, 3), dtype=np.uint8))
    graph = CountingGraph(network, description)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = graph(picture)
    assert {value.dtype for value in rough} == {torch.float32}
    torch.testing.assert_close(rough[0], graph(picture)[0], rtol=0.2, atol=0.05)


@given(logits=LOGITS)
def test_temperatures_divide_the_logits_of_their_head(graph: CountingGraph, logits: tuple[np.ndarray, ...]) -> None:
    """The decode with temperatures is the decode of divided logits; by 1 it is the same to the last bit."""
    given_logits = tuple(torch.tensor(head) for head in logits)
    base = ModelDescription(
        name="decode", network=SHAPE, partitions=PARTITIONS, mean=(0.5, 0.5, 0.5), std=(0.2, 0.2, 0.2)
    )
    by_one, tempered = (
        CountingGraph(graph.network, base.model_copy(update={"temperatures": temperatures})).decode(given_logits)
        for temperatures in ((1.0, 1.0), (0.5, 4.0))
    )
    divided = graph.decode((given_logits[0] / 0.5, given_logits[1] / 4.0))
    plain = graph.decode(given_logits)
    for got, expected in zip((*by_one, *tempered), (*plain, *divided), strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=0)
    torch.testing.assert_close(tempered[1], plain[1], rtol=0, atol=0)  # the likeliest class stays so


def graph_of(output: CountOutput | ZeroInflatedOutput) -> CountingGraph:
    description = ModelDescription(name="other", network=SHAPE, output=output, mean=(0.5,) * 3, std=(0.2,) * 3)
    return CountingGraph(UEPNet(SHAPE, classes=description.channels), description)


@pytest.mark.parametrize("positive", ["relu", "softplus", "absolute"])
def test_densities_are_averaged_over_the_cells(positive: Positive) -> None:
    values = np.random.default_rng(0).normal(0, 3, (1, 4, 2, 3)).astype(np.float32)
    graph = graph_of(CountOutput(target="density-mse", positive=positive, cells=2))
    mean, argmax, variance = (found.numpy() for found in graph.decode((torch.tensor(values),)))
    exact = values.astype(np.float64)
    expected = {"relu": np.maximum(exact, 0.0), "softplus": np.log1p(np.exp(exact)), "absolute": np.abs(exact)}[
        positive
    ]
    np.testing.assert_allclose(mean, expected.sum(axis=1) / 4.0, rtol=1e-5)
    np.testing.assert_array_equal(argmax, mean)
    assert not variance.any()


def test_zero_inflated_maps_are_the_distribution_s() -> None:
    values = np.random.default_rng(0).normal(0, 2, (1, 2, 2, 3)).astype(np.float32)
    mean, argmax, variance = (found.numpy() for found in graph_of(ZeroInflatedOutput()).decode((torch.tensor(values),)))
    numbers = np.arange(60)
    for row, column in np.ndindex(2, 3):
        some, rate = expit(values[0, 0, row, column]), np.log1p(np.exp(values[0, 1, row, column]))
        shares = some * poisson.pmf(numbers, rate)
        shares[0] += 1.0 - some
        expected = (shares * numbers).sum()
        assert mean[0, row, column] == pytest.approx(expected, rel=1e-4)
        assert variance[0, row, column] == pytest.approx((shares * (numbers - expected) ** 2).sum(), rel=1e-4)
    np.testing.assert_array_equal(argmax, mean)
