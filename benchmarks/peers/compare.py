"""Times training steps of Tacita and PyTorch, one thread each, in short slices that alternate; prints medians and ratios."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

CASES = ["logistic:4", "2nn:10", "2nn:64", "cnn:10", "cnn:64", "lenet5:64", "resnet18:32"]
HERE = Path(__file__).resolve().parent


class Worker:
    """A process that runs training steps when it is asked to; it sleeps in between."""

    def __init__(self, command, core):
        pin = ["taskset", "-c", str(core)] if core is not None else []
        self.process = subprocess.Popen(pin + command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, case, milliseconds):
        self.process.stdin.write(f"{case} {milliseconds}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"a worker ended during {case}: status {self.process.wait()}")
        steps, wall, cpu = (int(word) for word in line.split())
        return wall / steps / 1e6, cpu / steps / 1e6

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def flags():
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return "unknown"
    lines = info.read_text().splitlines()
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    found = next((line.split() for line in lines if line.startswith("flags")), [])
    known = ["avx2", "fma", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16", "amx_tile"]
    return f"{name}: {' '.join(flag for flag in known if flag in found)}"


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/peers/run", description=__doc__)
    parser.add_argument("target", help=argparse.SUPPRESS)
    parser.add_argument("--cases", nargs="+", default=CASES, metavar="MODEL:BATCH", help="default: " + " ".join(CASES))
    parser.add_argument("--rounds", type=int, default=15, help="slices of each side for a case (default 15)")
    parser.add_argument("--slice", type=int, default=400, help="milliseconds of a slice (default 400)")
    parser.add_argument("--core", type=int, help="pin both sides to this core (taskset)")
    options = parser.parse_args()

    torch = [sys.executable, str(HERE / "torch_worker.py")]
    java = ["java", "--enable-native-access=ALL-UNNAMED", *os.environ.get("JAVA_OPTS", "-Xmx2g").split()]
    java += ["-cp", f"{options.target}/lib/*:{options.target}/classes", "dev.tacita.benchmarks.PeerSteps"]
    print(time.strftime("%Y-%m-%d"), flags(), f"load {os.getloadavg()[0]:.1f}")
    print(subprocess.run(torch + ["--describe"], check=True, capture_output=True, text=True).stdout)
    print("| step | ours, ms | PyTorch, ms | ours / PyTorch | by processor time |")
    print("|---|---|---|---|---|", flush=True)
    for case in options.cases:
        workers = [Worker(java, options.core), Worker(torch, options.core)]
        for worker in workers:
            worker.run(case, 3 * options.slice)
        slices = [[worker.run(case, options.slice) for worker in workers] for _ in range(options.rounds)]
        for worker in workers:
            worker.close()
        ours, theirs = (statistics.median(pair[side][0] for pair in slices) for side in (0, 1))
        wall = statistics.median(pair[0][0] / pair[1][0] for pair in slices)
        cpu = statistics.median(pair[0][1] / pair[1][1] for pair in slices)
        print(f"| {case} | {ours:.4g} | {theirs:.4g} | {wall:.3g} | {cpu:.3g} |", flush=True)


if __name__ == "__main__":
    main()
