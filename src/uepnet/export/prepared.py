"""The network as it is exported: batch normalisation folded, weights rounded to what the file stores."""

import copy

from torch import nn

from uepnet.errors import ExportError
from uepnet.export.half_weights import SMALLEST_HALVED
from uepnet.network.uepnet import UEPNet


def prepare(network: UEPNet, *, half: bool) -> UEPNet:
    """A copy on the CPU whose batch normalisation is folded and, if `half`, whose large weights are exact in fp16.

    Raises `ExportError` for weights beyond fp16.
    """
    prepared = copy.deepcopy(network).cpu().float().eval()
    for module in list(prepared.modules()):
        if isinstance(module, nn.Sequential):
            _fold_batch_norm(module)
    if half:
        for name, weight in prepared.named_parameters():
            if weight.numel() >= SMALLEST_HALVED:
                rounded = weight.data.half().float()
                if not bool(rounded.isfinite().all()):
                    raise ExportError(
                        f"{name}: its largest weight {weight.abs().max():.3g} is beyond fp16; export it in fp32"
                    )
                weight.data = rounded
    return prepared


def _fold_batch_norm(layers: nn.Sequential) -> None:
    """Fold each batch normalisation that follows a convolution into it, before weights are rounded."""
    for (before, convolution), (name, norm) in zip(
        list(layers.named_children())[:-1], list(layers.named_children())[1:], strict=True
    ):
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            setattr(layers, before, nn.utils.fusion.fuse_conv_bn_eval(convolution, norm))
            setattr(layers, name, nn.Identity())
