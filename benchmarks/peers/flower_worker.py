"""Federated averaging in Flower's simulation on Ray, with as many actors as there are processes."""

import os
import sys
import time
from pathlib import Path

import simulation_work
import torch
from flwr.app import ArrayRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg
from flwr.simulation import run_simulation

# Actors import this file as a module, and so pickle nothing but its name.
WORDS = "TACITA_PEER_OPTIONS"
HERE = Path(__file__).resolve().parent


class Actor:
    """What an actor keeps from client to client: the rows and one model."""

    kept = None

    def __init__(self):
        self.work = simulation_work.Work(simulation_work.Work.options(os.environ[WORDS].split("\n")))
        simulation_work.prepare(self.work.threads)
        self.model = self.work.model()

    @staticmethod
    def of_this_process():
        if Actor.kept is None:
            Actor.kept = Actor()
        return Actor.kept


def train(message: Message, context: Context):
    actor = Actor.of_this_process()
    actor.model.load_state_dict(message.content["arrays"].to_torch_state_dict())
    actor.work.train(actor.model, int(context.node_config["partition-id"]))
    return Message(
        content=RecordDict({
            "arrays": ArrayRecord(actor.model.state_dict()),
            "metrics": MetricRecord({"num-examples": actor.work.size}),
        }),
        reply_to=message,
    )


def client():
    app = ClientApp()
    app.train()(train)
    return app


class Timed(FedAvg):
    """FedAvg whose clock is started by the end of the first round and stopped by that of the last."""

    def aggregate_train(self, server_round, replies):
        result = super().aggregate_train(server_round, replies)
        self.end = time.perf_counter()
        if server_round == 1:
            self.begin = self.end
        return result


def main():
    work = simulation_work.Work(simulation_work.Work.options())
    out = simulation_work.answers()
    simulation_work.prepare(work.threads)
    os.environ[WORDS] = "\n".join(sys.argv[1:])

    def run(number, rounds):
        strategy = Timed(
            fraction_train=work.cohort / work.sites, fraction_evaluate=0.0, min_train_nodes=work.cohort,
            min_available_nodes=work.sites,
        )
        app = ServerApp()
        results = []

        @app.main()
        def serve(grid: Grid, context: Context):
            first = ArrayRecord(work.model().state_dict())
            results.append(strategy.start(grid=grid, initial_arrays=first, num_rounds=rounds + 1))

        run_simulation(
            server_app=app, client_app=client(), num_supernodes=work.sites,
            backend_config={
                "client_resources": {"num_cpus": 1, "num_gpus": 0.0},
                "init_args": {"num_cpus": work.processes, "num_gpus": 0, "include_dashboard": False},
            },
        )
        model = work.model()
        model.load_state_dict(results[0].arrays.to_torch_state_dict())
        return strategy.end - strategy.begin, model

    simulation_work.serve(work, out, run)


if __name__ == "__main__":
    # Functions of this module, and not of __main__, travel to the actors by name.
    sys.path.insert(0, str(HERE))
    import flower_worker

    flower_worker.main()
