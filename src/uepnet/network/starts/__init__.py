"""The weights that a training starts from: ImageNet's, a recovered encoder's, or those of a model of ours."""

from uepnet.network.starts.encoder import start_encoder
from uepnet.network.starts.model import start_model

__all__ = ["start_encoder", "start_model"]
