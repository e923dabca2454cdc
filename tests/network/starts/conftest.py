"""State dicts in exactly the form in which torchvision publishes them, each from a plain module of that structure.

The modules are written here from the papers and torchvision's names alone: they share nothing with the package. Their
classifiers, which nobody reads, are kept small.
"""

from collections.abc import Callable

import pytest
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional


class TorchvisionVGG(nn.Module):
    def __init__(self, depths: tuple[int, ...], *, norm: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        incoming = 3
        for depth, outgoing in zip(depths, (64, 128, 256, 512, 512), strict=True):
            for _ in range(depth):
                layers += [nn.Conv2d(incoming, outgoing, 3, padding=1)]
                layers += [nn.BatchNorm2d(outgoing)] if norm else []
                layers += [nn.ReLU()]
                incoming = outgoing
            layers += [nn.MaxPool2d(2)]
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Dropout(), nn.Linear(2, 2))

    def forward(self, x: Tensor) -> list[Tensor]:
        found = []
        for layer in self.features:
            x = layer(x)
            if isinstance(layer, nn.MaxPool2d):
                found.append(x)
        return found[2:]


class TorchvisionBasicBlock(nn.Module):
    def __init__(self, incoming: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(incoming, inner, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.downsample = None
        if stride != 1 or incoming != inner:
            self.downsample = nn.Sequential(nn.Conv2d(incoming, inner, 1, stride, bias=False), nn.BatchNorm2d(inner))

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return functional.relu(y + (x if self.downsample is None else self.downsample(x)))


class TorchvisionBottleneck(nn.Module):
    def __init__(self, incoming: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(incoming, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, 4 * inner, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * inner)
        self.downsample = None
        if stride != 1 or incoming != 4 * inner:
            self.downsample = nn.Sequential(
                nn.Conv2d(incoming, 4 * inner, 1, stride, bias=False), nn.BatchNorm2d(4 * inner)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return functional.relu(y + (x if self.downsample is None else self.downsample(x)))


class TorchvisionResNet(nn.Module):
    def __init__(self, block: type[TorchvisionBasicBlock] | type[TorchvisionBottleneck], depths: tuple[int, ...]):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        widening = 4 if block is TorchvisionBottleneck else 1
        incoming = 64
        for number, (depth, inner) in enumerate(zip(depths, (64, 128, 256, 512), strict=True), start=1):
            blocks = []
            for position in range(depth):
                blocks.append(block(incoming, inner, 2 if position == 0 and number > 1 else 1))
                incoming = inner * widening
            setattr(self, f"layer{number}", nn.Sequential(*blocks))
        self.fc = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = functional.max_pool2d(functional.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        found = []
        for stage in (self.get_submodule(f"layer{number}") for number in (1, 2, 3, 4)):
            x = stage(x)
            found.append(x)
        return found[1:]


def conv_norm_relu6(incoming: int, outgoing: int, size: int, *, stride: int = 1, groups: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(incoming, outgoing, size, stride, (size - 1) // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outgoing), nn.ReLU6())


class TorchvisionInvertedResidual(nn.Module):
    def __init__(self, incoming: int, outgoing: int, stride: int, widening: int) -> None:
        super().__init__()
        wide = incoming * widening
        layers: list[nn.Module] = [] if widening == 1 else [conv_norm_relu6(incoming, wide, 1)]
        layers += [conv_norm_relu6(wide, wide, 3, stride=stride, groups=wide)]
        layers += [nn.Conv2d(wide, outgoing, 1, bias=False), nn.BatchNorm2d(outgoing)]
        self.conv = nn.Sequential(*layers)
        self.adds = stride == 1 and incoming == outgoing

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        return x + y if self.adds else y


class TorchvisionMobileNetV2(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv_norm_relu6(3, 32, 3, stride=2)]
        incoming = 32
        table = [
            (1, 16, 1, 1),
            (6, 24, 2, 2),
            (6, 32, 3, 2),
            (6, 64, 4, 2),
            (6, 96, 3, 1),
            (6, 160, 3, 2),
            (6, 320, 1, 1),
        ]
        for widening, outgoing, repeats, stride in table:
            for position in range(repeats):
                layers += [TorchvisionInvertedResidual(incoming, outgoing, 1 if position else stride, widening)]
                incoming = outgoing
        layers += [conv_norm_relu6(320, 1280, 1)]
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(2, 2))

    def forward(self, x: Tensor) -> list[Tensor]:
        found = []
        for layer in self.features:
            x = layer(x)
            found.append(x)
        return [found[6], found[13], found[17]]


class TorchvisionShuffleUnit(nn.Module):
    def __init__(self, incoming: int, outgoing: int, stride: int) -> None:
        super().__init__()
        half = outgoing // 2
        self.stride = stride
        self.branch1 = nn.Sequential()
        if stride == 2:
            self.branch1 = nn.Sequential(
                nn.Conv2d(incoming, incoming, 3, 2, 1, groups=incoming, bias=False),
                nn.BatchNorm2d(incoming),
                nn.Conv2d(incoming, half, 1, bias=False),
                nn.BatchNorm2d(half),
                nn.ReLU(),
            )
        self.branch2 = nn.Sequential(
            nn.Conv2d(incoming if stride == 2 else half, half, 1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(),
            nn.Conv2d(half, half, 3, stride, 1, groups=half, bias=False),
            nn.BatchNorm2d(half),
            nn.Conv2d(half, half, 1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        if self.stride == 2:
            joined = torch.cat((self.branch1(x), self.branch2(x)), dim=1)
        else:
            half = x.shape[1] // 2
            joined = torch.cat((x[:, :half], self.branch2(x[:, half:])), dim=1)
        half = joined.shape[1] // 2
        order = [channel for pair in zip(range(half), range(half, 2 * half), strict=True) for channel in pair]
        return joined[:, order]


class TorchvisionShuffleNetV2(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(3, 24, 3, 2, 1, bias=False), nn.BatchNorm2d(24), nn.ReLU())
        incoming = 24
        for number, (units, outgoing) in enumerate(((4, 116), (8, 232), (4, 464)), start=2):
            stage = [TorchvisionShuffleUnit(incoming, outgoing, 2)]
            stage += [TorchvisionShuffleUnit(outgoing, outgoing, 1) for _ in range(units - 1)]
            setattr(self, f"stage{number}", nn.Sequential(*stage))
            incoming = outgoing
        self.conv5 = nn.Sequential(nn.Conv2d(464, 8, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.fc = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = functional.max_pool2d(self.conv1(x), 3, 2, 1)
        found = []
        for stage in (self.get_submodule(f"stage{number}") for number in (2, 3, 4)):
            x = stage(x)
            found.append(x)
        return found


REFERENCES: dict[str, Callable[[], nn.Module]] = {
    "vgg16": lambda: TorchvisionVGG((2, 2, 3, 3, 3), norm=False),
    "vgg16-bn": lambda: TorchvisionVGG((2, 2, 3, 3, 3), norm=True),
    "vgg19": lambda: TorchvisionVGG((2, 2, 4, 4, 4), norm=False),
    "resnet18": lambda: TorchvisionResNet(TorchvisionBasicBlock, (2, 2, 2, 2)),
    "resnet34": lambda: TorchvisionResNet(TorchvisionBasicBlock, (3, 4, 6, 3)),
    "resnet50": lambda: TorchvisionResNet(TorchvisionBottleneck, (3, 4, 6, 3)),
    "mobilenet-v2-torchvision": TorchvisionMobileNetV2,
    "shufflenet-v2-torchvision": TorchvisionShuffleNetV2,
}


def draw_weights(module: nn.Module, *, seed: int) -> None:
    """Weights that keep the variance, and normalisation statistics that are neither 0 nor 1."""
    random = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu", generator=random)
            if part.bias is not None:
                part.bias.data.normal_(0.0, 0.1, generator=random)
        if isinstance(part, nn.BatchNorm2d):
            part.weight.data.uniform_(0.5, 1.2, generator=random)
            part.bias.data.normal_(0.0, 0.2, generator=random)
            part.get_buffer("running_mean").normal_(0.0, 0.2, generator=random)
            part.get_buffer("running_var").uniform_(0.5, 1.5, generator=random)


@pytest.fixture(scope="session")
def torchvision_like() -> Callable[[str], nn.Module]:
    """By our encoder's name: a module of torchvision's structure and names, in evaluation mode, always the same."""
    made: dict[str, nn.Module] = {}

    def module(name: str) -> nn.Module:
        if name not in made:
            made[name] = REFERENCES[name]().eval()
            draw_weights(made[name], seed=1)
        return made[name]

    return module


@pytest.fixture
def pictures() -> Float[Tensor, "1 3 64 96"]:
    """Normalised noise."""
    return torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(2))
