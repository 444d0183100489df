"""Runs training steps on one thread, PyTorch's own or, with the argument hooks or ghost, clipped ones of Opacus.

With private-hooks or private-ghost they are those of DP-SGD, on as many examples as MNIST has.

Reads 'case run milliseconds' and answers 'steps nanoseconds cpu'; 'case parameters' and answers their number; and, where
steps are clipped, 'case check folder' and answers by how much the norms and the sum in that folder differ from Opacus's.
"""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.manual_seed(1)


def logistic():
    return nn.Linear(13, 1)


def two_nn():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 200), nn.ReLU(), nn.Linear(200, 10)
    )


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 512), nn.ReLU(), nn.Linear(512, 10),
    )


def tutorial():
    return nn.Sequential(
        nn.Conv2d(1, 16, 8, 2, 3), nn.ReLU(), nn.MaxPool2d(2, 1),
        nn.Conv2d(16, 32, 4, 2), nn.ReLU(), nn.MaxPool2d(2, 1),
        nn.Flatten(), nn.Linear(512, 32), nn.ReLU(), nn.Linear(32, 10),
    )


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


class Block(nn.Module):
    def __init__(self, channels, filters, stride, norm, inplace):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride, 1, bias=False), norm(filters), nn.ReLU(inplace),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), norm(filters),
        )
        self.shortcut = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, filters, 1, stride, bias=False), norm(filters))
        self.last = nn.ReLU(inplace)

    def forward(self, x):
        return self.last(self.main(x) + self.shortcut(x))


def resnet18(norm=nn.BatchNorm2d, inplace=True):
    blocks, channels = [], 64
    for filters in (64, 128, 256, 512):
        blocks += [
            Block(channels, filters, 1 if filters == 64 else 2, norm, inplace), Block(filters, filters, 1, norm, inplace)
        ]
        channels = filters
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 1, 1, bias=False), norm(64), nn.ReLU(inplace),
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10),
    )


def resnet18gn():
    return resnet18(lambda channels: nn.GroupNorm(32, channels), inplace=False)


MODELS = {
    "logistic": (logistic, (13,)),
    "2nn": (two_nn, (1, 28, 28)),
    "cnn": (cnn, (1, 28, 28)),
    "tutorial": (tutorial, (1, 28, 28)),
    "lenet5": (lenet5, (1, 28, 28)),
    "resnet18": (resnet18, (3, 32, 32)),
    "resnet18gn": (resnet18gn, (3, 32, 32)),
}


MNIST_EXAMPLES = 60_000


class Plain:
    """SGD along the mean gradient."""

    def __init__(self, model, examples, targets, loss):
        self.model, self.examples, self.targets, self.loss = model, examples, targets, loss
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step(self):
        self.optimizer.zero_grad()
        self.loss(self.model(self.examples), self.targets).backward()
        self.optimizer.step()

    def parameters(self):
        return sum(parameter.numel() for parameter in self.model.parameters() if parameter.requires_grad)


def prepare(case, kind):
    name, batch = case.split(":")
    make, shape = MODELS[name]
    model = make()
    private = kind.__name__.startswith("Private")
    count = MNIST_EXAMPLES if private else int(batch)
    examples = torch.rand(count, *shape) * 2 - 1
    if name == "logistic":
        targets, loss = torch.randint(0, 2, (count, 1)).float(), nn.BCEWithLogitsLoss()
        if kind is not Plain:  # Opacus wants one loss an example, not a row of losses
            model, targets = nn.Sequential(model, nn.Flatten(0)), targets.flatten()
    else:
        targets, loss = torch.randint(0, 10, (count,)), nn.CrossEntropyLoss()
    return kind(model, int(batch), examples, targets, loss) if private else kind(model, examples, targets, loss)


def kinds(name):
    if name == "plain":
        return Plain
    import opacus_steps

    return {
        "hooks": opacus_steps.Hooks, "ghost": opacus_steps.Ghost,
        "private-hooks": opacus_steps.PrivateHooks, "private-ghost": opacus_steps.PrivateGhost,
    }[name]


def timed(step, milliseconds):
    count, cpu, begin = 0, time.thread_time_ns(), time.perf_counter_ns()
    end = begin + milliseconds * 1_000_000
    while True:
        step()
        count += 1
        now = time.perf_counter_ns()
        if now >= end:
            return f"{count} {now - begin} {time.thread_time_ns() - cpu}"


def main():
    if sys.argv[1] == "--describe":
        print(f"PyTorch {torch.__version__}; CPU kernels {torch.backends.cpu.get_cpu_capability()}")
        print("\n".join(line.strip() for line in torch.__config__.show().splitlines() if "Library" in line or "DNN" in line and "Build" not in line))
        return
    kind = kinds(sys.argv[1])
    cases = {}
    for line in sys.stdin:
        case, word, *rest = line.rstrip("\n").split(" ", 2)
        if case not in cases:
            cases[case] = prepare(case, kind)
        if word == "run":
            print(timed(cases[case].step, int(rest[0])), flush=True)
        elif word == "parameters":
            print(cases[case].parameters(), flush=True)
        elif word == "check":
            print(*cases[case].check(rest[0]), flush=True)
        else:
            sys.exit(f"no such word: {word}")


if __name__ == "__main__":
    main()
