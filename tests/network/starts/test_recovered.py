"""The recovered encoders load completely, and see: their features are alive and mean something."""

from pathlib import Path

import numpy as np
import pytest
import torch
from jaxtyping import Float
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from uepnet.network.encoders import build_encoder
from uepnet.network.encoders.contract import Encoder
from uepnet.network.starts import start_encoder
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

pytestmark = pytest.mark.real_data

PICTURES = 8
SIDE = 128

STARTS = [
    ("resnet18", 16, "resnet18_stages123", "all its stages"),
    ("vgg19", 8, "vgg19_blocks123", "its blocks 1 to 3"),
    ("vgg16", 8, "vgg19_blocks123", "its blocks 1 and 2, the rest of the encoder random"),
    ("vgg16-bn", 8, "vgg19_blocks123", "its blocks 1 and 2, the rest of the encoder random"),
    ("resnet50-caffe", 32, "resnet50_sparse", "all its stages"),
    ("mobilenet-v2", 32, "mobilenetv2", "all its blocks"),
    ("shufflenet-v2", 32, "shufflenetv2_person", "all its stages"),
]


@pytest.fixture(scope="module")
def encoders(shared_data: Path) -> Path:
    folder = shared_data.parent / "encoders"
    if not folder.is_dir():
        pytest.skip(f"there are no recovered encoders at {folder}")
    return folder


@pytest.fixture(scope="module")
def pictures(shared_data: Path) -> Float[Tensor, "n 3 side side"]:
    """The first training pictures of ShanghaiTech A, small, RGB in [0, 1]."""
    folder = shared_data / "ShanghaiTech" / "part_A_final" / "train_data" / "images"
    small = [Image.open(folder / f"IMG_{n}.jpg").convert("RGB").resize((SIDE, SIDE)) for n in range(1, PICTURES + 1)]
    return torch.from_numpy(np.stack([np.asarray(one) for one in small])).permute(0, 3, 1, 2).float() / 255


def normalised(encoder: Encoder, pictures: Tensor) -> Tensor:
    return (pictures - torch.tensor(encoder.mean).view(3, 1, 1)) / torch.tensor(encoder.std).view(3, 1, 1)


def started(encoders: Path, encoder: str, deepest: int, file: str) -> tuple[Encoder, str]:
    shape = {
        "encoder": encoder, "deepest": deepest, "decoder_channels": 4, "merge_channels": 4, "head_channels": 4,
    }  # fmt: skip
    network = UEPNet(NetworkShape.model_validate(shape), classes=(4,))
    said = start_encoder(network, str(encoders / f"{file}.safetensors"))
    return network.encoder.eval(), said


@pytest.mark.parametrize(("encoder", "deepest", "file", "said"), STARTS)
def test_features_are_alive(encoders: Path, pictures: Tensor, encoder: str, deepest: int, file: str, said: str) -> None:
    start, origin = started(encoders, encoder, deepest, file)
    assert origin == f"{file}, {said}"
    with torch.no_grad():
        features = start(normalised(start, pictures[:2]))
    for feature in features:
        assert feature.isfinite().all()
        assert 0.03 < float(feature.square().mean().sqrt()) < 10
        silent = feature.transpose(0, 1).flatten(1).std(dim=1) < 1e-6
        assert float(silent.float().mean()) < 0.03, "channels that are the same everywhere"


@pytest.mark.parametrize(
    ("encoder", "file", "other"),
    [
        ("resnet50-caffe", "resnet50_sparse", "resnet50"),
        ("mobilenet-v2", "mobilenetv2", "mobilenet-v2-torchvision"),
        ("shufflenet-v2", "shufflenetv2_person", "shufflenet-v2-torchvision"),
    ],
)
def test_the_variant_is_the_one_that_the_weights_were_made_for(
    encoders: Path, pictures: Tensor, encoder: str, file: str, other: str
) -> None:
    """A network trained with mirrored pictures sees in a mirrored picture nearly what it sees in the picture.

    How nearly, compared with how different pictures are for it, is worse where strides, padding or activation are wrong.
    """
    right, _ = started(encoders, encoder, 32, file)
    wrong = build_encoder(other, deepest=32).eval()
    wrong.load_state_dict(right.state_dict())
    assert load_file(encoders / f"{file}.safetensors").keys() >= right.state_dict().keys()
    assert mirror_distance(right, normalised(right, pictures)) < 0.8 * mirror_distance(
        wrong, normalised(right, pictures)
    )


def mirror_distance(encoder: Encoder, pictures: Tensor) -> float:
    """Mean distance to one's mirror image over mean distance to another picture, of pooled standardised features."""
    with torch.no_grad():
        seen, mirrored = (encoder(side)[-1].mean(dim=(2, 3)) for side in (pictures, pictures.flip(3)))
    mean, deviation = seen.mean(dim=0), seen.std(dim=0) + 1e-6
    seen, mirrored = (seen - mean) / deviation, (mirrored - mean) / deviation
    others = torch.cdist(seen, seen)[~torch.eye(len(seen), dtype=torch.bool)]
    return float((seen - mirrored).norm(dim=1).mean() / others.mean())
