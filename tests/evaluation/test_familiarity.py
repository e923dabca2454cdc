"""What is familiar is fitted to the pictures given, and its limit to pictures that the fit has not seen."""

import numpy as np
import pytest

from tests.evaluation.conftest import WriteDataSet
from tests.toys import toy_description
from uepnet.description import Familiar
from uepnet.errors import ModelFileError
from uepnet.evaluation.familiarity import LEAST, fit_familiar, read_features, some_of, told_without
from uepnet.inference.backends import PatchMaps
from uepnet.inference.familiarity import strangeness


def cloud(pictures: int, *, seed: int = 0, channels: int = 48) -> np.ndarray:
    """Features that go together along three directions and a little along all others."""
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(7).normal(0, 0.3, (3, channels))
    values: np.ndarray = np.exp(rng.normal(0, 0.5, (pictures, 3)) @ mixing + rng.normal(0, 0.05, (pictures, channels)))
    return values


def test_few_of_its_kind_are_strange_and_all_others_are() -> None:
    fit = fit_familiar(cloud(300))
    assert (fit.unseen > 1.0).mean() == pytest.approx(0.01, abs=0.004)
    new = [strangeness(one, fit.familiar) for one in cloud(500, seed=1)]
    assert np.mean(np.array(new) > 1.0) < 0.03
    others = np.random.default_rng(2).uniform(0, 2, (50, 48))
    assert min(strangeness(one, fit.familiar) for one in others) > 1.5


def test_with_as_many_axes_as_it_takes_it_is_the_shrunk_covariance_s() -> None:
    features = cloud(200, channels=12)
    fit = fit_familiar(features)
    units = np.sqrt(features)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    covariance = np.cov(units.T)
    shrunk = 0.9 * covariance + 0.1 * np.trace(covariance) / 12 * np.eye(12)
    apart = units - units.mean(axis=0)
    expected = np.sqrt(np.einsum("pc,cd,pd->p", apart, np.linalg.inv(shrunk), apart) / 12) / fit.familiar.limit
    found = [strangeness(one, fit.familiar) for one in features]
    np.testing.assert_allclose(found, expected, rtol=2e-3)


def test_the_same_pictures_give_the_same_and_travel_as_text() -> None:
    fit = fit_familiar(cloud(60), seed=3)
    assert fit_familiar(cloud(60), seed=3).familiar == fit.familiar
    assert Familiar.model_validate_json(fit.familiar.model_dump_json()) == fit.familiar


def test_what_nothing_can_be_fitted_to() -> None:
    with pytest.raises(ValueError, match=f"{LEAST - 1} pictures do not show what is ordinary; give {LEAST} or more"):
        fit_familiar(cloud(LEAST - 1))
    assert fit_familiar(np.ones((30, 5))).familiar.limit > 0, "pictures that are all the same"


def test_a_data_set_unlike_the_others_is_told_as_a_new_one() -> None:
    alike, unlike = cloud(60, seed=1), np.random.default_rng(2).uniform(0, 2, (30, 48))
    assert told_without((cloud(100), alike, unlike), 2) == 1.0
    assert told_without((cloud(100), alike), 1) == pytest.approx(0.0, abs=0.1)
    assert told_without((alike, cloud(LEAST - 1)), 0) is None


class Fixed:
    """A model that gives the same features of every picture, or none, as a file of an earlier date."""

    description = toy_description("earlier")

    def __init__(self, features: np.ndarray | None) -> None:
        self.features = features

    def run(self, picture: np.ndarray) -> PatchMaps:
        nothing = np.zeros((-(-picture.shape[0] // 8), -(-picture.shape[1] // 8)), dtype=np.float32)
        return PatchMaps(nothing, nothing, nothing, self.features)


def test_pictures_are_drawn_by_the_seed_and_need_a_model_that_gives_features(write_data_set: WriteDataSet) -> None:
    data_set = write_data_set({"a": (20, 20, [(1, 1)]), "b": (20, 20, []), "c": (20, 20, [])})
    assert some_of(data_set, most=3, seed=0) is data_set
    drawn = {tuple(entry.name for entry in some_of(data_set, most=2, seed=seed).entries) for seed in range(20)}
    assert drawn == {("a.png", "b.png"), ("a.png", "c.png"), ("b.png", "c.png")}
    with pytest.raises(ModelFileError, match="earlier: the file gives no features of pictures; export it again"):
        read_features(Fixed(None), data_set)
    with pytest.raises(ModelFileError, match=r"earlier: the features of a\.png are no finite numbers"):
        read_features(Fixed(np.array([1.0, np.nan], dtype=np.float32)), data_set)


def test_the_limit_is_of_pictures_that_the_fit_has_not_seen() -> None:
    """Five folds written out; with few pictures for many channels those that were seen would be much nearer."""
    features = cloud(40)
    units = np.sqrt(features)
    units /= np.linalg.norm(units, axis=1, keepdims=True)

    def distances(learnt: np.ndarray, shown: np.ndarray) -> np.ndarray:
        covariance = np.cov(units[learnt].T)
        shrunk = 0.9 * covariance + 0.1 * np.trace(covariance) / 48 * np.eye(48)
        values, axes = np.linalg.eigh(shrunk)
        values[: 48 - 32] = values[: 48 - 32].mean()
        apart = (units[shown] - units[learnt].mean(axis=0)) @ axes
        found: np.ndarray = np.sqrt((apart**2 / values).mean(axis=1))
        return found

    expected = np.empty(40)
    for left_out in np.array_split(np.random.default_rng(5).permutation(40), 5):
        expected[left_out] = distances(np.setdiff1d(np.arange(40), left_out), left_out)
    fit = fit_familiar(features, seed=5)
    assert fit.familiar.limit == pytest.approx(np.quantile(expected, 0.99), rel=0.01)
    np.testing.assert_allclose(fit.unseen * fit.familiar.limit, expected, rtol=0.02)
    everything = np.arange(40)
    assert fit.familiar.limit > 1.2 * np.quantile(distances(everything, everything), 0.99)
