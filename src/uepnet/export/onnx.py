"""A model as one ONNX file: pixels in, count maps out, for pictures of any size."""

from pathlib import Path

from uepnet.description import ModelDescription
from uepnet.export.half_weights import halve_weights
from uepnet.export.parity import Parity, check_parity
from uepnet.export.prepared import prepare
from uepnet.export.tracing import trace
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet
from uepnet.whole_files import whole_file


def export_onnx(path: Path, network: UEPNet, description: ModelDescription, *, half: bool = True) -> Parity:
    """Write the counting graph, compare it with torch on several pictures, and leave it at `path` only if it agrees.

    `half` stores the large weights in fp16, which are cast back when the file is opened: half the size, and the sums
    are still in fp32. The network itself is not changed. Raises `ExportError` if weights do not fit into fp16 or if
    ONNX Runtime's answer differs from torch's.
    """
    graph = CountingGraph(prepare(network, half=half), description).eval()
    model = trace(graph, description)
    if half:
        halve_weights(model)
    with whole_file(path) as file:
        file.write(model.SerializeToString())
        file.flush()
        return check_parity(graph, OnnxBackend(Path(file.name), device="cpu"), name=str(path))
