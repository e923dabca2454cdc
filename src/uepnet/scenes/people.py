"""Whole people as sprites: a body in a pose, dressed, with a head on it. A standing adult reaches from -0.5 to 6.4 heads."""

from dataclasses import dataclass

import numpy as np

from uepnet.scenes.heads import draw_hair_behind, draw_head
from uepnet.scenes.paper import ACCENT, BOTTOM, DARK, SKIN, TOP, Paper, Sprite


@dataclass(frozen=True)
class Pose:
    """How somebody stands and is seen. `facing` is "front", "side" or "back"; `hair` "short", "long", "tied" or "none"."""

    facing: str
    headwear: str
    hair: str
    arms: str
    foreshortening: float


@dataclass(frozen=True)
class Daylight:
    """How a scene lights its people: from `x` (left negative) and hard or soft, darker by `gloom` a head downwards."""

    x: float
    hardness: float
    gloom: float


def draw_person(rng: np.random.Generator, pose: Pose, light: Daylight, *, scale: float) -> Sprite:
    """One person in the given pose at `scale` pixels per head."""
    below = 6.9 * pose.foreshortening + 0.6
    paper = Paper(scale=scale, below=below, light_x=light.x, hardness=light.hardness)
    if pose.facing == "front":
        draw_hair_behind(paper, rng, pose.hair)
    _legs(paper, rng, pose.foreshortening)
    _torso(paper, rng, pose)
    if pose.facing == "front":
        _arms(paper, rng, pose)
    draw_head(paper, rng, facing=pose.facing, hair=pose.hair, headwear=pose.headwear, above=1 - pose.foreshortening)
    if pose.facing != "front":
        _arms(paper, rng, pose)
    return paper.finish(rng, gloom=light.gloom, foreshortening=pose.foreshortening)


def _legs(paper: Paper, rng: np.random.Generator, f: float) -> None:
    """Legs, shoes, sometimes a skirt or shorts; `f` is the foreshortening."""
    stride, hip = rng.uniform(0.1, 0.45), 0.34
    kind = rng.choice(["trousers", "skirt", "shorts"], p=[0.78, 0.12, 0.1])
    for side in (-1, 1):
        foot = (side * (hip * 0.8 + stride * rng.uniform(0, 0.7)), 6.25 * f)
        knee = (side * hip * 1.05 + 0.4 * (foot[0] - side * hip), 4.75 * f)
        paper.paint(paper.ball(foot[0] + 0.05 * side, foot[1], 0.25, 0.15), DARK)
        paper.paint(paper.limb(knee, (foot[0], foot[1] - 0.1), 0.27, 0.18), BOTTOM if kind == "trousers" else SKIN)
        paper.paint(paper.limb((side * hip, 3.3 * f), knee, 0.4, 0.28), SKIN if kind == "skirt" else BOTTOM)
    if kind == "skirt":
        paper.paint(paper.cloth((3.0 * f, 0.58), (rng.uniform(4.2, 5.4) * f, 0.9)), BOTTOM)


def _torso(paper: Paper, rng: np.random.Generator, pose: Pose) -> None:
    f, wide = pose.foreshortening, rng.uniform(0.82, 1.1) * (0.72 if pose.facing == "side" else 1.0)
    hem, belly = (3.3 + rng.choice([0.0, 0.3, 1.2], p=[0.6, 0.3, 0.1])) * f, rng.uniform(0.56, 0.74) * wide
    waist = 2.4 * f
    paper.paint(paper.cloth((waist - 0.1, belly), (hem, belly * rng.uniform(1.0, 1.12))), TOP)
    paper.paint(paper.cloth((0.95 * f, 0.76 * wide), (waist, belly)), TOP)
    slope = rng.uniform(0.0, 0.12)
    for side in (-1, 1):
        paper.paint(paper.limb((0, 0.86 * f), (side * 0.58 * wide, (0.98 + slope) * f), 0.24, 0.3), TOP)
    paper.paint(paper.limb((0, 0.2), (0, 0.74 * f), 0.19, 0.23), SKIN)
    _pattern(paper, rng, pose)
    paper.darken(paper.ball(0.1 * rng.uniform(-1, 1), 0.55, 0.5, 0.42), 0.4)  # the chin's shadow sets the head off


def _pattern(paper: Paper, rng: np.random.Generator, pose: Pose) -> None:
    f, kind = pose.foreshortening, rng.random()
    body = paper.cloth((0.9 * f, 0.74), (3.25 * f, 0.64))
    if kind < 0.1:
        stripes = (np.sin(body.y * np.float32(rng.uniform(8, 20))) > 0).astype(np.float32)
        paper.paint(body.only(stripes * np.float32(0.8)), ACCENT)
    elif kind < 0.16:
        squares = (np.sin(body.x * np.float32(11)) * np.sin(body.y * np.float32(11 / max(f, 0.4))) > 0).astype(
            np.float32
        )
        paper.paint(body.only(squares * np.float32(0.5)), ACCENT)
    elif pose.facing == "front" and kind < 0.36:
        paper.paint(paper.cloth((0.85 * f, 0.12), (3.2 * f, rng.uniform(0.12, 0.3))), ACCENT)
    elif pose.facing == "front" and kind < 0.45:
        paper.paint(paper.limb((0, 0.85 * f), (0, 3.2 * f), 0.025, 0.03), DARK)
    elif pose.facing == "back" and kind < 0.4:
        paper.paint(paper.limb((0, 1.3 * f), (0, 2.4 * f), 0.5, 0.54), ACCENT)
        paper.paint(paper.limb((-0.3, 2.2 * f), (0.3, 2.2 * f), 0.05, 0.05), DARK)
    elif kind < 0.52:
        side = rng.choice([-1, 1])
        paper.paint(paper.limb((-0.5 * side, 0.85 * f), (0.6 * side, 3.0 * f), 0.05, 0.05), DARK)
        paper.paint(paper.ball(0.7 * side, 3.2 * f, 0.32, 0.4 * f), ACCENT)


def _arms(paper: Paper, rng: np.random.Generator, pose: Pose) -> None:
    f, bare = pose.foreshortening, rng.random() < 0.35
    raised = {"down": (), "one up": (rng.choice([-1, 1]),), "both up": (-1, 1)}[pose.arms]
    out = 0.45 if pose.facing == "side" else 0.76
    for side in (-1, 1):
        shoulder = (side * out, 1.1 * f)
        if side in raised:
            elbow = (side * rng.uniform(0.85, 1.2), rng.uniform(-0.3, 0.3))
            hand = (side * rng.uniform(0.65, 1.3), rng.uniform(-1.9, -0.9))
        else:
            elbow = (side * rng.uniform(out + 0.1, out + 0.28), 2.2 * f)
            hand = (side * rng.uniform(0.25, out + 0.2), rng.uniform(2.5, 3.6) * f)
        paper.darken(paper.limb((shoulder[0] * 0.92, shoulder[1] + 0.2), elbow, 0.3, 0.24), 0.25)
        paper.paint(paper.limb(elbow, hand, 0.17, 0.11), SKIN if bare else TOP)
        paper.paint(paper.limb(shoulder, elbow, 0.25, 0.18), TOP)
        paper.paint(paper.ball(hand[0], hand[1], 0.13, 0.16), SKIN)
        if side in raised and rng.random() < 0.3:
            paper.paint(paper.limb((hand[0], hand[1] - 0.32), (hand[0], hand[1]), 0.11, 0.11), DARK)
