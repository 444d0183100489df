"""Federated averaging in a loop of PyTorch and nothing else: what any framework on top of it has to beat.

Processes share the common model and their sums in memory; a round sends each the numbers of its sites.
"""

import random
import sys
import time

import simulation_work
import torch
import torch.multiprocessing as multiprocessing
from torch.nn.utils import parameters_to_vector, vector_to_parameters


def train(words, common, total, pipe):
    work = simulation_work.Work(simulation_work.Work.options(words))
    simulation_work.prepare(work.threads)
    model = work.model()
    while True:
        sites = pipe.recv()
        if sites is None:
            return
        total.zero_()
        for site in sites:
            vector_to_parameters(common.clone(), model.parameters())
            work.train(model, site)
            with torch.no_grad():
                total.add_(parameters_to_vector(model.parameters()))
        pipe.send(len(sites))


def main(words):
    work = simulation_work.Work(simulation_work.Work.options(words))
    out = simulation_work.answers()
    simulation_work.prepare(work.threads)
    common = parameters_to_vector(work.model().parameters()).detach().share_memory_()
    totals = [torch.zeros_like(common).share_memory_() for _ in range(work.processes)]
    spawn = multiprocessing.get_context("spawn")
    pipes = []
    for total in totals:
        here, there = spawn.Pipe()
        spawn.Process(target=train, args=(words, common, total, there), daemon=True).start()
        pipes.append(here)

    def run(number, rounds):
        model = work.model()
        common.copy_(parameters_to_vector(model.parameters()).detach())
        begin = None
        for _ in range(rounds + 1):
            cohort = random.sample(range(work.sites), work.cohort)
            for rank, pipe in enumerate(pipes):
                pipe.send(cohort[rank :: work.processes])
            for pipe in pipes:
                pipe.recv()
            common.copy_(sum(totals) / work.cohort)
            end = time.perf_counter()
            begin = begin or end
        vector_to_parameters(common.clone(), model.parameters())
        return end - begin, model

    simulation_work.serve(work, out, run)
    for pipe in pipes:
        pipe.send(None)


if __name__ == "__main__":
    main(sys.argv[1:])
