"""Start from a trained model of ours."""

from uepnet.network.uepnet import UEPNet


def start_model(network: UEPNet, trained: UEPNet) -> None:
    """Copy a trained model's encoder, decoder and presence, and each head whose number of classes is the same.

    A presence that the trained model has not stays as it is.
    """
    network.encoder.load_state_dict(trained.encoder.state_dict())
    network.decoder.load_state_dict(trained.decoder.state_dict())
    if network.presence is not None and trained.presence is not None:
        network.presence.load_state_dict(trained.presence.state_dict())
    for new, old in zip(network.heads, trained.heads, strict=False):
        if all(a.shape == b.shape for a, b in zip(new.state_dict().values(), old.state_dict().values(), strict=True)):
            new.load_state_dict(old.state_dict())
