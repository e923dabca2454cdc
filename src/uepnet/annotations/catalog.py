"""The data sets by name."""

from collections.abc import Callable
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

LAYOUTS: dict[str, Callable[[Path, str], DataSet]] = {
    "shanghaitech-a": open_part_a,
    "shanghaitech-b": open_part_b,
    "ucf-cc-50": open_ucf_cc_50,
    "ucf-qnrf": open_ucf_qnrf,
    "worldexpo10": open_worldexpo10,
    "nwpu": open_nwpu,
    "jhu": open_jhu,
    "scut-head": open_scut_head,
    "beijing-brt": open_beijing_brt,
    "mall": open_mall,
    "drawn": open_drawn,
    "folder": open_folder,
}
"""What opens a split (`train`, `val`, `test`, `all`) of the data set in a folder, by name; docs/data.md says what each is."""


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
    return LAYOUTS[name](Path(root).expanduser(), split)
