"""The ten unlike sites of benchmarks/studies/mnist/niid-bench.yaml in PyTorch: what another framework makes of the same recipe.

FedAvg (McMahan et al. 2017), FedProx (Li et al. 2020), SCAFFOLD (Karimireddy et al. 2020, option II) and FedNova (Wang et al.
2020) as Li et al. 2022 ran them: 10 epochs of batches of 64 a round, SGD with 0.01 and momentum 0.9. All sites of all runs
train at the same time as one stack of models, on a GPU if there is one. Writes a line of JSON for each run: the test accuracy
after each round.
"""

import argparse
import gzip
import json
import pathlib
import sys
import time

import torch
import torch.nn.functional as F

SITES, BATCH, RATE, MOMENTUM = 10, 64, 0.01, 0.9
TWO_CLASSES = [[0, 7], [1, 6], [2, 4], [3, 4], [4, 8], [5, 0], [6, 2], [7, 0], [8, 5], [9, 7]]
SHAPES = [(6, 25), (6,), (16, 150), (16,), (120, 256), (120,), (84, 120), (84,), (10, 84), (10,)]


def idx(folder, name, skip):
    return torch.frombuffer(bytearray(gzip.open(folder / name).read()[skip:]), dtype=torch.uint8)


def deal(labels, classes_of):
    """Rows of each site: the rows of a class in equal parts to the sites that have it."""
    rows = [[] for _ in range(SITES)]
    for label in range(10):
        having = [site for site in range(SITES) if label in classes_of[site]]
        of_class = (labels == label).nonzero().flatten()
        for site, part in zip(having, of_class.tensor_split(len(having))):
            rows[site].append(part)
    return [torch.cat(parts) for parts in rows]


def partition(name, labels, seed):
    if name == "one-class":
        return deal(labels, [[site] for site in range(SITES)])
    if name == "two-classes":
        return deal(labels, TWO_CLASSES)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return list(order.tensor_split(SITES))


def first_parameters(seed):
    """PyTorch's own: uniform within 1 / sqrt(fan in), weights and biases."""
    random = torch.Generator().manual_seed(seed)
    parameters, bound = [], 0.0
    for shape in SHAPES:
        if len(shape) == 2:
            bound = shape[1] ** -0.5
        parameters.append((torch.rand(shape, generator=random) * 2 - 1) * bound)
    return parameters


def logits(p, images):
    """Of each model of the stack for its own images: [models, rows, 28, 28] to [models, rows, 10]."""
    models, rows = images.shape[:2]

    def layer(x, weight, bias, filters, width):
        x = x.reshape(models, rows, -1, width, width).transpose(1, 2)
        channels, to = x.shape[1], width - 4
        # Windows by slices: F.unfold goes through the images one by one.
        columns = torch.stack([x[..., i:i + to, j:j + to] for i in range(5) for j in range(5)], 2)
        y = torch.baddbmm(bias.unsqueeze(2), weight, columns.reshape(models, channels * 25, rows * to * to))
        y = y.reshape(models, filters, rows, to, to).transpose(1, 2)
        return F.max_pool2d(F.relu(y.reshape(models * rows, filters, to, to)), 2)

    x = layer(images, p[0], p[1], 6, 28)
    x = layer(x, p[2], p[3], 16, 12).reshape(models, rows, 256)
    for weight, bias in ((4, 5), (6, 7)):
        x = F.relu(torch.baddbmm(p[bias].unsqueeze(1), x, p[weight].transpose(1, 2)))
    return torch.baddbmm(p[9].unsqueeze(1), x, p[8].transpose(1, 2))


class Run:
    def __init__(self, algorithm, mu, seed):
        if algorithm not in ("fedavg", "scaffold", "fedprox", "fednova") or (mu > 0) != (algorithm == "fedprox"):
            raise ValueError(algorithm)
        self.algorithm, self.mu, self.seed = algorithm, mu, seed
        self.accuracies = []


def lines(partition, runs):
    return "".join(
        json.dumps({"partition": partition, "run": run.algorithm + (f":{run.mu:g}" if run.mu else ""), "seed": run.seed,
                    "best": max(run.accuracies), "last": run.accuracies[-1], "accuracies": run.accuracies}) + "\n"
        for run in runs)


def across(values, tensor):
    return values.reshape(-1, *([1] * (tensor.dim() - 1)))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=pathlib.Path, required=True, help="folder of MNIST's four gzipped IDX files")
    arguments.add_argument("--partition", choices=["iid", "two-classes", "one-class"], required=True)
    arguments.add_argument("--runs", default="fedavg,scaffold,fedprox:0.001,fedprox:0.01,fedprox:0.1,fedprox:1,fednova")
    arguments.add_argument("--seeds", default="1")
    arguments.add_argument("--rounds", type=int, default=50)
    arguments.add_argument("--epochs", type=int, default=10)
    arguments.add_argument("--out", type=pathlib.Path, help="also writes the lines here, after each round")
    given = arguments.parse_args()
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        if not (given.data / f"{name}-ubyte.gz").is_file():
            arguments.error(f"--data must be a folder with MNIST's four gzipped IDX files. '{given.data}' has no {name}-ubyte.gz")
    if min(given.rounds, given.epochs) < 1:
        arguments.error(f"--rounds and --epochs must be at least 1. Provided values: {given.rounds}, {given.epochs}")
    runs = []
    for seed in map(int, given.seeds.split(",")):
        for text in given.runs.split(","):
            algorithm, _, mu = text.partition(":")
            try:
                runs.append(Run(algorithm, float(mu or 0), seed))
            except ValueError:
                arguments.error(f"a run must be fedavg, scaffold, fednova, or fedprox:MU. Provided value: '{text}'")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images = (idx(given.data, "train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28).float() / 255).to(device)
    labels = idx(given.data, "train-labels-idx1-ubyte.gz", 8).long()
    test_images = (idx(given.data, "t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28).float() / 255).to(device)
    test_labels = idx(given.data, "t10k-labels-idx1-ubyte.gz", 8).long().to(device)
    count, models = len(runs), len(runs) * SITES
    sites = [site for run in runs for site in partition(given.partition, labels, run.seed)]
    labels = labels.to(device)
    sizes = torch.tensor([len(site) for site in sites])
    steps_of_epoch = (sizes + BATCH - 1) // BATCH
    steps = (steps_of_epoch * given.epochs).to(device)
    most = int(steps.max())
    weights = (sizes.reshape(count, SITES) / sizes.reshape(count, SITES).sum(1, keepdim=True)).to(device).flatten()
    first = [first_parameters(run.seed) for run in runs]
    common = [torch.stack([of[i] for of in first]).to(device) for i in range(len(SHAPES))]
    mu = torch.tensor([run.mu for run in runs], device=device).repeat_interleave(SITES)
    is_scaffold = torch.tensor([run.algorithm == "scaffold" for run in runs], device=device).repeat_interleave(SITES).float()
    is_nova = torch.tensor([run.algorithm == "fednova" for run in runs], device=device)
    spread = [c.repeat_interleave(SITES, 0) for c in common]
    parameters = [s.clone().requires_grad_() for s in spread]
    start, velocity = [s.clone() for s in spread], [torch.zeros_like(s) for s in spread]
    control = [torch.zeros_like(s) for s in spread]
    correction = [torch.zeros_like(s) for s in spread]
    rows = torch.zeros(models, BATCH, dtype=torch.long, device=device)
    present = torch.zeros(models, BATCH, device=device)
    trains = torch.zeros(models, device=device)

    def step():
        scores = logits(parameters, images[rows])
        losses = F.cross_entropy(scores.reshape(-1, 10), labels[rows].flatten(), reduction="none").reshape(models, BATCH)
        loss = ((losses * present).sum(1) / present.sum(1).clamp(min=1)).sum()
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for p, v, g, s, c in zip(parameters, velocity, gradients, start, correction):
                v.mul_(MOMENTUM).add_(g).add_(across(mu, p) * (p - s))
                p.sub_(across(trains, p) * RATE * (v + c))

    graph = None
    if device == "cuda":
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
    shuffles = [torch.Generator().manual_seed(1000 * runs[i // SITES].seed + i % SITES) for i in range(models)]
    began = time.time()
    for number in range(1, given.rounds + 1):
        all_rows = torch.zeros(models, most, BATCH, dtype=torch.int32)
        all_present = torch.zeros(models, most, BATCH, dtype=torch.bool)
        for i, site in enumerate(sites):
            span = int(steps_of_epoch[i]) * BATCH
            for epoch in range(given.epochs):
                at = slice(epoch * span, epoch * span + len(site))
                order = site[torch.randperm(len(site), generator=shuffles[i])]
                all_rows[i].view(-1)[at] = order.int()
                all_present[i].view(-1)[at] = True
        all_rows, all_present = all_rows.to(device), all_present.to(device)
        with torch.no_grad():
            for p, s, v, c in zip(parameters, start, velocity, common):
                s.copy_(c.repeat_interleave(SITES, 0))
                p.copy_(s)
                v.zero_()
            for k, c in zip(correction, control):
                mean = (across(weights, c) * c).reshape(count, SITES, *c.shape[1:]).sum(1)
                k.copy_(across(is_scaffold, c) * (mean.repeat_interleave(SITES, 0) - c))
        for t in range(most):
            rows.copy_(all_rows[:, t])
            present.copy_(all_present[:, t])
            trains.copy_((steps > t).float())
            graph.replay() if graph else step()
        with torch.no_grad():
            # What momentum makes of so many steps (Wang et al. 2020, section 4).
            a = (steps - MOMENTUM * (1 - MOMENTUM ** steps) / (1 - MOMENTUM)) / (1 - MOMENTUM)
            effective = (weights * a).reshape(count, SITES).sum(1)
            for i, (p, s) in enumerate(zip(parameters, start)):
                change = p - s
                control[i].sub_(across(is_scaffold, p) * (control[i] + correction[i] + change / across(RATE * steps, p)))
                plain = (across(weights, p) * change).reshape(count, SITES, *p.shape[1:]).sum(1)
                nova = (across(weights / a, p) * change).reshape(count, SITES, *p.shape[1:]).sum(1)
                common[i] = common[i] + torch.where(across(is_nova, plain), across(effective, nova) * nova, plain)
            for i, run in enumerate(runs):
                scores = logits([c[i:i + 1] for c in common], test_images.unsqueeze(0))[0]
                run.accuracies.append(round((scores.argmax(1) == test_labels).float().mean().item(), 4))
        if given.out:
            given.out.write_text(lines(given.partition, runs))
        print(f"round {number}, {time.time() - began:.0f} s", file=sys.stderr, flush=True)
    print(lines(given.partition, runs), end="")


if __name__ == "__main__":
    main()
