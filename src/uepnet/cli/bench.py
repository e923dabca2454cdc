"""`uepnet bench`: how fast is it, and how does it behave?"""

import typer

bench = typer.Typer(name="bench", help="Measure speed and behaviour.", no_args_is_help=True)


@bench.callback()
def group() -> None:
    """Measure speed and behaviour."""
