"""Runs training steps of PyTorch on one thread: reads 'case milliseconds' lines, answers 'steps nanoseconds cpu'."""

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


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


class Block(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(inplace=True),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters),
        )
        self.shortcut = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        return torch.relu_(self.main(x) + self.shortcut(x))


def resnet18():
    blocks, channels = [], 64
    for filters in (64, 128, 256, 512):
        blocks += [Block(channels, filters, 1 if filters == 64 else 2), Block(filters, filters, 1)]
        channels = filters
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True),
        *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10),
    )


MODELS = {
    "logistic": (logistic, (13,)),
    "2nn": (two_nn, (1, 28, 28)),
    "cnn": (cnn, (1, 28, 28)),
    "lenet5": (lenet5, (1, 28, 28)),
    "resnet18": (resnet18, (3, 32, 32)),
}


def prepare(case):
    name, batch = case.split(":")
    make, shape = MODELS[name]
    model = make()
    examples = torch.rand(int(batch), *shape) * 2 - 1
    if name == "logistic":
        targets, loss = torch.randint(0, 2, (int(batch), 1)).float(), nn.BCEWithLogitsLoss()
    else:
        targets, loss = torch.randint(0, 10, (int(batch),)), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step():
        optimizer.zero_grad()
        loss(model(examples), targets).backward()
        optimizer.step()

    return step


def main():
    if sys.argv[1:] == ["--describe"]:
        print(f"PyTorch {torch.__version__}; CPU kernels {torch.backends.cpu.get_cpu_capability()}")
        print("\n".join(line.strip() for line in torch.__config__.show().splitlines() if "Library" in line or "DNN" in line and "Build" not in line))
        return
    steps = {}
    for line in sys.stdin:
        case, milliseconds = line.split()
        if case not in steps:
            steps[case] = prepare(case)
        step = steps[case]
        count, cpu, begin = 0, time.thread_time_ns(), time.perf_counter_ns()
        end = begin + int(milliseconds) * 1_000_000
        while True:
            step()
            count += 1
            now = time.perf_counter_ns()
            if now >= end:
                break
        print(count, now - begin, time.thread_time_ns() - cpu, flush=True)


if __name__ == "__main__":
    main()
