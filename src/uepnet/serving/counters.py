"""The models that a server counts with, opened once, before the first request."""

from collections.abc import Iterator
from dataclasses import dataclass

from uepnet.inference.backends import Backend
from uepnet.inference.counter import Counter
from uepnet.inference.models import DEFAULT_MODEL, bundled_models
from uepnet.printable import printable
from uepnet.serving.options import ModelOptions
from uepnet.serving.refusals import RefusedError, ServeError
from uepnet.serving.settings import Settings


@dataclass(frozen=True)
class Counters:
    """Opened models by name, the default first, and the largest picture that they count."""

    backends: dict[str, Backend]
    max_megapixels: float

    @property
    def default(self) -> str:
        """The name of the model that counts when none is asked for."""
        return next(iter(self.backends))

    def __iter__(self) -> Iterator[str]:
        return iter(self.backends)

    def counter(self, options: ModelOptions, *, max_megapixels: float | None = None) -> Counter:
        """A counter of the model and for the options asked for; `RefusedError` where the model cannot do that."""
        name = self.default if options.model is None else options.model
        if name not in self.backends:
            raise RefusedError(f"there is no model {printable(name)!r}; there are {', '.join(self.backends)}")
        megapixels = self.max_megapixels if max_megapixels is None else max_megapixels
        if megapixels > self.max_megapixels:
            raise RefusedError(
                f"max_megapixels: {megapixels:g} is above this server's limit of {self.max_megapixels:g}"
            )
        try:
            return Counter(
                self.backends[name], decode=options.decode, coverage=options.coverage, max_megapixels=megapixels
            )
        except ValueError as error:
            raise RefusedError(str(error)) from error


def open_counters(settings: Settings) -> Counters:
    """The models of the settings, each by the name in its file; raises as `Counter` does."""
    bundled = sorted(bundled_models(), key=lambda name: name != DEFAULT_MODEL)
    backends: dict[str, Backend] = {}
    for model in settings.models or bundled:
        counter = Counter(model, device=settings.device)
        name = counter.description.name
        if name in backends:
            raise ServeError(f"two of the models are called {printable(name)}; serve one of them")
        backends[name] = counter.backend
    if not backends:
        raise ServeError("this installation has no bundled model; name a model file with --model")
    return Counters(backends, settings.max_megapixels)
