"""What making rows tells while it runs; the command line draws bars from it."""

from uepnet.training.progress import Progress


class RowProgress(Progress):
    """Hears nothing of it; a subclass does something with what it is told. Steps are those of the row that began last."""

    def on_features(self, done: int, total: int) -> None:
        """The trunk's features of `done` of `total` batches of crops are kept."""

    def on_row(self, name: str, steps: int) -> None:
        """A row begins to learn, for so many steps at most."""
