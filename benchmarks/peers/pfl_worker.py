"""Federated averaging in pfl-research, on one process or on two that add their sums up over the loopback interface."""

import os
import socket
import subprocess
import sys
import time

import simulation_work
import torch

work = simulation_work.Work(simulation_work.Work.options())
out = simulation_work.answers()
simulation_work.prepare(work.threads)


def start_others():
    """The ranks above 0, which read the same lines from pipes that are returned."""
    if work.processes == 1:
        return []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ.update(
        RANK="0", LOCAL_RANK="0", WORLD_SIZE=str(work.processes), LOCAL_WORLD_SIZE=str(work.processes),
        MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), GLOO_SOCKET_IFNAME="lo", TORCHELASTIC_RUN_ID="tacita-peers",
    )
    return [
        subprocess.Popen(
            [sys.executable, *sys.argv], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
            env=os.environ | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
        )
        for rank in range(1, work.processes)
    ]


others = [] if "RANK" in os.environ else start_others()

# pfl joins the other ranks when it is imported.
from pfl.aggregate.simulate import SimulatedBackend
from pfl.algorithm.base import NNAlgorithmParams
from pfl.algorithm.federated_averaging import FederatedAveraging
from pfl.callback.base import TrainingProcessCallback
from pfl.data.dataset import Dataset
from pfl.data.federated_dataset import FederatedDataset
from pfl.data.sampling import get_user_sampler
from pfl.hyperparam import NNTrainHyperParams
from pfl.metrics import Metrics, Weighted
from pfl.model.pytorch import PyTorchModel


class Shuffled(Dataset):
    def iter(self, batch_size):
        return work.batches(*self.raw_data)


class Network(torch.nn.Module):
    """The model with the loss that pfl asks it for."""

    def __init__(self):
        super().__init__()
        self.layers = work.model()

    def forward(self, inputs):
        return self.layers(inputs)

    def loss(self, inputs, targets, **_):
        return work.loss(self(inputs), targets)

    @torch.no_grad()
    def metrics(self, inputs, targets, **_):
        return {"loss": Weighted(self.loss(inputs, targets).item() * len(inputs), len(inputs))}


class Clock(TrainingProcessCallback):
    """Started by the end of the first round."""

    def after_central_iteration(self, aggregate_metrics, model, *, central_iteration):
        if central_iteration == 0:
            self.begin = time.perf_counter()
        return False, Metrics()


def run(number, rounds):
    data = FederatedDataset(
        lambda site: Shuffled(work.site(site)), get_user_sampler("minimize_reuse", list(range(work.sites)))
    )
    network = Network()
    model = PyTorchModel(network, torch.optim.SGD, torch.optim.SGD(network.parameters(), lr=1.0))
    training = NNTrainHyperParams(
        local_num_epochs=work.epochs, local_learning_rate=work.rate, local_batch_size=work.batch
    )
    parameters = NNAlgorithmParams(
        central_num_iterations=rounds + 1, evaluation_frequency=rounds + 2, train_cohort_size=work.cohort,
        val_cohort_size=0,
    )
    clock = Clock()
    FederatedAveraging().run(
        parameters, SimulatedBackend(training_data=data, val_data=data), model, training, callbacks=[clock],
        send_metrics_to_platform=False,
    )
    return time.perf_counter() - clock.begin, network.layers


def run_everywhere(number, rounds):
    for other in others:
        other.stdin.write(f"{number} {rounds}\n")
        other.stdin.flush()
    return run(number, rounds)


simulation_work.serve(work, out, run_everywhere)
for other in others:
    other.stdin.close()
    other.wait()
