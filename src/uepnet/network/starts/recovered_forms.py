"""The names in the recovered encoders' files: batch normalisation is folded, every convolution has a bias."""

from uepnet.network.starts.convolutions import convolutions
from uepnet.network.starts.form import Form, Layer


def vgg19_blocks_form(encoder: str) -> Form:
    """`convB_P` of VGG-19's blocks 1 to 3.

    The VGG-16 encoders take blocks 1 and 2 of them, which are channel-aligned with VGG-16's own and nearly equal; from
    block 3 on VGG-19 is another network.
    """
    blocks = (0, 1, 2) if encoder == "vgg19" else (0, 1)
    layers = []
    for name in convolutions(encoder):
        _, block, last = name.split(".")
        if int(block) in blocks:
            layers.append(Layer(name, f"conv{int(block) + 1}_{last.removeprefix('conv')}"))
    return Form(
        title="VGG-19's blocks 1 to 3",
        taken="its blocks 1 to 3" if encoder == "vgg19" else "its blocks 1 and 2",
        layers=tuple(layers),
        biased=True,
        ignored=() if encoder == "vgg19" else ("conv3_",),
    )


def resnet18_form(encoder: str) -> Form:
    """ResNet-18 without its last stage, under torchvision's names."""
    layers = [Layer(name, name) for name in convolutions(encoder) if not name.startswith("layer4.")]
    return Form("a folded ResNet-18's stages 1 to 3", "all its stages", tuple(layers), biased=True)


def resnet50_caffe_form(encoder: str) -> Form:
    """ResNet-50 of the Caffe variant, under torchvision's names."""
    return Form("Caffe's ResNet-50, folded", "all its stages", _same_names(encoder), biased=True)


def mobilenet_form(encoder: str) -> Form:
    """MobileNetV2 of TensorFlow; `head` is a convolution for the classifier."""
    return Form("TensorFlow's MobileNetV2, folded", "all its blocks", _same_names(encoder), True, ("head.",))


def shufflenet_form(encoder: str) -> Form:
    """ShuffleNetV2 of a detector whose pictures are BGR."""
    return Form("a detector's ShuffleNetV2, folded", "all its stages", _same_names(encoder), biased=True, bgr="stem")


def _same_names(encoder: str) -> tuple[Layer, ...]:
    return tuple(Layer(name, name) for name in convolutions(encoder))
