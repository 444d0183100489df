"""Times training steps of Tacita and PyTorch, with --dp clipped ones of Tacita and Opacus, with --private whole ones of
DP-SGD, and prints medians and ratios.

One thread each, in short slices that alternate.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASES = ["logistic:4", "2nn:10", "2nn:64", "cnn:10", "cnn:64", "lenet5:64", "resnet18:32"]
PRIVATE_CASES = ["tutorial:256"]
DP_CASES = CASES[:-1] + ["resnet18gn:32"]
# Float32 through 18 layers: PyTorch, one example at a time, is 1.4e-3 away from float64 for ResNet-18's clipped sum.
AGREEMENT = 5e-3
# Without these glibc hands the gradients of all examples back to the system after every step, and clears new pages for the next.
KEPT_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 32), "MALLOC_TRIM_THRESHOLD_": str(1 << 33), "MALLOC_TOP_PAD_": str(1 << 28)
}
HERE = Path(__file__).resolve().parent


class Worker:
    """A process that runs training steps when it is asked to; it sleeps in between."""

    def __init__(self, command, core, environment):
        pin = ["taskset", "-c", str(core)] if core is not None else []
        self.process = subprocess.Popen(
            pin + command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | environment
        )

    def ask(self, case, *words):
        self.process.stdin.write(" ".join([case, *words]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"a worker ended during {case}: status {self.process.wait()}")
        return line.split()

    def run(self, case, milliseconds):
        steps, wall, cpu = (int(word) for word in self.ask(case, "run", str(milliseconds)))
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


def check(case, workers, dp):
    """Ends the run where the sides do not compute the same; returns the largest relative difference seen."""
    counts = [worker.ask(case, "parameters")[0] for worker in workers]
    if len(set(counts)) > 1:
        sys.exit(f"{case}: the sides have {' and '.join(counts)} parameters")
    if not dp:
        return 0.0
    with tempfile.TemporaryDirectory() as folder:
        workers[0].ask(case, "write", folder)
        worst = max(float(word) for worker in workers[1:] for word in worker.ask(case, "check", folder))
    if not worst < AGREEMENT:
        sys.exit(f"{case}: norms or clipped sums differ by {worst:.3g} of their size")
    return worst


def row(case, commands, options):
    environment = KEPT_MEMORY if options.keep_memory else {}
    workers = [Worker(commands[0], options.core, {})]
    workers += [Worker(command, options.core, environment) for command in commands[1:]]
    apart = check(case, workers, options.dp)
    for worker in workers:
        worker.run(case, 3 * options.slice)
    slices = [[worker.run(case, options.slice) for worker in workers] for _ in range(options.rounds)]
    for worker in workers:
        worker.close()
    cells = [f"{statistics.median(each[side][0] for each in slices):.4g}" for side in range(len(workers))]
    for side in range(1, len(workers)):
        cells += [f"{statistics.median(each[0][of] / each[side][of] for each in slices):.3g}" for of in (0, 1)]
    return [case, *cells, *([f"{apart:.1g}"] if options.dp else [])]


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/peers/run", description=__doc__)
    parser.add_argument("target", help=argparse.SUPPRESS)
    parser.add_argument("--dp", action="store_true", help="norms, clipping and clipped sum, beside Opacus's hooks and ghost")
    parser.add_argument("--private", action="store_true", help="DP-SGD with samples, noise and account, on 60,000 rows like MNIST's")
    parser.add_argument("--cases", nargs="+", metavar="MODEL:BATCH", help=f"default: {' '.join(CASES)}; --dp: resnet18gn")
    parser.add_argument("--keep-memory", action="store_true", help="have glibc keep the peers' memory between steps")
    parser.add_argument("--rounds", type=int, default=15, help="slices of each side for a case (default 15)")
    parser.add_argument("--slice", type=int, default=400, help="milliseconds of a slice (default 400)")
    parser.add_argument("--core", type=int, help="pin all sides to this core (taskset)")
    options = parser.parse_args()

    torch = [sys.executable, str(HERE / "torch_worker.py")]
    java = ["java", "--enable-native-access=ALL-UNNAMED", *os.environ.get("JAVA_OPTS", "-Xmx2g").split()]
    java += ["-cp", f"{options.target}/lib/*:{options.target}/classes", "dev.tacita.benchmarks.PeerSteps"]
    print(time.strftime("%Y-%m-%d"), flags(), f"load {os.getloadavg()[0]:.1f}")
    print(subprocess.run(torch + ["--describe"], check=True, capture_output=True, text=True).stdout)
    if options.private:
        commands = [java + ["private"], torch + ["private-hooks"], torch + ["private-ghost"]]
        header = ["step", "ours, ms", "Opacus hooks, ms", "ghost, ms"]
        header += ["ours / hooks", "by processor time", "ours / ghost", "by processor time"]
    elif options.dp:
        commands = [java + ["clipped"], torch + ["hooks"], torch + ["ghost"]]
        header = ["step", "ours, ms", "Opacus hooks, ms", "ghost, ms"]
        header += ["ours / hooks", "by processor time", "ours / ghost", "by processor time", "apart by"]
    else:
        commands = [java, torch + ["plain"]]
        header = ["step", "ours, ms", "PyTorch, ms", "ours / PyTorch", "by processor time"]
    print("|", " | ".join(header), "|")
    print("|" + "---|" * len(header), flush=True)
    for case in options.cases or (PRIVATE_CASES if options.private else DP_CASES if options.dp else CASES):
        print("|", " | ".join(row(case, commands, options)), "|", flush=True)


if __name__ == "__main__":
    main()
