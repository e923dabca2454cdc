"""`uepnet submission`: counts of pictures whose heads are hidden, as a benchmark's server takes them."""

from pathlib import Path
from typing import Annotated

import typer

from uepnet.cli.options import Device, ModelName
from uepnet.inference.models import DEFAULT_MODEL


def submission(
    data: Annotated[str, typer.Option(help="NAME:ROOT, such as nwpu:/data/NWPU-Crowd")],
    out: Annotated[Path, typer.Option(help="text file with a line `id count` for every picture")],
    split: Annotated[str, typer.Option(help="the part to count")] = "test",
    model: ModelName = DEFAULT_MODEL,
    device: Device = "auto",
) -> None:
    """Count pictures whose heads are not published (NWPU-Crowd's test part) and write the file to submit."""
    from uepnet.annotations.catalog import open_data_set
    from uepnet.annotations.data_set import MAX_MEGAPIXELS
    from uepnet.cli.picture_progress import picture_progress
    from uepnet.evaluation.submission import write_submission
    from uepnet.inference.counter import Counter
    from uepnet.whole_files import make_place

    data_set = open_data_set(data, split=split)
    counter = Counter(model, device=device, max_megapixels=MAX_MEGAPIXELS)
    make_place(out)
    with picture_progress(f"{data_set.name} {split}", pictures=len(data_set)) as on_picture:
        write_submission(counter, data_set, out, on_picture=on_picture)
    typer.echo(out)
