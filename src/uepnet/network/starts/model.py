"""Start from a trained model of ours."""

from uepnet.network.uepnet import UEPNet


def start_model(network: UEPNet, trained: UEPNet) -> None:
    """Copy a trained model's encoder and decoder, and each head whose number of classes is the same."""
    network.encoder.load_state_dict(trained.encoder.state_dict())
    network.decoder.load_state_dict(trained.decoder.state_dict())
    for new, old in zip(network.heads, trained.heads, strict=False):
        if all(a.shape == b.shape for a, b in zip(new.state_dict().values(), old.state_dict().values(), strict=True)):
            new.load_state_dict(old.state_dict())
