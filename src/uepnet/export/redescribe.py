"""Another description for a model file whose weights stay as they are."""

from pathlib import Path

from uepnet.description import METADATA_KEY, ModelDescription
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.whole_files import write_whole


def redescribe(path: Path, out: Path, description: ModelDescription) -> None:
    """Write the model of the file `path` with the description given to `out`, which may be the same file.

    Both end in .onnx or both in .safetensors. What is part of an ONNX graph (output, partitions, normalisation, temperatures)
    cannot be changed by its description, so a difference there is a `ValueError`; `ModelFileError` for a file that is no
    model of ours.
    """
    if path.suffix != out.suffix:
        raise ValueError(f"{path} is a {path.suffix} file, so it cannot be written to {out}; take the same ending")
    if path.suffix != ".onnx":
        from uepnet.network.model_file import redescribe_model

        redescribe_model(path, out, description)
        return
    _refuse_other_graph(OnnxBackend(path, device="cpu").description, description)
    import onnx

    model = onnx.load(path)
    kept = {item.key: item.value for item in model.metadata_props}
    onnx.helper.set_model_props(model, {**kept, METADATA_KEY: description.to_json()})
    write_whole(out, model.SerializeToString())


def _refuse_other_graph(inside: ModelDescription, wanted: ModelDescription) -> None:
    for name in ("network", "output", "partitions", "mean", "std", "head_temperatures"):
        if getattr(inside, name) != getattr(wanted, name):
            raise ValueError(
                f"the graph was made with {name} {getattr(inside, name)}, a description alone cannot make it "
                f"{getattr(wanted, name)}; change the .safetensors file and export it again"
            )
