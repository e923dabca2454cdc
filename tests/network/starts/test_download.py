"""Downloads are checked before they are used, kept, and leave nothing behind when they fail; a server on this machine."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from safetensors.torch import save_file

from uepnet.errors import ModelFileError
from uepnet.network.starts import download, start_encoder
from uepnet.network.starts.download import fetch
from uepnet.network.starts.source import Download
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape

CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Server:
    """What is served, and what has been asked for."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def source(self, name: str, sha256: str = SHA256) -> Download:
        return Download(f"http://127.0.0.1:{self.port}/models/{name}", sha256)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """`whole.pth` and `short.pth` (its connection breaks), `away.pth` and `local.pth` lead elsewhere."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")  # where nobody answers: this machine is asked directly
    serving = Server(files={"/models/whole.pth": CONTENT})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serving.asked.append(self.path)
            elsewhere = {"/models/away.pth": "http://host.example/whole.pth", "/models/local.pth": "file:///etc/hosts"}
            if self.path in elsewhere:
                self.send_response(302)
                self.send_header("Location", elsewhere[self.path])
                self.end_headers()
            elif self.path == "/models/short.pth":
                self.send_response(200)
                self.send_header("Content-Length", str(len(CONTENT)))
                self.end_headers()
                self.wfile.write(CONTENT[:1000])
            elif self.path in serving.files:
                content = serving.files[self.path]
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            else:
                self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Keep the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        serving.port = http.server_address[1]
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield serving
        http.shutdown()
        thread.join()


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_fetched_once_and_its_progress_is_told(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = fetch(server.source("whole.pth"), folder=tmp_path, on_bytes=lambda done, total: told.append((done, total)))
    assert path.name == "whole.pth"
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert fetch(server.source("whole.pth"), folder=tmp_path) == path
    assert server.asked == ["/models/whole.pth"]
    assert left_behind(tmp_path) == ["whole.pth"]


def test_a_damaged_copy_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    path = fetch(server.source("whole.pth"), folder=tmp_path)
    path.write_bytes(CONTENT[:-1] + b"?")
    assert fetch(server.source("whole.pth"), folder=tmp_path).read_bytes() == CONTENT
    assert len(server.asked) == 2


@pytest.mark.parametrize("name", ["whole.pth", "short.pth"])
def test_other_content_is_not_used(server: Server, tmp_path: Path, name: str) -> None:
    server.files["/models/whole.pth"] = CONTENT + b"!"
    with pytest.raises(ModelFileError, match=f"the SHA-256 [0-9a-f]{{64}}, not {SHA256}; none of them is used"):
        fetch(server.source(name), folder=tmp_path)
    assert left_behind(tmp_path) == []


def test_a_file_that_is_not_there(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"missing\.pth: the download .* failed .*404.*given by its path"):
        fetch(server.source("missing.pth"), folder=tmp_path)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["away.pth", "local.pth"])
def test_a_server_cannot_lead_away_from_encryption(server: Server, tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ModelFileError, match=r"which is not https; nothing is read|Redirection to url 'file:///etc/hosts' is not"
    ):
        fetch(server.source(name), folder=tmp_path)
    assert left_behind(tmp_path) == []


def test_a_server_that_is_gone(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"the download .* failed .*refused"):
        fetch(Download("http://127.0.0.1:9/whole.pth", SHA256), folder=tmp_path)


def test_an_endless_file_is_given_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LARGEST", 1000)
    with pytest.raises(ModelFileError, match="more than 1,000 bytes"):
        fetch(server.source("whole.pth"), folder=tmp_path)
    assert left_behind(tmp_path) == []


def test_an_interrupted_download_leaves_nothing(server: Server, tmp_path: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(server.source("whole.pth"), folder=tmp_path, on_bytes=interrupt)
    assert left_behind(tmp_path) == []


def test_a_folder_that_cannot_be_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelFileError, match=r"the download into .* failed"):
        fetch(server.source("whole.pth"), folder=tmp_path / "file")


def test_an_encoder_starts_from_an_address(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shape = NetworkShape(encoder="resnet18", deepest=8, decoder_channels=4, merge_channels=4, head_channels=4)
    published, network = UEPNet(shape, classes=(4,)), UEPNet(shape, classes=(4,))
    save_file(published.encoder.state_dict(), tmp_path / "folded.safetensors")
    content = (tmp_path / "folded.safetensors").read_bytes()
    server.files["/models/resnet18.safetensors"] = content
    source = server.source("resnet18.safetensors", hashlib.sha256(content).hexdigest())
    monkeypatch.setenv("UEPNET_CACHE", str(tmp_path / "cache"))
    said = start_encoder(network, f"{source.url}#sha256={source.sha256.upper()}")
    assert said == "resnet18, all its stages"
    for name, weight in network.encoder.state_dict().items():
        assert (weight == published.encoder.state_dict()[name]).all(), name
