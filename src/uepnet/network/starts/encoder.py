"""Start an encoder from a file of weights, here or on the web."""

from collections.abc import Callable, Mapping
from pathlib import Path

from torch import Tensor

from uepnet.errors import ModelFileError
from uepnet.network.starts import recovered_forms, torchvision_forms
from uepnet.network.starts.download import fetch
from uepnet.network.starts.form import Form, problems, take
from uepnet.network.starts.source import RANDOM, Download, OnBytes, cache_folder, parse_source
from uepnet.network.starts.weight_file import read_weights
from uepnet.network.uepnet import UEPNet

FORMS: dict[str, tuple[Callable[[str], Form], ...]] = {
    "vgg16": (torchvision_forms.vgg_form, recovered_forms.vgg19_blocks_form),
    "vgg16-bn": (torchvision_forms.vgg_form, recovered_forms.vgg19_blocks_form),
    "vgg19": (torchvision_forms.vgg_form, recovered_forms.vgg19_blocks_form),
    "resnet18": (torchvision_forms.resnet_form, recovered_forms.resnet18_form),
    "resnet34": (torchvision_forms.resnet_form,),
    "resnet50": (torchvision_forms.resnet_form,),
    "resnet50-caffe": (recovered_forms.resnet50_caffe_form,),
    "mobilenet-v2": (recovered_forms.mobilenet_form,),
    "mobilenet-v2-torchvision": (torchvision_forms.mobilenet_form,),
    "shufflenet-v2": (recovered_forms.shufflenet_form,),
    "shufflenet-v2-torchvision": (torchvision_forms.shufflenet_form,),
}
"""By encoder: the forms in which its weights may come. A variant takes only weights that were made for it."""


def start_encoder(network: UEPNet, source: str | Path, *, on_bytes: OnBytes | None = None) -> str:
    """Give the network's encoder the weights that `source` names, and say what it was started from.

    `source` is `random` (nothing is changed), the path of a state dict, or an https address with the SHA-256 of the file
    (see `parse_source`), which is downloaded once into `cache_folder()`. Names are mapped by the one form of the
    encoder's `FORMS` that they belong to; every layer of that form which the encoder has is taken, and what the form does
    not hold stays random. Raises `ConfigError` for an address that cannot be used and `ModelFileError` for
    a file that cannot be read or that does not fit by names, shapes and numbers; then nothing is changed.
    """
    if source == RANDOM:
        return "random weights"
    origin = parse_source(source) if isinstance(source, str) else source
    path = fetch(origin, folder=cache_folder(), on_bytes=on_bytes) if isinstance(origin, Download) else origin
    weights = read_weights(path)
    form = _form_of(weights, encoder=network.shape.encoder, file=path)
    wanted = network.encoder.state_dict()
    found = problems(form, weights, encoder=wanted)
    if found:
        raise ModelFileError(
            f"{path}: these are not the weights of {form.title}: {'; '.join(found)}{_other_encoders(weights)}"
        )
    taken = take(form, weights, encoder=wanted)
    network.encoder.load_state_dict(wanted | taken)
    whole = all(name in taken for name, tensor in wanted.items() if tensor.ndim == 4)
    return f"{path.stem}, {form.taken}" + ("" if whole else ", the rest of the encoder random")


def _form_of(weights: Mapping[str, Tensor], *, encoder: str, file: Path) -> Form:
    """The encoder's form that knows most of the names."""
    forms = [make(encoder) for make in FORMS.get(encoder, ())]
    if not forms:
        raise ModelFileError(f"{file}: {encoder} has no known weights to start from; take `random`")
    form = max(forms, key=lambda form: len(form.wanted & weights.keys()))
    if form.wanted.isdisjoint(weights):
        first = ", ".join(list(weights)[:3]) or "there are none"
        known = ", ".join(f"{form.title} ({sorted(form.wanted)[0]}, ...)" for form in forms)
        raise ModelFileError(
            f"{file}: none of its {len(weights)} names ({first}) is one of {encoder}'s; it starts from {known}"
            f"{_other_encoders(weights)}"
        )
    return form


def _other_encoders(weights: Mapping[str, Tensor]) -> str:
    """A hint at the encoders whose names these are."""
    fitting = [
        encoder
        for encoder, makers in FORMS.items()
        if any(form.wanted <= weights.keys() and not form.unknown(weights) for form in (m(encoder) for m in makers))
    ]
    return f". Its names are those of the encoder {' or '.join(fitting)}" if fitting else ""
