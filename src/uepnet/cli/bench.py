"""`uepnet bench`: how fast is it, and how does it behave?"""

import typer

from uepnet.cli.bench_nobody import nobody
from uepnet.cli.bench_robustness import robustness
from uepnet.cli.bench_speed import speed

bench = typer.Typer(name="bench", help="Measure speed and behaviour.", no_args_is_help=True)


@bench.callback()
def group() -> None:
    """Measure speed and behaviour."""


bench.command()(robustness)
bench.command()(nobody)
bench.command()(speed)
