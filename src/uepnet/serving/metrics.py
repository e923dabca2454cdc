"""What an operator watches, in the text format of Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The figures of one server; nothing in them tells of a picture or of who sent it."""

    def __init__(self, *, counting: Callable[[], int], waiting: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "uepnet_requests", "Requests by path and status.", ("path", "status"), registry=self._registry
        )
        self._refused = Counter("uepnet_refused", "Refused requests by reason.", ("kind",), registry=self._registry)
        self._seconds = Histogram(
            "uepnet_request_seconds",
            "Seconds from the head of a request to its answer.",
            ("path",),
            registry=self._registry,
            buckets=SECONDS,
        )
        self._pictures = Counter("uepnet_pictures", "Counted pictures by model.", ("model",), registry=self._registry)
        self._megapixels = Counter("uepnet_megapixels", "Megapixels of counted pictures.", registry=self._registry)
        for name, what, read in (
            ("uepnet_counting", "Pictures that are being counted.", counting),
            ("uepnet_waiting", "Pictures that wait to be counted.", waiting),
        ):
            Gauge(name, what, registry=self._registry).set_function(read)

    def answered(self, path: str, status: int, seconds: float) -> None:
        """One request more; `path` is one of the server's own, never what a client made up."""
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def refused(self, kind: str) -> None:
        """One refusal more."""
        self._refused.labels(kind).inc()

    def counted(self, *, model: str, megapixels: float) -> None:
        """One picture more."""
        self._pictures.labels(model).inc()
        self._megapixels.inc(megapixels)

    def text(self) -> bytes:
        """All figures."""
        return generate_latest(self._registry)
