"""The public names of `uepnet` as type checkers and editors see them."""

from uepnet.annotations.catalog import open_data_set as open_data_set
from uepnet.annotations.data_set import DataSet as DataSet
from uepnet.counting.local_counts import local_counts as local_counts
from uepnet.counting.partition import Partition as Partition
from uepnet.counting.partition import fit_partitions as fit_partitions
from uepnet.counting.sigma import sigma_of as sigma_of
from uepnet.errors import AnnotationError as AnnotationError
from uepnet.errors import CheckpointError as CheckpointError
from uepnet.errors import ConfigError as ConfigError
from uepnet.errors import DataSetError as DataSetError
from uepnet.errors import ExportError as ExportError
from uepnet.errors import FilmError as FilmError
from uepnet.errors import MissingExtraError as MissingExtraError
from uepnet.errors import ModelFileError as ModelFileError
from uepnet.errors import OutputError as OutputError
from uepnet.errors import PartitionError as PartitionError
from uepnet.errors import PictureError as PictureError
from uepnet.errors import PictureFormatError as PictureFormatError
from uepnet.errors import PictureTooLargeError as PictureTooLargeError
from uepnet.errors import TrainingError as TrainingError
from uepnet.errors import UepnetError as UepnetError
from uepnet.errors import ZoneError as ZoneError
from uepnet.evaluation.evaluate import Evaluation as Evaluation
from uepnet.evaluation.evaluate import evaluate as evaluate
from uepnet.inference.counter import Counter as Counter
from uepnet.inference.overlay import draw_overlay as draw_overlay
from uepnet.inference.result import CountResult as CountResult
from uepnet.inference.zones.count_zones import count_zones as count_zones
from uepnet.inference.zones.zone_file import read_zones as read_zones
from uepnet.pictures import read_picture as read_picture
from uepnet.points import HeadPoints as HeadPoints
from uepnet.scenes.render import draw_scene as draw_scene

__all__: list[str]
__version__: str
