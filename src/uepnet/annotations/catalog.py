"""The data sets by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from uepnet.annotations.beijing_brt import open_beijing_brt
from uepnet.annotations.data_set import SPLITS, DataSet
from uepnet.annotations.folder import open_drawn, open_folder
from uepnet.annotations.jhu import open_jhu
from uepnet.annotations.mall import open_mall
from uepnet.annotations.nwpu import open_nwpu
from uepnet.annotations.scut_head import open_scut_head
from uepnet.annotations.shanghaitech import open_part_a, open_part_b
from uepnet.annotations.ucf_cc_50 import open_ucf_cc_50
from uepnet.annotations.ucf_qnrf import open_ucf_qnrf
from uepnet.annotations.worldexpo10 import open_worldexpo10
from uepnet.errors import DataSetError


@dataclass(frozen=True)
class Layout:
    """How the files of one data set are laid out: a function that opens a split of it, and a line about it."""

    open: Callable[[Path, str], DataSet]
    about: str


LAYOUTS: dict[str, Layout] = {
    "shanghaitech-a": Layout(open_part_a, "ShanghaiTech A: dense crowds from the web"),
    "shanghaitech-b": Layout(open_part_b, "ShanghaiTech B: streets of Shanghai"),
    "ucf-cc-50": Layout(open_ucf_cc_50, "UCF_CC_50: fifty very dense grey pictures, in five folds"),
    "ucf-qnrf": Layout(open_ucf_qnrf, "UCF-QNRF: very large pictures from the web"),
    "worldexpo10": Layout(open_worldexpo10, "WorldExpo'10: surveillance cameras, with regions of interest"),
    "nwpu": Layout(open_nwpu, "NWPU-Crowd: empty to extremely crowded pictures from the web"),
    "jhu": Layout(open_jhu, "JHU-Crowd++: crowds in all weathers"),
    "scut-head": Layout(open_scut_head, "SCUT-HEAD: classrooms and scenes from the web, sparse"),
    "beijing-brt": Layout(open_beijing_brt, "Beijing-BRT: bus stations from above"),
    "mall": Layout(open_mall, "Mall: one camera in a shopping centre"),
    "drawn": Layout(open_drawn, "scenes drawn by `uepnet draw`"),
    "folder": Layout(open_folder, "your own pictures with a file of their heads"),
}


def open_data_set(text: str, *, split: str = "train") -> DataSet:
    """The data set that "NAME:ROOT" names, such as "shanghaitech-a:/data/ShanghaiTech".

    ROOT is the folder of the data set's layout or its parent. Nothing but the names of the files is read (and the one
    file of points of a `folder`). Raises `DataSetError` for an unknown name and for a folder not laid out as its name
    promises; `ValueError` for a split that is none of `SPLITS`.
    """
    if split not in SPLITS:
        raise ValueError(f"there is no split '{split}'; the splits are {', '.join(SPLITS)}")
    name, colon, root = text.partition(":")
    if name not in LAYOUTS:
        raise DataSetError(f"there is no data set named '{name}'; the known ones are {', '.join(LAYOUTS)}")
    if not colon or not root:
        raise DataSetError(f"'{text}' names no folder; write {name}:ROOT, with the folder that holds the data set")
    return LAYOUTS[name].open(Path(root).expanduser(), split)
