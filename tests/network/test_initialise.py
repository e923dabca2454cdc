"""New weights have the spread asked for, and the first answer is the classes' shares."""

import pytest
import torch
from torch import nn

from uepnet.description import ClassesOutput, CountOutput, ModelDescription, ZeroInflatedOutput
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.initialise import expect_classes, expect_counts, initialise
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

SHAPE = NetworkShape(encoder="vgg16-bn", deepest=16, decoder_channels=64, merge_channels=64, head_channels=64)


@pytest.fixture
def fresh() -> UEPNet:
    return UEPNet(SHAPE, classes=(4, 5))


def spread_of(network: UEPNet, name: str) -> float:
    return float(network.get_parameter(f"{name}.weight").detach().std())


def test_he_keeps_the_variance(fresh: UEPNet) -> None:
    initialise(fresh, spread="he", seed=0)
    assert spread_of(fresh, "encoder.blocks.1.conv1") == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.02)
    assert spread_of(fresh, "decoder.merges.0.reduce") == pytest.approx((2 / (512 * 9)) ** 0.5, rel=0.02)


def test_the_paper_s_spread_is_for_the_layers_after_the_encoder(fresh: UEPNet) -> None:
    initialise(fresh, spread="paper", seed=0)
    assert spread_of(fresh, "encoder.blocks.1.conv1") == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.02)
    assert spread_of(fresh, "decoder.merges.0.reduce") == pytest.approx(0.01, rel=0.02)
    assert spread_of(fresh, "heads.0.0") == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("spread", ["he", "paper"])
def test_classifiers_start_small_and_biases_at_0(fresh: UEPNet, spread: str) -> None:
    initialise(fresh, spread="he" if spread == "he" else "paper", seed=0)
    assert spread_of(fresh, "heads.1.2") == pytest.approx(0.01, rel=0.2)
    assert all(not bias.any() for name, bias in fresh.named_parameters() if name.endswith("bias"))


def test_normalisation_becomes_the_identity(fresh: UEPNet) -> None:
    norm = next(module for module in fresh.modules() if isinstance(module, nn.BatchNorm2d))
    with torch.no_grad():
        for value in norm.state_dict().values():
            value.fill_(3)
    initialise(fresh, spread="he", seed=0)
    x = torch.randn(1, norm.num_features, 4, 4)
    torch.testing.assert_close(norm.eval()(x), x, rtol=1e-4, atol=1e-5)


def test_the_seed_decides() -> None:
    weights = []
    for seed in (0, 0, 1):
        network = UEPNet(SHAPE, classes=(4, 5))
        initialise(network, spread="he", seed=seed)
        weights.append(torch.cat([weight.flatten() for weight in network.parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_the_first_answer_is_the_classes_shares(fresh: UEPNet) -> None:
    initialise(fresh, spread="he", seed=0)
    shares = (torch.tensor([0.9, 0.06, 0.04, 0.0]), torch.tensor([0.5, 0.2, 0.2, 0.1, 0.0]))
    expect_classes(fresh, shares)
    with torch.no_grad():
        for head, share in zip(fresh.heads, shares, strict=True):
            answer = head(torch.zeros(1, 64, 1, 1)).softmax(dim=1).flatten()
            torch.testing.assert_close(answer, share, rtol=0, atol=1e-5)
            assert answer.isfinite().all()


@pytest.mark.parametrize("encoder", ["vgg16", "resnet18", "resnet50", "mobilenet-v2", "shufflenet-v2"])
def test_features_keep_the_variance_of_the_picture_through_all_layers(encoder: str) -> None:
    shape = NetworkShape(encoder=encoder, deepest=32, decoder_channels=4, merge_channels=4, head_channels=4)
    network = UEPNet(shape, classes=(4,)).eval()
    initialise(network, spread="he", seed=0)
    with torch.no_grad():
        features = network.encoder(torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)))
    for feature in features:
        assert 0.25 < float(feature.square().mean().sqrt()) < 4


def test_a_convolution_of_single_channels_sees_one_channel() -> None:
    network = UEPNet(SHAPE.model_copy(update={"encoder": "mobilenet-v2"}), classes=(4, 5))
    initialise(network, spread="he", seed=0)
    assert spread_of(network, "encoder.blocks.5.dw") == pytest.approx((2 / 9) ** 0.5, rel=0.05)
    assert spread_of(network, "encoder.blocks.3.project") == pytest.approx((1 / 144) ** 0.5, rel=0.05)


@pytest.mark.parametrize(
    "output",
    [
        CountOutput(target="mse"),
        CountOutput(target="mse", positive="softplus"),
        CountOutput(target="mse", positive="absolute"),
        CountOutput(target="density-mse", cells=4),
        ZeroInflatedOutput(),
    ],
)
@torch.no_grad()
def test_the_first_answer_is_the_mean_count(output: CountOutput | ZeroInflatedOutput) -> None:
    shape = NetworkShape(encoder="resnet18", deepest=8, decoder_channels=4, merge_channels=4, head_channels=4)
    description = ModelDescription(name="new", network=shape, output=output, mean=(0.5,) * 3, std=(0.2,) * 3)
    network = UEPNet(shape, classes=description.channels)
    initialise(network, spread="he", seed=0)
    expect_counts(network, output, mean=0.03, occupied=0.02)
    nothing = (torch.zeros(1, network.decoder.out_channels, 2, 2),)
    values = tuple(head(*nothing) for head in network.heads)
    mean, _, _ = CountingGraph(network, description).decode(values)
    assert mean.flatten().tolist() == pytest.approx([0.03] * 4, rel=1e-3)


def test_classes_have_no_mean_to_begin_from(fresh: UEPNet) -> None:
    with pytest.raises(ValueError, match="expect_classes"):
        expect_counts(fresh, ClassesOutput(), mean=1.0, occupied=0.5)
