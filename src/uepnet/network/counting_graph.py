"""From the pixels of one picture to its count maps: the whole answer as one graph, for torch and for ONNX alike."""

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn
from torch.nn import functional

from uepnet.description import CountOutput, ModelDescription, ZeroInflatedOutput
from uepnet.network.outputs import densities, zero_inflated
from uepnet.network.uepnet import UEPNet


class CountingGraph(nn.Module):
    """Normalise, pad, run the network, make maps of its values. The only place that says what they mean as counts.

    Classes: the heads are taken as two opinions of equal weight: per patch the mean map is the average of their expectations,
    the argmax map the average of their likeliest proxies (the paper's decode), and the variance map the variance of the
    equal mixture of their distributions. The distributions are softmax(logits / temperature), with the description's
    temperature of the head.

    Counts: the mean map is the mean of a patch's densities, and the variance 0, for the network says nothing of its doubt.
    Zero-inflated: both are those of the distribution. Neither has classes, and in place of the argmax map is the mean map.

    Patches at the right and lower edge may be partly outside the picture.
    """

    def __init__(self, network: UEPNet, description: ModelDescription) -> None:
        super().__init__()
        self.network = network
        self.output = description.output
        self.patch = description.patch
        self.multiple = description.network.block
        self.register_buffer("mean", torch.tensor(description.mean) * 255.0)
        self.register_buffer("std", torch.tensor(description.std) * 255.0)
        for number, partition in enumerate(description.partitions):
            self.register_buffer(f"proxies{number}", torch.tensor(partition.proxies, dtype=torch.float32))
        for number, temperature in enumerate(description.head_temperatures):
            self.register_buffer(f"sharpness{number}", torch.tensor(1.0 / temperature, dtype=torch.float32))

    def forward(
        self, picture: UInt8[Tensor, "1 height width 3"]
    ) -> tuple[
        Float[Tensor, "1 rows columns"],
        Float[Tensor, "1 rows columns"],
        Float[Tensor, "1 rows columns"],
        Float[Tensor, "1 channels"],
    ]:
        """The mean, argmax and variance maps in people per patch (variance: people squared), and the picture's features:
        the mean of the encoder's deepest ones over all places.
        """
        logits, features = self.values(picture)
        return *self.decode(logits), features

    def logits(self, picture: UInt8[Tensor, "1 height width 3"]) -> tuple[Float[Tensor, "1 _ rows columns"], ...]:
        """Each head's values for the patches that touch the picture."""
        return self.values(picture)[0]

    def values(
        self, picture: UInt8[Tensor, "1 height width 3"]
    ) -> tuple[tuple[Float[Tensor, "1 _ rows columns"], ...], Float[Tensor, "1 channels"]]:
        """What `logits` gives, and the picture's features."""
        height, width = picture.shape[1], picture.shape[2]
        # Rounding up takes positive numbers only: unlike Python, ONNX divides towards zero.
        below = (height + self.multiple - 1) // self.multiple * self.multiple - height
        right = (width + self.multiple - 1) // self.multiple * self.multiple - width
        # Row by row, because ONNX Runtime is slow where only three values at a time share a factor.
        rows_of_values = picture.flatten(2).to(torch.float32)
        normal = (rows_of_values - self.get_buffer("mean").repeat(width)) / self.get_buffer("std").repeat(width)
        pixels = functional.pad(normal.view(1, height, width, 3).permute(0, 3, 1, 2), (0, right, 0, below))
        features = self.network.encoder(pixels.contiguous(memory_format=torch.channels_last))
        rows, columns = (height + self.patch - 1) // self.patch, (width + self.patch - 1) // self.patch
        logits = tuple(head[:, :, :rows, :columns].float() for head in self.network.answer(features))
        return logits, features[-1].float().mean(dim=(2, 3))

    def decode(
        self, logits: tuple[Float[Tensor, "n _ rows columns"], ...]
    ) -> tuple[Float[Tensor, "n rows columns"], Float[Tensor, "n rows columns"], Float[Tensor, "n rows columns"]]:
        """The three maps from each head's values."""
        if isinstance(self.output, CountOutput):
            counts = densities(logits[0], self.output).mean(dim=1)
            return counts, counts.clone(), torch.zeros_like(counts)
        if isinstance(self.output, ZeroInflatedOutput):
            present, rate = zero_inflated(logits[0])
            counts = present.sigmoid() * rate
            return counts, counts.clone(), counts * (1.0 + rate - counts)
        return self._decode_classes(logits)

    def _decode_classes(
        self, logits: tuple[Float[Tensor, "n _ rows columns"], ...]
    ) -> tuple[Float[Tensor, "n rows columns"], Float[Tensor, "n rows columns"], Float[Tensor, "n rows columns"]]:
        means, squares, likeliest = [], [], []
        for number, head in enumerate(logits):
            proxies = self.get_buffer(f"proxies{number}")
            by_patch = head.permute(0, 2, 3, 1)  # ONNX Runtime's softmax is many times faster along the last axis
            probabilities = (by_patch * self.get_buffer(f"sharpness{number}")).softmax(dim=-1)
            # Products and sums stay in fp32 under autocast, a matrix product would not.
            means.append((probabilities * proxies).sum(dim=-1))
            squares.append((probabilities * proxies.square()).sum(dim=-1))
            likeliest.append(proxies[by_patch.argmax(dim=-1)])
        mean = torch.stack(means).mean(dim=0)
        variance = (torch.stack(squares).mean(dim=0) - mean.square()).clamp_min(0.0)
        return mean, torch.stack(likeliest).mean(dim=0), variance
