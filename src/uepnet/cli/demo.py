"""`uepnet demo`: counts a drawn crowd whose true number is known."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option(help="folder for the picture and its heat map")] = Path("out/demo"),
) -> None:
    """Count a drawn crowd whose true number is known, and write the picture and its heat map."""
    from PIL import Image

    from uepnet.inference.counter import Counter
    from uepnet.inference.overlay import draw_overlay
    from uepnet.scenes.example import draw_example

    counter = Counter()
    scene = draw_example()
    out.mkdir(parents=True, exist_ok=True)
    picture, heat_map = out / "example.jpg", out / "example.overlay.jpg"
    Image.fromarray(scene.pixels).save(picture, quality=92)
    result = counter.count(picture)
    draw_overlay(counter.read(picture), result).save(heat_map, quality=92)

    true = len(scene.heads)
    program = "uepnet" if shutil.which("uepnet") else sys.argv[0]
    print(f"picture     {picture}")
    print(f"heat map    {heat_map}")
    print(f"true        {true} people")
    print(
        f"predicted   {result.count:.1f} people ({result.count - true:+.1f}), in {result.seconds:.2f} s by {result.model}"
    )
    if result.low is not None and result.high is not None and result.coverage is not None:
        print(f"range       {result.low:.0f} to {result.high:.0f} ({result.coverage:.0%} of pictures; docs/ranges.md)")
    print()
    print("The picture is a drawing, made so that the true number is known; how well the model counts real crowds is")
    print("in the README. To count a photograph of yours:")
    print()
    print(f"    {program} count photo.jpg --overlay --out {out.parent}")
