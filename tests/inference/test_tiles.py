"""A picture in tiles gives the maps of the whole picture."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.material import unchecked
from uepnet.errors import ModelFileError
from uepnet.inference.backends import Backend, PatchMaps
from uepnet.inference.counter import Counter
from uepnet.inference.models import DEFAULT_MODEL, find_model
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.inference.receptive_field import reach
from uepnet.inference.tiles import TiledBackend, spans
from uepnet.inference.torch_backend import TorchBackend, open_torch_backend
from uepnet.network_shape import NetworkShape
from uepnet.scenes.example import draw_example

RNG = np.random.default_rng(3)


class Remembering:
    """A backend that notes the sizes of the pictures that it is shown."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.description = backend.description
        self.sizes: list[tuple[int, int]] = []
        self.features: list[np.ndarray] = []

    def run(self, picture: np.ndarray) -> PatchMaps:
        self.sizes.append((picture.shape[1], picture.shape[0]))
        maps = self.backend.run(picture)
        if maps.features is not None:
            self.features.append(maps.features)
        return maps


@pytest.fixture(scope="module")
def tiny(torch_file: Path) -> TorchBackend:
    """A random network of ResNet-18's form to stride 8, whose reach is 49 pixels."""
    return open_torch_backend(torch_file, device="cpu")


def noise(width: int, height: int) -> np.ndarray:
    """Blocks of noise, so that neighbouring patches differ."""
    small = RNG.integers(0, 256, (-(-height // 4), -(-width // 4), 3), dtype=np.uint8)
    return small.repeat(4, axis=0).repeat(4, axis=1)[:height, :width]


def expect_equal(found: PatchMaps, whole: PatchMaps, *, within: float = 1e-4) -> None:
    for name in ("mean", "argmax", "variance"):
        np.testing.assert_allclose(getattr(found, name), getattr(whole, name), rtol=0, atol=within, err_msg=name)


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (224, 224),
        (225, 224),
        (224, 225),
        (226, 231),
        (500, 300),
        (301, 499),
        (1000, 7),
        (7, 1000),
        (1, 900),
        (333, 777),
    ],
)
def test_tiles_give_the_maps_of_the_whole_picture(tiny: TorchBackend, width: int, height: int) -> None:
    picture = noise(width, height)
    shown = Remembering(tiny)
    tiled = TiledBackend(shown, tile=224, largest_whole=224 * 224 if max(width, height) < 500 else 1)
    expect_equal(tiled.run(picture), tiny.run(picture))
    assert max(max(size) for size in shown.sizes) <= 224
    assert (len(shown.sizes) > 1) == ((width, height) != (224, 224))
    assert tiny.run(picture).mean.std() > 1e-3  # a map of one value would prove nothing


def test_features_are_the_tiles_mean_by_area(tiny: TorchBackend) -> None:
    shown = Remembering(tiny)
    found = TiledBackend(shown, tile=224, largest_whole=1).run(noise(400, 300)).features
    assert found is not None
    areas = [width * height for width, height in shown.sizes]
    assert len(set(areas)) > 1
    np.testing.assert_allclose(found, np.average(shown.features, axis=0, weights=areas), rtol=1e-4)


def test_a_smaller_halo_would_be_seen(tiny: TorchBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = noise(400, 300)
    whole = tiny.run(picture)
    monkeypatch.setattr("uepnet.inference.tiles.reach", lambda shape: (8, 8))
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        expect_equal(TiledBackend(tiny, tile=96, largest_whole=1).run(picture), whole)


def test_the_bundled_model_in_tiles() -> None:
    """The two sides are no multiples of 32; the tiles are the smallest that this network's reach allows."""
    model = OnnxBackend(find_model(DEFAULT_MODEL))
    with unchecked():
        picture = draw_example().pixels
    shown = Remembering(model)
    cut = np.concatenate((picture[:403, :701], picture[365:, 323:]), axis=1)
    expect_equal(TiledBackend(shown, tile=1152, largest_whole=1).run(cut), model.run(cut))
    assert len(shown.sizes) == 2


def test_what_is_done_is_told(tiny: TorchBackend) -> None:
    told: list[tuple[int, int]] = []
    TiledBackend(tiny, tile=224, largest_whole=1).run(noise(400, 300), on_tile=lambda *done: told.append(done))
    assert told == [(number, 6) for number in range(1, 7)]


def test_files_are_counted_in_tiles_and_backends_as_they_are(torch_file: Path, tiny: TorchBackend) -> None:
    assert isinstance(Counter(torch_file).backend, TiledBackend)
    assert Counter(tiny).backend is tiny
    assert Counter(torch_file).description == tiny.description


def test_a_network_whose_reach_is_unknown_counts_what_needs_no_tiles(white_pixels: Backend) -> None:
    stranger = Remembering(white_pixels)
    shape = NetworkShape(encoder="stranger")
    stranger.description = white_pixels.description.model_copy(update={"network": shape})
    tiled = TiledBackend(stranger, largest_whole=64 * 64)
    tiled.run(noise(64, 64))
    with pytest.raises(ModelFileError, match="'stranger'"):
        tiled.run(noise(65, 64))


def test_padding_counts_as_pixels(white_pixels: Backend) -> None:
    """One row of pixels costs the network 32."""
    shown = Remembering(white_pixels)
    TiledBackend(shown, tile=960, largest_whole=32 * 2000).run(noise(2016, 1))
    assert len(shown.sizes) > 1


@pytest.mark.parametrize("wrong", [{"tile": 0}, {"largest_whole": 0}])
def test_a_tile_of_nothing_is_refused(tiny: TorchBackend, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="give 1 or more"):
        TiledBackend(tiny, **wrong)


@given(length=st.integers(1, 5000), core=st.integers(1, 20), halo=st.integers(0, 9), step=st.sampled_from([8, 16, 32]))
def test_spans_cover_every_pixel_once_with_the_halo_around(length: int, core: int, halo: int, step: int) -> None:
    halo, tile = halo * step, (core + 2 * halo) * step
    found = spans(length, tile=tile, halo=halo, step=step)
    assert (found[0].begin, found[0].keep_begin) == (0, 0)
    assert found[-1].end == found[-1].keep_end == length
    padded = {-(-(span.end - span.begin) // step) * step for span in found}
    assert len(padded) == 1
    assert max(padded) <= tile
    for span, following in pairwise(found):
        assert span.keep_end == following.keep_begin
        assert span.end - span.keep_end >= halo
        assert following.keep_begin - following.begin >= halo
        assert span.keep_end % step == following.begin % step == span.end % step == 0
    assert all(span.keep_end > span.keep_begin for span in found)


@pytest.mark.parametrize("wrong", [{"tile": 60}, {"halo": 12}, {"halo": 32}])
def test_spans_that_cannot_be_cut_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be multiples of 8"):
        spans(100, **({"tile": 64, "halo": 16, "step": 8} | wrong))


def test_the_halo_of_the_tiny_network(tiny: TorchBackend) -> None:
    assert max(reach(tiny.description.network)) == 49
