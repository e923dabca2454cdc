"""Validation while training: the averaged weights measured by the same `Counter` and `evaluate` as everywhere else."""

from collections.abc import Sequence

from uepnet.annotations.data_set import DataSet
from uepnet.description import Decode, ModelDescription, ValidationFigure
from uepnet.evaluation.evaluate import evaluate
from uepnet.evaluation.protocols import protocol_of
from uepnet.inference.counter import Counter
from uepnet.inference.torch_backend import TorchBackend
from uepnet.network.arithmetic import Precision
from uepnet.network.uepnet import UEPNet


class Validator:
    """Measures a network in training on data sets that it does not learn from."""

    def __init__(self, data_sets: Sequence[DataSet], *, precision: Precision) -> None:
        self.data_sets = data_sets
        self.precision = precision
        self.mean_heads = {
            data_set.name: sum(len(data_set.heads(entry)) for entry in data_set.entries) / len(data_set)
            for data_set in data_sets
        }

    def figures(self, network: UEPNet, description: ModelDescription) -> tuple[ValidationFigure, ...]:
        """MAE and RMSE on every data set with the model's decodes, under the data set's own protocol."""
        device = str(next(network.parameters()).device)
        counter = Counter(TorchBackend(network, description, device=device, precision=self.precision))
        result = []
        for data_set in self.data_sets:
            protocol = protocol_of(data_set)
            measured = evaluate(counter, data_set, protocol=protocol)
            for decode, figures in measured.by_decode.items():
                result.append(
                    ValidationFigure(
                        data_set=data_set.name,
                        split=data_set.split,
                        protocol=protocol.name,
                        decode=decode,
                        pictures=len(data_set),
                        mae=figures.mae,
                        rmse=figures.rmse,
                    )
                )
        return tuple(result)

    def score(self, figures: Sequence[ValidationFigure], *, decode: Decode) -> float:
        """What weights are chosen by: the sum over the data sets of the MAE per mean number of heads."""
        return sum(
            figure.mae / max(1.0, self.mean_heads[figure.data_set]) for figure in figures if figure.decode == decode
        )
