"""The program `uepnet`: its commands, and what becomes of an error."""

import errno
import io
import logging
import os
import sys
import warnings
from types import TracebackType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import uepnet
from uepnet.cli.annotate import annotate
from uepnet.cli.average import average
from uepnet.cli.bench import bench
from uepnet.cli.calibrate import calibrate
from uepnet.cli.compare import compare
from uepnet.cli.count import count
from uepnet.cli.data import data
from uepnet.cli.demo import demo
from uepnet.cli.draw import draw
from uepnet.cli.evaluate import evaluate
from uepnet.cli.export import export
from uepnet.cli.familiar import familiar
from uepnet.cli.leaderboard import leaderboard
from uepnet.cli.matrix import matrix
from uepnet.cli.models import models
from uepnet.cli.partition import partition
from uepnet.cli.ranges import ranges
from uepnet.cli.report import report
from uepnet.cli.reproduce import reproduce
from uepnet.cli.serve import serve
from uepnet.cli.submission import submission
from uepnet.cli.temperatures import temperatures
from uepnet.cli.train import train
from uepnet.cli.watch import watch
from uepnet.errors import UepnetError
from uepnet.printable import printable

EXTRA_OF = {
    "av": "video",
    "fastapi": "serve",
    "fpdf": "report",
    "h11": "serve",
    "matplotlib": "train",
    "onnx": "train",
    "onnxscript": "train",
    "paho": "video",
    "pillow_heif": "heic",
    "prometheus_client": "serve",
    "pyarrow": "parquet",
    "python_multipart": "serve",
    "safetensors": "train",
    "starlette": "serve",
    "torch": "train",
    "uvicorn": "serve",
}
"""The extra that an optional package comes with, by the name that it is imported by."""


WAY_OUT = {
    errno.EACCES: "ask its owner for the right, or name another file or place",
    errno.EDQUOT: "make room, or name another place",
    errno.ENOSPC: "make room on that disk, or name another place",
    errno.EROFS: "name a place that can be written to",
}
"""What to do about an error of the system, where the error itself does not say it."""


class Program(TyperGroup):
    """The group of all commands: what went wrong in the world becomes one line on stderr and exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; an error that is a bug of ours keeps its traceback."""
        try:
            return super().invoke(ctx)
        except UepnetError as error:
            _say(error)
            raise typer.Exit(1) from error
        except ModuleNotFoundError as error:
            extra = EXTRA_OF.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            _say(f"this needs {error.name}, a part of uepnet[{extra}]: pip install 'uepnet[{extra}]'")
            raise typer.Exit(1) from error
        except ValueError as error:
            if not _raised_by_us(error.__traceback__):
                raise
            _say(error)
            raise typer.Exit(2) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            _say(_of_the_system(error))
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            _say("interrupted")
            raise typer.Exit(130) from error


app = typer.Typer(
    name="uepnet",
    cls=Program,
    help="Counts the people in pictures. `uepnet COMMAND --help` explains a command.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> bool:
    """What typer calls with the option's value, and whose return takes the value's place."""
    if wanted:
        print(f"uepnet {uepnet.__version__}")
        raise typer.Exit
    return wanted


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Counts the people in pictures. `uepnet COMMAND --help` explains a command."""


for command in (
    count,
    watch,
    report,
    calibrate,
    demo,
    evaluate,
    compare,
    matrix,
    submission,
    partition,
    train,
    average,
    temperatures,
    export,
    ranges,
    familiar,
    reproduce,
    leaderboard,
    models,
    draw,
    serve,
    annotate,
):
    app.command()(command)
app.add_typer(bench)
app.add_typer(data)


def main() -> None:
    """Runs the program; a reader of our output that goes away (`uepnet ... | head`) ends it quietly."""
    warnings.filterwarnings("ignore", module="PIL")  # what Pillow says of a broken picture, our error says in one line
    logging.getLogger("PIL").addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name that the terminal cannot show must not lose the count
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _of_the_system(error: OSError) -> str:
    """Which file, what the system said of it, and what to do."""
    said = error.strerror or str(error)
    if error.filename is not None:
        said = f"{error.filename}: {said}"
    way_out = WAY_OUT.get(error.errno or 0)
    return said if way_out is None else f"{said}; {way_out}"


def _say(message: object) -> None:
    typer.echo(printable(f"uepnet: error: {message}"), err=True)


def _raised_by_us(traceback: TracebackType | None) -> bool:
    """Whether the package itself found the caller's mistake, rather than a library stumbling over a bug of ours."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_globals.get("__name__", "").startswith("uepnet.")
