"""`uepnet partition`: divides the local counts of a data set into classes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from uepnet.counting.comparison import MethodCosts
    from uepnet.counting.partition import Partition

PLOT_FORMATS = (".png", ".svg", ".pdf")


def partition(
    *,
    data: Annotated[str, typer.Option(help="NAME:ROOT, such as shanghaitech-a:/data/ShanghaiTech")],
    split: Annotated[
        str, typer.Option(help="the part that the classes are fitted to: train, val, test or all")
    ] = "train",
    method: Annotated[
        str | None,
        typer.Option(
            help="uep (the default), uep-paper, uniform-len, uniform-num, two-linear, one-linear, log, integer"
        ),
    ] = None,
    intervals: Annotated[
        int | None, typer.Option(min=2, help="classes of the first head, background included; 25 if not given")
    ] = None,
    patch: Annotated[int, typer.Option(min=1, help="side of a patch in pixels")] = 8,
    heads: Annotated[
        Literal["single", "pph", "iph"] | None,
        typer.Option(help="one head, two parallel ones, or two interleaved ones (the default)"),
    ] = None,
    proxies: Annotated[
        Literal["mean", "midpoint"] | None,
        typer.Option(help="what stands for a class: the mean of its samples (the default), or its middle"),
    ] = None,
    t0: Annotated[
        float | None, typer.Option(help="border between background and crowd, in heads; 1.6e-4 if not given")
    ] = None,
    streaming: Annotated[
        bool, typer.Option("--streaming", help="for counts that do not fit in memory: each is kept to 1 part in 10,000")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="every method side by side, and the error that its classes leave")
    ] = False,
    measure: Annotated[
        str | None, typer.Option(help="with --compare: the part on which that error is measured, if it is another")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
    plot: Annotated[Path | None, typer.Option(help="picture of the classes to write: .png, .svg or .pdf")] = None,
) -> None:
    """Divide the local counts of a data set into classes, such that each stands for about the same counting error."""
    _check_plot(plot)
    if compare:
        given = {"--method": method, "--heads": heads, "--proxies": proxies, "--streaming": streaming or None}
        extra = [name for name, value in given.items() if value is not None]
        if extra:
            raise typer.BadParameter(f"--compare shows the first head of every method; leave {', '.join(extra)} out")
        _compare(data, (split, measure or split), patch=patch, choice=(intervals, t0), as_json=as_json, plot=plot)
    elif measure is not None:
        raise typer.BadParameter("--measure says where --compare measures; give both or neither")
    else:
        choice: dict[str, Any] = {"method": method or "uep", "intervals": intervals, "t0": t0}
        choice |= {"heads": heads or "iph", "proxies": proxies or "mean"}
        _fit(data, split, patch=patch, choice=choice, streaming=streaming, as_json=as_json, plot=plot)


def _fit(
    data: str, split: str, *, patch: int, choice: dict[str, Any], streaming: bool, as_json: bool, plot: Path | None
) -> None:
    """One method's heads."""
    from uepnet.annotations.catalog import open_data_set
    from uepnet.cli.partition_counts import gather_counts, picture_counts
    from uepnet.counting.cost import class_costs
    from uepnet.counting.partition import fit_partitions, method_named

    rule = method_named(choice["method"])
    data_set = open_data_set(data, split=split)
    pictures = picture_counts(data_set, patch=patch, of_points=rule.of_points)
    gathered = gather_counts(pictures, floor=rule.floor(choice["t0"]), streaming=streaming)
    partitions = fit_partitions(gathered.ordered, **choice)
    title = (
        f"{choice['method']} on {data_set.name} {split}: {gathered.patches:,} patches of {patch} x {patch}, "
        f"the fullest with {gathered.largest:.4g} heads"
    )
    costs = [class_costs(gathered.ordered, head.borders) for head in partitions]
    if plot is not None:
        from uepnet.cli.partition_plot import Column, draw_partitions

        draw_partitions([Column("", tuple(zip(partitions, costs, strict=True)))], plot, title=title)
    if as_json:
        second = _head(partitions[1]) if len(partitions) > 1 else None
        line = {"method": choice["method"], **_head(partitions[0]), "second": second}
        print(json.dumps({**line, "patches": gathered.patches, "max": gathered.largest}))
    else:
        from uepnet.cli.partition_tables import print_partitions

        print_partitions(partitions, costs, title=title)


def _compare(
    data: str,
    splits: tuple[str, str],
    *,
    patch: int,
    choice: tuple[int | None, float | None],
    as_json: bool,
    plot: Path | None,
) -> None:
    """Every method's first head; exit status 1 if one of them cannot be fitted."""
    from uepnet.annotations.catalog import open_data_set
    from uepnet.cli.partition_counts import measure_methods

    fitted = open_data_set(data, split=splits[0])
    measured = fitted if splits[0] == splits[1] else open_data_set(data, split=splits[1])
    intervals, t0 = choice
    methods, failed = measure_methods(fitted, measured, patch=patch, intervals=intervals, t0=t0)
    if plot is not None and methods:
        from uepnet.cli.partition_plot import Column, draw_partitions

        columns = [Column(method.method, ((method.mean, method.costs),)) for method in methods]
        draw_partitions(columns, plot, title=f"{fitted.name} {fitted.split}, patches of {patch} x {patch}")
    if as_json:
        for line in (*map(_compared, methods), *(_failed(name, error) for name, error in failed.items())):
            print(json.dumps(line))
    else:
        from uepnet.cli.partition_tables import print_comparison

        print_comparison(methods, measured=f"{measured.name} {measured.split}")
        for name, error in failed.items():
            typer.echo(f"uepnet: error: {name}: {error}", err=True)
    if failed:
        raise typer.Exit(1)


def _head(partition: "Partition") -> dict[str, list[float]]:
    return {"borders": list(partition.borders), "proxies": list(partition.proxies)}


def _compared(method: "MethodCosts") -> dict[str, Any]:
    return {
        "method": method.method,
        **_head(method.mean),
        "midpoints": list(method.midpoint.proxies),
        "samples": method.costs.samples.tolist(),
        "n_times_l": method.costs.errors.tolist(),
        "mean_error": method.mean_error,
        "midpoint_error": method.midpoint_error,
        "patches": int(method.costs.samples.sum()),
        "max": method.largest,
    }


def _failed(name: str, error: Exception) -> dict[str, Any]:
    return {"method": name, "error": {"kind": getattr(error, "kind", "value"), "message": str(error)}}


def _check_plot(plot: Path | None) -> None:
    """Before any picture is read: whether the plot can be drawn and there is a folder for it."""
    if plot is None:
        return
    if plot.suffix not in PLOT_FORMATS:
        raise typer.BadParameter(f"{plot} is none of {', '.join(PLOT_FORMATS)}", param_hint="--plot")
    if not plot.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {plot.parent}", param_hint="--plot")
    from uepnet.errors import MissingExtraError

    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "--plot needs matplotlib, a part of uepnet[train]: pip install 'uepnet[train]'"
        ) from error
