"""Times federated averaging in Tacita's simulator and in those of Python: client updates a second, the same work.

Every side has the same rows at the same sites, a model of as many parameters that starts from the same distribution, and
two cores: Tacita two threads, a peer one process of two threads or two of one, whichever was faster in a trial; glibc keeps
the peers' memory between steps. Rows and models are there before the clock starts, which the end of each run's first round
does. Sides take turns.
"""

import argparse
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from compare import KEPT_MEMORY

HERE = Path(__file__).resolve().parent
# What it is called, processes, threads of each for PyTorch, and what BlazeFL's pool is made of.
SPLITS = [("two processes", "2", "1", "processes"), ("one process", "1", "2", "processes")]
BLAZEFL_SPLITS = [*SPLITS, ("a pool of two threads", "2", "1", "threads")]


@dataclass(frozen=True)
class Workload:
    network: str
    sites: int
    rows: int
    cohort: int
    epochs: int
    batch: int
    rate: float
    rounds: int
    apart: float
    trial: float = 1.0

    def words(self):
        return [
            "--network", self.network, "--sites", str(self.sites), "--cohort", str(self.cohort), "--epochs",
            str(self.epochs), "--batch", str(self.batch), "--learning-rate", str(self.rate),
        ]

    def small(self):
        return replace(self, sites=min(self.sites, 40), rows=min(self.rows, 50), cohort=4, rounds=1, apart=1, trial=0)


WORKLOADS = {
    "logistic": Workload("logistic", 1000, 50, 50, 1, 10, 0.1, 30, 0.02),
    "2nn": Workload("two_nn", 100, 600, 10, 1, 10, 0.1, 10, 0.02),
    "cnn": Workload("cnn", 100, 600, 10, 1, 10, 0.1, 1, 0.05),
    "colour-cnn": Workload("colour_cnn", 100, 500, 10, 5, 50, 0.1, 2, 0.1),
}


def idx(path):
    """Values of an IDX file of bytes, gzipped or not."""
    zipped = path.with_name(path.name + ".gz")
    data = gzip.decompress(zipped.read_bytes()) if zipped.exists() else path.read_bytes()
    shape = np.frombuffer(data, ">i4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def mnist(folder, count):
    generator = np.random.default_rng(1)
    parts = {}
    for part, name in (("train", "train"), ("test", "t10k")):
        images, labels = idx(folder / f"{name}-images-idx3-ubyte"), idx(folder / f"{name}-labels-idx1-ubyte")
        order = generator.permutation(len(labels))
        order = order[:count] if part == "train" else order
        parts[part] = images[order].astype("<f4") / 255, labels[order].astype("<f4")
    return parts


def linear(count):
    """Rows of which one half-space is a class."""
    generator = np.random.default_rng(1)
    inputs = generator.uniform(-1, 1, (count + 10_000, 10)).astype("<f4")
    targets = (inputs[:, 0] > inputs[:, 1]).astype("<f4")
    return {"train": (inputs[:count], targets[:count]), "test": (inputs[count:], targets[count:])}


def colours(count):
    """Images of CIFAR-10's shape: a pattern of 4 by 4 patches for each of ten classes, under noise."""
    generator = np.random.default_rng(1)
    patterns = generator.standard_normal((10, 3, 4, 4)).astype("<f4").repeat(8, axis=2).repeat(8, axis=3)
    parts = {}
    for part, size in (("train", count), ("test", 2000)):
        labels = generator.integers(0, 10, size)
        parts[part] = patterns[labels] * 0.25 + generator.standard_normal((size, 3, 32, 32), dtype="f4"), labels.astype("<f4")
    return parts


def write(workload, data, folder):
    count = workload.sites * workload.rows
    if workload.network in ("two_nn", "cnn"):
        parts = mnist(data, count)
    else:
        parts = linear(count) if workload.network == "logistic" else colours(count)
    for part, (inputs, targets) in parts.items():
        inputs.astype("<f4").tofile(folder / f"{part}-inputs.f32")
        targets.astype("<f4").tofile(folder / f"{part}-targets.f32")


class Side:
    """A process that trains when it is asked to, and sleeps in between."""

    def __init__(self, name, command, log, environment={}):
        self.name, self.rates, self.seconds, self.accuracies = name, [], [], []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ | environment
        )
        self.parameters = int(self.line())

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended: status {self.process.wait()}. --log FILE keeps what it says")
        return line

    def ask(self, seed, rounds):
        self.process.stdin.write(f"{seed} {rounds}\n")
        self.process.stdin.flush()
        updates, seconds, accuracy = self.line().split()
        return int(updates) / float(seconds), float(seconds), float(accuracy)

    def trial(self, workload):
        """Updates a second of a run, of a second or more, which comes before all that count."""
        rounds = max(1, workload.rounds // 4)
        while True:
            rate, seconds, _ = self.ask(1, rounds)
            if seconds >= workload.trial:
                print(f"  {self.name}: {rate:.4g} updates/s in the trial", file=sys.stderr, flush=True)
                return rate
            rounds *= 4

    def run(self, seed, rounds):
        rate, seconds, accuracy = self.ask(seed, rounds)
        self.rates.append(rate)
        self.seconds.append(seconds)
        self.accuracies.append(accuracy)
        print(f"  {self.name}: {rate:.4g} updates/s, {seconds:.3g} s, accuracy {accuracy:.4f}", file=sys.stderr, flush=True)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def best_split(peer, python, words, workload, log):
    """The worker of a peer with the fastest split of the cores."""
    sides = []
    for split, processes, threads, pool in BLAZEFL_SPLITS if peer == "blazefl" else SPLITS:
        command = [python, HERE / f"{peer}_worker.py", *words, "--processes", processes, "--threads", threads, "--pool", pool]
        side = Side(f"{peer}, {split}", command, log, KEPT_MEMORY | {"OMP_NUM_THREADS": threads})
        sides = sorted([*sides, (side.trial(workload), side)], key=lambda each: -each[0])
        for _, slower in sides[1:]:
            slower.close()
        del sides[1:]
    return sides[0][1]


def compare(name, workload, peers, options, log):
    with tempfile.TemporaryDirectory() as folder:
        write(workload, options.data, Path(folder))
        words = ["--rows", folder, *workload.words()]
        sides = [Side("Tacita", [options.run, "simulator-speed", *words, "--workers", "2"], log)]
        try:
            sides[0].trial(workload)
            for peer, python in peers.items():
                sides.append(best_split(peer, python, words, workload, log))
            counts = {side.parameters for side in sides}
            if len(counts) > 1:
                sys.exit(f"{name}: the sides have {' and '.join(map(str, counts))} parameters")
            for repeat in range(options.repeats):
                for side in sides:
                    side.run(2 + repeat, workload.rounds)
        finally:
            for side in sides:
                side.close()
    medians = [statistics.median(side.accuracies) for side in sides]
    if max(medians) - min(medians) > workload.apart:
        sys.exit(f"{name}: accuracies {medians} are further apart than {workload.apart}; the sides do not do the same")
    ours = statistics.median(sides[0].rates)
    for side, accuracy in zip(sides, medians):
        rate = statistics.median(side.rates)
        spread = f"{min(side.rates):.4g} to {max(side.rates):.4g}"
        cells = [name, side.parameters, side.name, f"{rate:.4g}", spread, f"{accuracy:.4f}", f"{ours / rate:.3g}"]
        print("|", " | ".join(map(str, cells)), "|", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/peers/simulation", description=__doc__)
    parser.add_argument("run", help=argparse.SUPPRESS)
    parser.add_argument("--workload", nargs="+", choices=WORKLOADS, default=list(WORKLOADS), help="default: all")
    parser.add_argument("--data", type=Path, help="folder with MNIST's four IDX files")
    parser.add_argument("--peers", nargs="+", choices=["pfl", "flower", "blazefl", "loop"], help="loop: PyTorch alone; default: all that are installed")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each side (default 3)")
    parser.add_argument("--small", action="store_true", help="few sites and rows, one round: shows that all runs, times nothing")
    parser.add_argument("--log", type=Path, help="file for what the sides print to their standard error (default: none)")
    options = parser.parse_args()
    if options.data is None and {"2nn", "cnn"} & set(options.workload):
        parser.error("2nn and cnn need MNIST. Give the folder with its four IDX files as --data.")
    installed = {"pfl": sys.executable, "flower": sys.executable, "loop": sys.executable}
    if "TACITA_BLAZEFL" in os.environ:
        installed["blazefl"] = os.environ["TACITA_BLAZEFL"]
    peers = {peer: python for peer, python in installed.items() if peer in (options.peers or installed)}
    print(time.strftime("%Y-%m-%d"), f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("| work | parameters | side | updates/s | from, to | accuracy | Tacita / side |")
    print("|" + "---|" * 7, flush=True)
    with open(options.log or os.devnull, "w") as log:
        for name in options.workload:
            workload = WORKLOADS[name].small() if options.small else WORKLOADS[name]
            compare(name, workload, peers, options, log)


if __name__ == "__main__":
    main()
