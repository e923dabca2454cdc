"""Pack a training into parts that a transfer takes: the pictures as they are, their annotations, the start weights.

    python -m tools.gpu.pack general-gpu --data NAME:ROOT ... --out .gpu

`--out` receives a folder `00`, `01`, ... a part; git must ignore it.
"""

import argparse
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.gpu.job import BUNDLE, Job, digests_of
from tools.gpu.pieces import cut, list_of
from uepnet.network.starts.source import RANDOM
from uepnet.training.config import MODEL, TrainingConfig
from uepnet.training.config_file import find_config, read_config
from uepnet.training.data import TrainingSets, open_training_sets
from uepnet.whole_files import write_whole

MIB = 2**20


def pack(config: str, data: Sequence[str], *, changes: Sequence[str], out: Path, largest: int) -> list[Path]:
    """Write the parts, each with the list of all of them; gives their folders."""
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"{out} holds files already; delete them or take another --out")
    settings = read_config(find_config(config), changes=changes)
    sets = open_training_sets(data, settings)
    files = dict(_data_files(open_training_sets(data, _with_all_pictures(settings))))
    starts = _start_changes(settings, files)
    names = [data_set.name for data_set in sets.train]
    job = Job(config, (*changes, *starts), tuple(f"{name}:{name}" for name in names), digests_of(sets))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        job.write(folder)
        with tarfile.open(folder / BUNDLE, "w:gz", compresslevel=6, dereference=True) as bundle:
            bundle.add(folder / "job.json", "job.json")
            for inside, path in sorted(files.items()):
                bundle.add(path, inside)
        pieces = cut(folder / BUNDLE, folder, largest=largest)
        parts = []
        for number, piece in enumerate(pieces):
            parts.append(out / f"{number:02d}")
            parts[-1].mkdir(parents=True)
            write_whole(parts[-1] / piece.name, piece.read_bytes())
            write_whole(list_of(parts[-1], BUNDLE), list_of(folder, BUNDLE).read_bytes())
    return parts


def _with_all_pictures(settings: TrainingConfig) -> TrainingConfig:
    """A picture left out of training goes along: it may decide which others validate (every tenth by name)."""
    return settings.model_copy(update={"sampling": settings.sampling.model_copy(update={"leave_out": {}})})


def _data_files(sets: TrainingSets) -> Iterator[tuple[str, Path]]:
    """The files of every entry, each under its data set's name as it lies under its root."""
    for data_set in (*sets.train, *sets.validation):
        for entry in data_set.entries:
            for path in (entry.picture, entry.annotation):
                if path is not None:
                    yield f"{data_set.name}/{path.relative_to(data_set.root).as_posix()}", path


def _start_changes(settings: TrainingConfig, files: dict[str, Path]) -> tuple[str, ...]:
    """Take the start's file along, if there is one, and say where it will be."""
    if settings.start in (RANDOM, MODEL) or "://" in settings.start:
        return ()
    path = Path(settings.start)
    files[f"start/{path.name}"] = path
    return (f'start="BUNDLE/start/{path.name}"',)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config")
    parser.add_argument("--data", action="append", required=True, help="NAME:ROOT; repeatable")
    parser.add_argument("--set", action="append", default=[], dest="changes", help="a.b=c; repeatable")
    parser.add_argument("--out", type=Path, default=Path(".gpu"))
    parser.add_argument("--largest", type=int, default=36 * MIB, help="bytes of a part (default: 36 MiB)")
    given = parser.parse_args()
    for part in pack(given.config, given.data, changes=given.changes, out=given.out, largest=given.largest):
        print(f"{part}: {sum(path.stat().st_size for path in part.iterdir()) / MIB:.1f} MiB")


if __name__ == "__main__":
    main()
