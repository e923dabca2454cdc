from collections.abc import Sequence
from typing import Literal
import numpy as np, torch
from uepnet.annotations.data_set import DataSet
from uepnet.description import Decode, ModelDescription, ValidationFigure
from uepnet.network.uepnet import UEPNet
from uepnet.network.counting_graph import CountingGraph

def validate(network, description, data_sets, *, precision):
    graph=CountingGraph(network,description).eval().to(memory_format=torch.channels_last)
    figures=[]
    for d in data_sets:
        truth=[];mean=[];arg=[]
        for e in d.entries:
            truth.append(len(d.heads(e)))
            with torch.inference_mode(), torch.autocast("cpu",torch.bfloat16):
                m,a,v=graph(torch.from_numpy(d.pixels(e).copy())[None])
            mean.append(float(m.sum())); arg.append(float(a.sum()))
        t=np.array(truth)
        for name,c in (("mean",mean),("argmax",arg)):
            err=np.array(c)-t
            figures.append(ValidationFigure(data_set=d.name,split=d.split,protocol="exact",decode=name,pictures=len(t),mae=float(abs(err).mean()),rmse=float((err**2).mean()**.5)))
    return tuple(figures)

def score(figures,*,decode,data_sets):
    means={d.name: np.mean([len(d.heads(e)) for e in d.entries]) for d in data_sets}
    return float(sum(f.mae/means[f.data_set] for f in figures if f.decode==decode))
