"""What a training tells while it runs; the command line draws bars from it."""

from uepnet.description import ValidationFigure


class Progress:
    """Hears nothing of it; a subclass does something with what it is told."""

    def on_bytes(self, done: int, total: int | None) -> None:
        """`done` of `total` bytes of the encoder's weights are downloaded; None where the server does not say."""

    def on_picture(self, done: int, total: int) -> None:
        """`done` of `total` training pictures are read."""

    def on_step(self, step: int, loss: float) -> None:
        """Step number `step` is done; `loss` in nats."""

    def on_validation(self, step: int, figures: tuple[ValidationFigure, ...]) -> None:
        """The averaged weights have been measured after `step`."""
