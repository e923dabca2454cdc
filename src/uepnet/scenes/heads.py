"""Heads: hair, faces and what is worn on them, painted around the origin of the paper."""

import numpy as np

from uepnet.scenes.paper import ACCENT, DARK, HAIR, SKIN, TOP, Paper, Stroke


def draw_hair_behind(paper: Paper, rng: np.random.Generator, hair: str) -> None:
    """Long hair that falls behind the shoulders of somebody seen from the front."""
    if hair == "long":
        paper.paint(paper.limb((0, -0.02), (0, rng.uniform(0.5, 1.2)), 0.47, 0.52).bright(0.75), HAIR, head=True)


def draw_head(paper: Paper, rng: np.random.Generator, *, facing: str, hair: str, headwear: str, above: float) -> None:
    """A head seen from `facing`, the more of its top the larger `above` is (0 from its own height, 1 from the zenith)."""
    if headwear in ("hood", "scarf") and facing == "side":
        hair = "none"  # cloth hides hair and ear
    broad = rng.uniform(0.36, 0.41)
    paper.paint(paper.ball(0, -0.04, broad, 0.44), SKIN, head=True)
    paper.paint(paper.ball(0, 0.12, broad * 0.86, 0.38), SKIN, head=True)
    if facing == "front":
        _face(paper, rng, down=above * 0.35)
        _front_hair(paper, rng, hair=hair, above=above)
    elif facing == "side":
        _profile(paper, rng, hair=hair, above=above)
    else:
        _back_hair(paper, rng, hair=hair)
    _headwear(paper, facing=facing, headwear=headwear, above=above)


def _face(paper: Paper, rng: np.random.Generator, *, down: float) -> None:
    y = 0.0 + down
    for side in (-1, 1):
        paper.paint(paper.ball(side * 0.38, y + 0.04, 0.06, 0.1).bright(0.85), SKIN, head=True)
        paper.darken(paper.ball(side * 0.16, y, 0.11, 0.08), 0.28)
        paper.paint(paper.ball(side * 0.16, y + 0.01, 0.055, 0.03), DARK, head=True)
        paper.paint(
            _faint(paper.limb((side * 0.08, y - 0.09), (side * 0.24, y - 0.1), 0.022, 0.018), 0.7), HAIR, head=True
        )
    paper.darken(paper.ball(0.03, y + 0.15, 0.06, 0.06), 0.22)
    paper.darken(paper.limb((-0.09, y + 0.27), (0.09, y + 0.27), 0.025, 0.025), 0.42)
    paper.darken(paper.limb((-0.14, y + 0.43), (0.14, y + 0.43), 0.07, 0.07), 0.2)
    if rng.random() < 0.2:
        beard = paper.ball(0, 0.2 + down * 0.5, 0.34, 0.3)
        low = np.clip(
            (beard.y - np.float32(0.2 + down) - 0.5 * (0.3 - np.abs(beard.x))) * np.float32(paper.scale * 0.4) + 0.5,
            0,
            1,
        )
        paper.paint(_faint(beard.only(low), 0.85), HAIR, head=True)
    glasses = rng.random()
    if glasses < 0.2:
        for side in (-1, 1):
            lens = paper.ball(side * 0.16, y + 0.01, 0.12, 0.08)
            paper.paint(_faint(lens, 0.95 if glasses < 0.1 else 0.35), DARK, head=True)
        paper.paint(paper.limb((-0.34, y - 0.02), (0.34, y - 0.02), 0.016, 0.016), DARK, head=True)


def _front_hair(paper: Paper, rng: np.random.Generator, *, hair: str, above: float) -> None:
    if hair == "none":
        return
    crown = paper.ball(0, -0.08 + above * 0.1, 0.42, 0.46)
    line = -0.2 + 0.5 * above + rng.uniform(-0.06, 0.05)
    parting = crown.x * np.float32(rng.uniform(-0.3, 0.3))
    arch = np.float32(rng.uniform(0.2, 1.2)) * crown.x**2
    fringe = np.clip((np.float32(line) - crown.y + parting + arch) * np.float32(paper.scale * 0.5) + 0.5, 0, 1)
    paper.paint(crown.only(fringe), HAIR, head=True)
    if hair == "long":
        length = rng.uniform(0.3, 0.8)
        for side in (-1, 1):
            paper.paint(
                paper.limb((side * 0.38, -0.15), (side * 0.42, length), 0.1, 0.11).bright(0.95), HAIR, head=True
            )


def _profile(paper: Paper, rng: np.random.Generator, *, hair: str, above: float) -> None:
    paper.paint(paper.ball(0.36, 0.07, 0.07, 0.09), SKIN, head=True)
    paper.darken(paper.ball(0.24, -0.02, 0.1, 0.07), 0.25)
    paper.paint(paper.ball(0.25, -0.01, 0.05, 0.03), DARK, head=True)
    paper.darken(paper.limb((0.2, 0.26), (0.32, 0.26), 0.025, 0.02), 0.4)
    if hair == "none":
        return
    paper.paint(paper.ball(-0.1, -0.1 + above * 0.1, 0.37, 0.43), HAIR, head=True)
    paper.paint(paper.ball(-0.02, 0.06, 0.06, 0.09).bright(0.9), SKIN, head=True)
    if hair == "long":
        paper.paint(paper.limb((-0.2, 0.0), (-0.25, rng.uniform(0.5, 1.0)), 0.26, 0.22).bright(0.9), HAIR, head=True)
    elif hair == "tied":
        paper.paint(paper.limb((-0.4, -0.15), (-0.58, 0.4), 0.13, 0.07), HAIR, head=True)


def _back_hair(paper: Paper, rng: np.random.Generator, *, hair: str) -> None:
    if hair == "none":
        return
    for side in (-1, 1):
        paper.paint(paper.ball(side * 0.38, 0.05, 0.06, 0.1).bright(0.8), SKIN, head=True)
    paper.paint(paper.ball(0, -0.06, 0.42, 0.46), HAIR, head=True)
    if hair == "long":
        paper.paint(paper.limb((0, 0.0), (0, rng.uniform(0.5, 1.4)), 0.42, 0.44).bright(0.92), HAIR, head=True)
    elif hair == "tied":
        paper.paint(paper.ball(0, -0.12, 0.14, 0.12).bright(1.1), HAIR, head=True)
        paper.paint(
            paper.limb((0, -0.1), (rng.uniform(-0.1, 0.1), rng.uniform(0.5, 1.0)), 0.15, 0.08).bright(1.1),
            HAIR,
            head=True,
        )
    else:
        paper.paint(paper.limb((0, 0.0), (0, 0.22), 0.36, 0.28).bright(0.92), HAIR, head=True)


def _headwear(paper: Paper, *, facing: str, headwear: str, above: float) -> None:
    if headwear in ("cap", "beanie", "helmet"):
        crown = paper.ball(0, -0.13, 0.46 if headwear == "helmet" else 0.43, 0.46)
        edge = {"cap": -0.14, "beanie": -0.1, "helmet": 0.0}[headwear] + 0.3 * above
        upper = np.clip((np.float32(edge) - crown.y) * np.float32(paper.scale * 0.6) + 0.5, 0, 1)
        paper.paint(crown.only(upper), ACCENT, head=True)
        if headwear == "cap" and facing != "back":
            x = 0.3 if facing == "side" else 0.0
            paper.paint(paper.ball(x, edge + 0.02, 0.4, 0.09).bright(0.75), ACCENT, head=True)
        if headwear == "beanie":
            paper.darken(paper.limb((-0.4, edge - 0.1), (0.4, edge - 0.1), 0.02, 0.02), 0.3)
    elif headwear == "brim":
        paper.paint(paper.ball(0, -0.14, 0.74, 0.15 + 0.4 * above).bright(0.85), ACCENT, head=True)
        paper.darken(paper.ball(0, -0.18, 0.45, 0.14), 0.35)
        paper.paint(paper.ball(0, -0.3, 0.41, 0.34), ACCENT, head=True)
    elif headwear in ("hood", "scarf"):
        cloth = paper.limb((0, -0.09), (0, 0.48), 0.48, 0.52)
        material = TOP if headwear == "hood" else ACCENT
        if facing == "back":
            paper.paint(cloth, material, head=True)
            return
        x = 0.16 if facing == "side" else 0.0
        hole = ((cloth.x - np.float32(x)) / 0.3) ** 2 + ((cloth.y - np.float32(0.06 + 0.2 * above)) / 0.37) ** 2
        around = np.clip((np.sqrt(hole) - 1) * np.float32(0.3 * paper.scale) + 0.5, 0, 1).astype(np.float32)
        paper.paint(cloth.only(around), material, head=True)


def _faint(stroke: Stroke, share: float) -> Stroke:
    return stroke.only(np.full_like(stroke.mask, share))
