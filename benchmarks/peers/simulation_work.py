"""What the workers of all peers share: the rows, the models, a site's training, the measure, and how they are asked."""

import argparse
import os
import random
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

SHAPES = {"logistic": (10,), "two_nn": (1, 28, 28), "cnn": (1, 28, 28), "colour_cnn": (3, 32, 32)}


def layers(name):
    if name == "logistic":
        return [nn.Linear(10, 1)]
    if name == "two_nn":
        return [nn.Flatten(), nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10)]
    if name == "cnn":
        return [
            nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, 10),
        ]
    return [
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    ]


def network(name):
    """A model that starts as Tacita's do: weights by Glorot and Bengio, those of the logistic model and all biases zero."""
    model = nn.Sequential(*layers(name))
    for layer in model:
        if hasattr(layer, "weight"):
            (nn.init.zeros_ if name == "logistic" else nn.init.xavier_uniform_)(layer.weight)
            nn.init.zeros_(layer.bias)
    return model


class Work:
    """What is trained on what; the rows lie in files that all processes of a machine map."""

    def __init__(self, options):
        self.network, self.folder = options.network, Path(options.rows)
        self.sites, self.cohort, self.epochs, self.batch = options.sites, options.cohort, options.epochs, options.batch
        self.rate, self.processes, self.threads = options.learning_rate, options.processes, options.threads
        self.pool = options.pool
        self.inputs, self.targets = self.read("train")
        self.size = len(self.inputs) // self.sites
        self.loss = nn.BCEWithLogitsLoss() if self.network == "logistic" else nn.CrossEntropyLoss()

    @staticmethod
    def options(words=None):
        parser = argparse.ArgumentParser()
        for name in ("rows", "network"):
            parser.add_argument(f"--{name}", required=True)
        for name in ("sites", "cohort", "epochs", "batch", "processes", "threads"):
            parser.add_argument(f"--{name}", type=int, required=True)
        parser.add_argument("--learning-rate", type=float, required=True)
        parser.add_argument("--pool", choices=["processes", "threads"], default="processes")
        return parser.parse_args(words)

    def model(self):
        return network(self.network)

    def read(self, part):
        inputs = np.memmap(self.folder / f"{part}-inputs.f32", dtype="<f4", mode="c")
        targets = np.fromfile(self.folder / f"{part}-targets.f32", dtype="<f4")
        inputs = torch.from_numpy(inputs.reshape(len(targets), *SHAPES[self.network]))
        inputs.sum()  # brings the pages into memory
        targets = torch.from_numpy(targets)
        return inputs, targets.unsqueeze(1) if self.network == "logistic" else targets.long()

    def site(self, index):
        rows = slice(index * self.size, (index + 1) * self.size)
        return self.inputs[rows], self.targets[rows]

    def batches(self, inputs, targets, generator=None):
        """One epoch in a random order."""
        order = torch.randperm(len(inputs), generator=generator)
        for start in range(0, len(order), self.batch):
            rows = order[start : start + self.batch]
            yield inputs[rows], targets[rows]

    def train(self, model, index):
        """A site's training, in place."""
        model.train()
        optimizer = torch.optim.SGD(model.parameters(), lr=self.rate)
        inputs, targets = self.site(index)
        for _ in range(self.epochs):
            for batch, expected in self.batches(inputs, targets):
                optimizer.zero_grad()
                self.loss(model(batch), expected).backward()
                optimizer.step()

    def accuracy(self, model):
        """On the test rows."""
        inputs, targets = self.read("test")
        model.eval()
        with torch.no_grad():
            logits = torch.cat([model(part) for part in inputs.split(1000)])
        right = (logits > 0) == (targets > 0) if self.network == "logistic" else logits.argmax(1) == targets
        return right.float().mean().item()


def prepare(threads):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)


def seed(number):
    random.seed(number)
    np.random.seed(number % 2**32)
    torch.manual_seed(number)


def answers():
    """A file for what this process answers; all else that is printed goes to the standard error."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return out


def serve(work, out, run):
    """Says how many parameters there are, then answers each line 'seed rounds' with 'updates seconds accuracy'.

    run(seed, rounds) trains for one round more, and returns the seconds without the first, and the model."""
    print(sum(each.numel() for each in work.model().parameters()), file=out, flush=True)
    for line in sys.stdin:
        number, rounds = (int(word) for word in line.split())
        seed(number)
        seconds, model = run(number, rounds)
        print(f"{rounds * work.cohort} {seconds:.6f} {work.accuracy(model):.4f}", file=out, flush=True)
