"""Colours of people: skin, hair and clothes of the world, as a scene's public would wear them."""

import numpy as np
from jaxtyping import Float

SKINS = (
    (236, 196, 170),
    (224, 177, 148),
    (205, 156, 122),
    (178, 126, 92),
    (141, 92, 64),
    (98, 64, 46),
    (230, 188, 152),
)
HAIRS = (
    (24, 20, 18),
    (38, 28, 22),
    (60, 42, 28),
    (92, 62, 36),
    (150, 112, 64),
    (190, 158, 104),
    (150, 148, 146),
    (120, 52, 26),
)
HAIR_SHARES = (0.34, 0.22, 0.15, 0.1, 0.06, 0.04, 0.06, 0.03)
PLAIN = (
    (28, 28, 32),
    (48, 50, 58),
    (90, 92, 96),
    (150, 150, 150),
    (226, 226, 222),
    (36, 44, 74),
    (84, 66, 50),
    (190, 178, 152),
)
BRIGHT = (
    (178, 40, 42), (200, 104, 52), (220, 186, 74), (58, 108, 68), (48, 90, 150), (120, 164, 198),
    (104, 70, 112), (214, 140, 156), (60, 122, 122), (244, 240, 232), (140, 44, 68), (120, 136, 80),
    (196, 60, 54), (70, 110, 170), (232, 228, 220), (160, 190, 214),
)  # fmt: skip
TROUSERS = ((30, 32, 40), (44, 56, 88), (70, 84, 112), (60, 54, 48), (24, 24, 26), (150, 138, 112), (110, 110, 112))


def choose_colours(
    rng: np.random.Generator, *, people: int, brightness: float, team: float
) -> Float[np.ndarray, "people 6 3"]:
    """RGB in [0, 1] of the six materials of each person.

    `brightness` is the share of bright tops, `team` the share of people who wear the colour of the day (a club's, a
    march's).
    """
    result = np.empty((people, 6, 3), dtype=np.float32)
    result[:, 0] = np.array(SKINS)[rng.choice(len(SKINS), people, p=_lean(rng, len(SKINS)))]
    result[:, 1] = np.array(HAIRS)[rng.choice(len(HAIRS), people, p=HAIR_SHARES)]
    result[:, 2] = _clothes(rng, people, brightness)
    day = np.array(BRIGHT)[rng.integers(len(BRIGHT))]
    result[:, 2] = np.where((rng.random(people) < team)[:, None], day, result[:, 2])
    result[:, 3] = np.array(TROUSERS)[rng.integers(len(TROUSERS), size=people)]
    result[:, 4] = _clothes(rng, people, 0.45)
    result[:, 5] = (30, 28, 30)
    jitter = rng.normal(1.0, 0.1, (people, 6, 1)) * rng.normal(1.0, 0.03, (people, 6, 3))
    return (np.clip(result * jitter, 6, 250) / 255).astype(np.float32)


def _clothes(rng: np.random.Generator, people: int, brightness: float) -> Float[np.ndarray, "people 3"]:
    plain = np.array(PLAIN, dtype=np.float64)[rng.integers(len(PLAIN), size=people)]
    bright = np.array(BRIGHT, dtype=np.float64)[rng.integers(len(BRIGHT), size=people)]
    chosen: Float[np.ndarray, "people 3"] = np.where((rng.random(people) < brightness)[:, None], bright, plain)
    return chosen


def _lean(rng: np.random.Generator, kinds: int) -> Float[np.ndarray, " kinds"]:
    """Unequal shares: a public is mixed, but not the same everywhere."""
    shares = rng.dirichlet(np.full(kinds, 0.8))
    return 0.6 * shares + 0.4 / kinds
