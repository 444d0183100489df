"""Federated averaging in BlazeFL: one client after the other, or clients in a pool of processes or of threads."""

import copy
import os
import tempfile
import time
from pathlib import Path

os.environ["TQDM_DISABLE"] = "1"

import simulation_work
import torch
import torch.multiprocessing as multiprocessing
from blazefl.contrib import (
    FedAvgBaseClientTrainer,
    FedAvgBaseServerHandler,
    FedAvgProcessPoolClientTrainer,
    FedAvgThreadPoolClientTrainer,
)
from blazefl.core import IPCMode

work = simulation_work.Work(simulation_work.Work.options())


class ZeroBeside(torch.nn.Module):
    """A zero beside a logit: the cross entropy of BlazeFL's trainers is then that of the logistic model."""

    def forward(self, logits):
        return torch.cat([torch.zeros_like(logits), logits], dim=1)


class Batches:
    """One client's epochs, for trainers that want a loader."""

    dataset = None

    def __init__(self, client, generator):
        inputs, targets = work.site(client)
        self.rows, self.generator = (inputs, targets.flatten().long()), generator

    def __iter__(self):
        return work.batches(*self.rows, self.generator)


class Sites:
    """Without a field, as it travels to the processes for each client; they have the rows from their parent."""

    def get_dataloader(self, type_, cid, batch_size, generator):
        return Batches(cid, generator)

    def set_dataset(self, type_, cid, dataset):
        pass


class Copies:
    """Of the first model, so that no client waits for its first values to be drawn."""

    first = None

    def select_model(self, model_name):
        return copy.deepcopy(Copies.first)


def trainer(number, folder):
    common = dict(
        model_selector=Copies(), model_name=work.network, dataset=Sites(), device="cpu", num_clients=work.sites,
        epochs=work.epochs, batch_size=work.batch, lr=work.rate, seed=number,
    )
    if work.processes == 1:
        return FedAvgBaseClientTrainer(**common)
    if work.pool == "threads":
        return FedAvgThreadPoolClientTrainer(**common, num_parallels=work.processes)
    return FedAvgProcessPoolClientTrainer(
        **common, share_dir=folder / "shared", state_dir=folder / "states", num_parallels=work.processes,
        ipc_mode=IPCMode.SHARED_MEMORY,
    )


def run(number, rounds):
    Copies.first = work.model()
    if work.network == "logistic":
        Copies.first = torch.nn.Sequential(Copies.first, ZeroBeside())
    handler = FedAvgBaseServerHandler(
        model_selector=Copies(), model_name=work.network, dataset=Sites(), global_round=rounds + 1,
        num_clients=work.sites, sample_ratio=work.cohort / work.sites, device="cpu", batch_size=work.batch, seed=number,
    )
    with tempfile.TemporaryDirectory() as folder:
        clients = trainer(number, Path(folder))
        begin = None
        while not handler.if_stop():
            clients.local_process(handler.downlink_package(), handler.sample_clients())
            for package in clients.uplink_package():
                handler.load(package)
            begin = begin or time.perf_counter()
        seconds = time.perf_counter() - begin
        if hasattr(clients, "manager"):
            clients.manager.shutdown()
    return seconds, handler.model[0] if work.network == "logistic" else handler.model


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    out = simulation_work.answers()
    simulation_work.prepare(work.threads)
    simulation_work.serve(work, out, run)
