"""Starting weights are taken by name, completely, or not at all."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from uepnet.description import NetworkShape
from uepnet.errors import ModelFileError
from uepnet.network.starts import start_encoder, start_model
from uepnet.network.uepnet import UEPNet

VGG19_DEPTHS = (2, 2, 4)


def small(encoder: str, *, deepest: int = 16, classes: tuple[int, ...] = (4, 5)) -> UEPNet:
    shape = {
        "encoder": encoder, "deepest": deepest, "decoder_channels": 4, "merge_channels": 4, "head_channels": 4,
    }  # fmt: skip
    return UEPNet(NetworkShape.model_validate(shape), classes=classes)


def vgg_file(path: Path) -> Path:
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


@pytest.mark.parametrize(("encoder", "said", "blocks"), [("vgg16", "1 and 2", 2), ("vgg19", "1 to 3", 3)])
def test_vgg_layers_are_mapped_by_name(tmp_path: Path, encoder: str, said: str, blocks: int) -> None:
    network = small(encoder)
    before = {name: weight.clone() for name, weight in network.encoder.state_dict().items()}
    assert start_encoder(network, vgg_file(tmp_path / "vgg19_part.safetensors")) == f"vgg19_part, its blocks {said}"
    number = 0
    for name, weight in network.encoder.state_dict().items():
        if int(name.split(".")[1]) >= blocks:
            assert torch.equal(weight, before[name]), name
        else:
            number += name.endswith("weight")
            assert weight.dtype == torch.float32
            assert (weight == (number if name.endswith("weight") else -number)).all(), name
    assert number == sum(VGG19_DEPTHS[:blocks])


def test_resnet_weights_are_taken_by_torchvision_s_names(tmp_path: Path) -> None:
    source, network = small("resnet18"), small("resnet18")
    path = tmp_path / "resnet18_part.safetensors"
    save_file(source.encoder.state_dict(), path)
    assert "layer2.0.downsample.0.weight" in load_file(path)
    assert start_encoder(network, path) == "resnet18_part, all its stages"
    for name, weight in network.encoder.state_dict().items():
        assert torch.equal(weight, source.encoder.state_dict()[name]), name


def test_the_other_encoder_s_file_is_refused_and_nothing_is_copied(tmp_path: Path) -> None:
    network = small("resnet18")
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    with pytest.raises(ModelFileError, match="of its 16 names are not in this encoder"):
        start_encoder(network, vgg_file(tmp_path / "vgg.safetensors"))
    resnet = tmp_path / "resnet.safetensors"
    save_file(small("resnet18").encoder.state_dict(), resnet)
    with pytest.raises(ModelFileError, match="no weights that this encoder can start from"):
        start_encoder(small("vgg16"), resnet)
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())


def test_a_wrong_shape_is_refused_with_both_shapes(tmp_path: Path) -> None:
    path = tmp_path / "wide.safetensors"
    save_file({"conv1.weight": torch.zeros(32, 3, 7, 7)}, path)
    with pytest.raises(ModelFileError, match=r"conv1.weight has the shape \[32, 3, 7, 7\].*\[64, 3, 7, 7\]"):
        start_encoder(small("resnet18"), path)


@pytest.mark.parametrize("content", [b"", b"\x80\x04no safetensors"])
def test_no_safetensors_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="no readable safetensors"):
        start_encoder(small("resnet18"), path)
    with pytest.raises(ModelFileError, match=r"missing\.safetensors"):
        start_encoder(small("resnet18"), tmp_path / "missing.safetensors")


def test_a_model_of_ours_gives_all_but_heads_of_another_size() -> None:
    trained, network = small("resnet18", classes=(4, 6)), small("resnet18", classes=(4, 5))
    last = {name: weight.clone() for name, weight in network.heads[1].state_dict().items()}
    start_model(network, trained)
    for part in ("encoder", "decoder", "heads.0"):
        taken = network.get_submodule(part).state_dict()
        for name, weight in trained.get_submodule(part).state_dict().items():
            assert torch.equal(weight, taken[name]), name
    for name, weight in network.heads[1].state_dict().items():
        assert torch.equal(weight, last[name]), name


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("encoder", "file"),
    [("resnet18", "resnet18_stages123"), ("vgg16", "vgg19_blocks123"), ("vgg19", "vgg19_blocks123")],
)
def test_the_recovered_encoders_load(shared_data: Path, encoder: str, file: str) -> None:
    network = small(encoder)
    path = shared_data.parent / "encoders" / f"{file}.safetensors"
    assert start_encoder(network, path).startswith(file)
    with torch.no_grad():
        feature = network.encoder(torch.randn(1, 3, 64, 64))[0]
    assert feature.isfinite().all()
    assert float(feature.std()) > 0.05
