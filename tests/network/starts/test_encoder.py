"""Encoders started from torchvision's state dicts give torchvision's features; what does not fit is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from uepnet.errors import ModelFileError
from uepnet.network.encoders import ENCODERS
from uepnet.network.starts import start_encoder
from uepnet.network.starts.encoder import FORMS
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

TORCHVISION = [
    "vgg16", "vgg16-bn", "vgg19", "resnet18", "resnet34", "resnet50", "mobilenet-v2-torchvision",
    "shufflenet-v2-torchvision",
]  # fmt: skip
VGG19_DEPTHS = (2, 2, 4)

Reference = Callable[[str], nn.Module]


def small(encoder: str, *, deepest: int = 32) -> UEPNet:
    """The encoder with next to nothing behind it."""
    shape = {
        "encoder": encoder, "deepest": deepest, "decoder_channels": 4, "merge_channels": 4, "head_channels": 4,
    }  # fmt: skip
    return UEPNet(NetworkShape.model_validate(shape), classes=(4,)).eval()


def kept(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def vgg19_blocks(path: Path) -> Path:
    """VGG-19's first three blocks in fp16 as `convB_P`, each layer filled with its own number."""
    channels, weights, number = 3, {}, 0.0
    for block, depth in enumerate(VGG19_DEPTHS, start=1):
        for position in range(1, depth + 1):
            number += 1
            outgoing = 64 * 2 ** (block - 1)
            weights[f"conv{block}_{position}.weight"] = torch.full((outgoing, channels, 3, 3), number).half()
            weights[f"conv{block}_{position}.bias"] = torch.full((outgoing,), -number).half()
            channels = outgoing
    save_file(weights, path)
    return path


def test_there_is_a_start_for_every_encoder() -> None:
    assert list(FORMS) == list(ENCODERS)


@pytest.mark.parametrize("encoder", TORCHVISION)
def test_torchvision_s_weights_give_torchvision_s_features(
    tmp_path: Path, torchvision_like: Reference, pictures: Tensor, encoder: str
) -> None:
    reference, network = torchvision_like(encoder), small(encoder)
    path = tmp_path / "imagenet.pth"
    torch.save(reference.state_dict(), path)
    name = encoder.removesuffix("-torchvision")
    assert start_encoder(network, path) == f"imagenet, torchvision's {name}"
    with torch.no_grad():
        expected, found = reference(pictures), network.encoder(pictures)
    for ours, theirs in zip(found, expected, strict=True):
        assert theirs.std() > 0.05, "features that are all alike would show nothing"
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4 * float(theirs.abs().max()))


@pytest.mark.parametrize("deepest", [8, 16])
def test_a_shallower_encoder_takes_what_it_has(
    tmp_path: Path, torchvision_like: Reference, pictures: Tensor, deepest: int
) -> None:
    reference, network = torchvision_like("resnet18"), small("resnet18", deepest=deepest)
    save_file(reference.state_dict(), tmp_path / "imagenet.safetensors")
    assert start_encoder(network, tmp_path / "imagenet.safetensors") == "imagenet, torchvision's resnet18"
    with torch.no_grad():
        features = network.encoder(pictures)
        torch.testing.assert_close(features[-1], reference(pictures)[len(features) - 1], rtol=1e-4, atol=1e-4)


def test_older_files_do_not_count_batches(tmp_path: Path, torchvision_like: Reference, pictures: Tensor) -> None:
    reference, network = torchvision_like("vgg16-bn"), small("vgg16-bn", deepest=8)
    weights = {name: tensor for name, tensor in reference.state_dict().items() if "num_batches" not in name}
    save_file(weights, tmp_path / "old.safetensors")
    start_encoder(network, tmp_path / "old.safetensors")
    with torch.no_grad():
        torch.testing.assert_close(network.encoder(pictures)[0], reference(pictures)[0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("encoder", "said", "blocks"),
    [("vgg16", "1 and 2", 2), ("vgg16-bn", "1 and 2", 2), ("vgg19", "1 to 3", 3)],
)
def test_vgg_starts_from_vgg19_s_first_blocks(tmp_path: Path, encoder: str, said: str, blocks: int) -> None:
    network = small(encoder, deepest=16)
    before = kept(network.encoder)
    path = vgg19_blocks(tmp_path / "vgg19_part.safetensors")
    assert start_encoder(network, path) == f"vgg19_part, its blocks {said}, the rest of the encoder random"
    number = 0
    for name, weight in network.encoder.state_dict().items():
        if "norm" in name or int(name.split(".")[1]) >= blocks:
            assert torch.equal(weight, before[name]), name
        else:
            number += name.endswith("weight")
            assert weight.dtype == torch.float32
            assert (weight == (number if name.endswith("weight") else -number)).all(), name
    assert number == sum(VGG19_DEPTHS[:blocks])


def test_a_folded_resnet_keeps_its_names(tmp_path: Path) -> None:
    source, network, deeper = small("resnet18", deepest=16), small("resnet18", deepest=16), small("resnet18")
    path = tmp_path / "resnet18_part.safetensors"
    save_file(source.encoder.state_dict(), path)
    assert start_encoder(network, path) == "resnet18_part, all its stages"
    for name, weight in network.encoder.state_dict().items():
        assert torch.equal(weight, source.encoder.state_dict()[name]), name
    assert start_encoder(deeper, path) == "resnet18_part, all its stages, the rest of the encoder random"


def test_a_stem_made_for_bgr_is_turned_round(tmp_path: Path) -> None:
    source, network = small("shufflenet-v2"), small("shufflenet-v2")
    weights = kept(source.encoder)
    save_file(weights, tmp_path / "shuffle.safetensors")
    assert start_encoder(network, tmp_path / "shuffle.safetensors") == "shuffle, all its stages"
    taken = network.encoder.state_dict()
    for theirs, ours in enumerate((2, 1, 0)):
        assert torch.equal(taken["stem.weight"][:, ours], weights["stem.weight"][:, theirs])
    assert all(torch.equal(taken[name], weights[name]) for name in weights if name != "stem.weight")


def test_random_changes_nothing() -> None:
    network = small("resnet18", deepest=8)
    before = kept(network)
    assert start_encoder(network, "random") == "random weights"
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


MISFITS: list[tuple[Callable[[dict[str, Tensor]], object], str]] = [
    (lambda w: w.pop("layer1.1.bn2.running_var"), r"it does not hold layer1\.1\.bn2\.running_var"),
    (lambda w: w.pop("conv1.weight"), r"it does not hold conv1\.weight"),
    (lambda w: w.update(extra=torch.zeros(1)), r"it holds the unknown extra"),
    (lambda w: w.update({"layer1.2.bn1.bias": torch.zeros(1)}), r"it holds the unknown layer1\.2\.bn1\.bias"),
    (
        lambda w: w.update({"conv1.weight": torch.zeros(1, 3)}),
        r"conv1\.weight has the shape \[1, 3\], not \[64, 3, 7, 7\]",
    ),
    (lambda w: w.update({"bn1.bias": torch.zeros(())}), r"bn1\.bias has the shape \[\], not \[64\]"),
    (lambda w: w.update({"bn1.bias": torch.zeros(64).int()}), r"bn1\.bias holds torch\.int32, no real numbers"),
    (lambda w: w["bn1.weight"].fill_(float("nan")), r"bn1\.weight holds numbers that are not finite"),
    (lambda w: w["bn1.running_var"].fill_(-1.0), r"bn1\.running_var holds negative variances"),
    (
        lambda w: [w.pop(name) for name in list(w) if "running" in name],
        r"it does not hold bn1\.running_mean, .* and 15 more",
    ),
]


@pytest.mark.parametrize(("spoil", "complaint"), MISFITS)
def test_what_does_not_fit_is_named_and_nothing_is_taken(
    tmp_path: Path, torchvision_like: Reference, spoil: Callable[[dict[str, Tensor]], object], complaint: str
) -> None:
    whole = torchvision_like("resnet18").state_dict()
    weights = {name: tensor.clone() for name, tensor in whole.items() if not name.startswith(("layer3", "layer4"))}
    spoil(weights)
    save_file(weights, tmp_path / "wrong.safetensors")
    network = small("resnet18", deepest=8)
    before = kept(network)
    with pytest.raises(ModelFileError, match=f": these are not the weights of torchvision's resnet18: {complaint}$"):
        start_encoder(network, tmp_path / "wrong.safetensors")
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_a_whole_stage_that_is_missing_is_missed(tmp_path: Path, torchvision_like: Reference) -> None:
    weights = {
        name: tensor for name, tensor in torchvision_like("resnet18").state_dict().items() if name[:6] != "layer4"
    }
    save_file(weights, tmp_path / "part.safetensors")
    with pytest.raises(ModelFileError, match=r"it does not hold layer4\.0\.conv1\.weight, .* and 20 more$"):
        start_encoder(small("resnet18"), tmp_path / "part.safetensors")


@pytest.mark.parametrize(
    ("published", "encoder"),
    [
        ("vgg19", "vgg16"),
        ("resnet34", "resnet18"),
        ("resnet18", "resnet34"),
        ("resnet50", "resnet50-caffe"),
        ("mobilenet-v2-torchvision", "mobilenet-v2"),
        ("shufflenet-v2-torchvision", "shufflenet-v2"),
        ("vgg16-bn", "resnet18"),
    ],
)
def test_another_encoder_s_weights_are_refused_with_a_hint(
    tmp_path: Path, torchvision_like: Reference, published: str, encoder: str
) -> None:
    torch.save(torchvision_like(published).state_dict(), tmp_path / "imagenet.pth")
    with pytest.raises(ModelFileError, match=f"names are those of the encoder {published}$"):
        start_encoder(small(encoder, deepest=8), tmp_path / "imagenet.pth")


def test_a_folded_resnet50_is_known_as_caffe_s_only(tmp_path: Path) -> None:
    save_file(small("resnet50-caffe").encoder.state_dict(), tmp_path / "folded.safetensors")
    with pytest.raises(ModelFileError, match=r"names are those of the encoder resnet50-caffe$"):
        start_encoder(small("resnet50"), tmp_path / "folded.safetensors")


def test_a_file_of_something_else_says_what_is_wanted(tmp_path: Path) -> None:
    save_file({"embedding.weight": torch.zeros(2)}, tmp_path / "text.safetensors")
    wanted = (
        r"none of its 1 names \(embedding.weight\) is one of resnet18's; .*torchvision's resnet18 \(bn1.bias, \.\.\.\)"
    )
    with pytest.raises(ModelFileError, match=wanted):
        start_encoder(small("resnet18"), tmp_path / "text.safetensors")
