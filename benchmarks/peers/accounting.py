"""Epsilons of the accountants of dp-accounting, Opacus and prv_accountant beside Tacita's, and the time that they take.

200 random settings of DP-SGD from one seed, a tenth of them of 1e5 steps and a tenth of epsilon above 100. Each side runs in one process, on one
thread, and has answered ten of the settings before its times count; a time is that of one answer from the setting to epsilon.
"""

import argparse
import csv
import importlib.metadata
import math
import os
import random
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

import absl.logging
import dp_accounting
from dp_accounting.pld import PLDAccountant
from dp_accounting.rdp import RdpAccountant

PEERS = ["dp_accounting_rdp", "dp_accounting_pld", "opacus_prv", "prv_lower", "prv_estimate", "prv_upper"]
OURS = ["rdp", "pld", "pld_lower", "prv_lower", "prv_estimate", "prv_upper"]
HEADER = ["rate", "noise", "steps", "delta"]
WARM_UP = 10
COUNT = 200
SEED = 4


def draw(rng, steps):
    rate = 1.0 if rng.random() < 0.05 else 10 ** rng.uniform(-4, -0.3)
    return rate, rng.uniform(0.5, 6), steps or int(10 ** rng.uniform(0, 5)), 10 ** rng.uniform(-9, -4)


def rough(setting):
    """Whole orders only, for which dp-accounting has a short sum."""
    rate, noise, steps, delta = setting
    accountant = RdpAccountant([*range(2, 64), 128, 256])
    accountant.compose(event(rate, noise), steps)
    return accountant.get_epsilon(delta)


def settings(count):
    """Settings whose epsilon means something, four digits each, so that a file gives them again."""
    rng = random.Random(SEED)
    found = []
    while len(found) < count:
        place = len(found) % 10
        rate, noise, steps, delta = draw(rng, 100_000 if place == 0 else None)
        setting = float(f"{rate:.4g}"), float(f"{noise:.4g}"), steps, float(f"{delta:.4g}")
        epsilon = rough(setting)
        if (100 < epsilon < 600) if place == 1 else (0.02 < epsilon < 600):
            found.append(setting)
    return found


def event(rate, noise):
    gaussian = dp_accounting.GaussianDpEvent(noise)
    return gaussian if rate == 1 else dp_accounting.PoissonSampledDpEvent(rate, gaussian)


def with_dp_accounting(accountant, rate, noise, steps, delta):
    accountant.compose(event(rate, noise), steps)
    return accountant.get_epsilon(delta)


def with_prv(rate, noise, steps, delta, error):
    import prv_accountant

    mechanism = prv_accountant.PoissonSubsampledGaussianMechanism(sampling_probability=rate, noise_multiplier=noise)
    accountant = prv_accountant.PRVAccountant(
        prvs=[mechanism], max_self_compositions=[steps], eps_error=error, delta_error=delta / 1000
    )
    return accountant.compute_epsilon(delta=delta, num_self_compositions=[steps])


def with_opacus(rate, noise, steps, delta, error):
    from opacus.accountants import PRVAccountant

    accountant = PRVAccountant()
    accountant.history = [(noise, rate, steps)]
    return accountant.get_epsilon(delta, eps_error=error, delta_error=delta / 1000)


def attempt(compute, wanted):
    """What a peer answers; not a number where it gives up."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = compute()
    except Exception:  # peers raise errors of every type where their grids do not suffice
        return [math.nan] * wanted
    return [float(each) for each in answer] if wanted > 1 else [float(answer)]


def peers(setting):
    rdp = attempt(lambda: with_dp_accounting(RdpAccountant(), *setting), 1)
    pld = attempt(lambda: with_dp_accounting(PLDAccountant(), *setting), 1)
    error = max(1e-3, 0.01 * pld[0])
    return rdp + pld + attempt(lambda: with_opacus(*setting, error), 1) + attempt(lambda: with_prv(*setting, error), 3)


class Tacita:
    """Our accountants in a process of their own."""

    def __init__(self, target):
        java = ["java", "-XX:+UseSerialGC", *os.environ.get("JAVA_OPTS", "-Xmx2g").split()]
        java += ["-cp", f"{target}/lib/*:{target}/classes", "dev.tacita.benchmarks.PeerEpsilons"]
        self.process = subprocess.Popen(java, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what, setting):
        self.process.stdin.write(" ".join([what, *map(str, setting)]) + "\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(compute):
    start = time.perf_counter_ns()
    compute()
    return time.perf_counter_ns() - start


def read(path):
    with open(path, newline="") as file:
        rows = [row for row in csv.reader(file) if not row[0].startswith("#")]
    return [
        ((float(row[0]), float(row[1]), int(row[2]), float(row[3])), [float(word) for word in row[4:]])
        for row in rows[1:]
    ]


def write(path, rows):
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["dp-accounting", "opacus", "prv-accountant"])
    with open(path, "w", newline="") as file:
        file.write(f"# benchmarks/peers/run --accounting --write, seed {SEED}: {versions}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER + PEERS)
        writer.writerows([*setting, *[f"{value:.10g}" for value in values]] for setting, values in rows)


def error_of(theirs):
    """What prv_accountant and Opacus were allowed to err."""
    return max(1e-3, 0.01 * theirs["dp_accounting_pld"])


def contradicted(theirs):
    """Whether prv_accountant gave up, or its lower bound is above the upper bounds of the two others."""
    return not theirs["prv_lower"] <= max(theirs["dp_accounting_pld"], theirs["opacus_prv"])


def show(rows, tacita):
    print("|", " | ".join(HEADER + ["PLD", "dp-accounting"] + ["PRV", "prv_accountant", "Opacus PRV"]), "| RDP | dp-accounting |")
    print("|" + "---|" * 11)
    pld = []
    without_prv, unordered = 0, 0
    beyond = {"prv_accountant's": 0, "Opacus's": 0}
    for setting, values in rows:
        theirs = dict(zip(PEERS, values))
        ours = dict(zip(OURS, tacita.ask("all", setting)))
        cells = [*setting, ours["pld"], theirs["dp_accounting_pld"], ours["prv_estimate"], theirs["prv_estimate"]]
        cells += [theirs["opacus_prv"], ours["rdp"], theirs["dp_accounting_rdp"]]
        print("|", " | ".join(f"{cell:.5g}" for cell in cells), "|", flush=True)
        ordered = ours["rdp"] >= ours["pld"] * (1 - 1e-3) and ours["pld"] >= ours["prv_lower"]
        ordered &= ours["prv_lower"] <= ours["prv_estimate"] <= ours["prv_upper"] and ours["pld_lower"] <= ours["pld"]
        unordered += not ordered
        pld.append(ours["pld"] / theirs["dp_accounting_pld"] - 1)
        error = error_of(theirs)
        without_prv += contradicted(theirs)
        beyond["prv_accountant's"] += not contradicted(theirs) and abs(ours["prv_estimate"] - theirs["prv_estimate"]) > error
        beyond["Opacus's"] += abs(ours["prv_estimate"] - (theirs["opacus_prv"] - error)) > error
    print(f"\nPLD: above dp-accounting's by at most {max(pld):.2%}, below it by at most {-min(pld):.2%}; bounds out of order: {unordered}")
    print("PRV: further than one in a hundred, or a thousandth, from", ", from ".join(f"{name} in {n}" for name, n in beyond.items()), end=" ")
    print(f"of {len(rows)} settings; in {without_prv} prv_accountant gave up or contradicts the two others", flush=True)


def race(rows, tacita):
    for name, accountant in [("pld", PLDAccountant), ("rdp", RdpAccountant)]:
        ours, theirs = [], []
        for place, (setting, _) in enumerate(rows[:WARM_UP] + rows):
            mine = tacita.ask("time-" + name, setting)[0]
            peer = timed(lambda: with_dp_accounting(accountant(), *setting))
            if place >= WARM_UP:
                ours.append(mine)
                theirs.append(peer)
        ratios = [mine / peer for mine, peer in zip(ours, theirs)]
        print(
            f"{name.upper()}, {len(rows)} settings: ours {sum(ours) / 1e9:.1f} s, dp-accounting {sum(theirs) / 1e9:.1f} s, "
            f"ratio {sum(ours) / sum(theirs):.3f}; of single settings: median {statistics.median(ratios):.3f}, largest {max(ratios):.3f}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/peers/run --accounting", description=__doc__)
    parser.add_argument("target", help=argparse.SUPPRESS)
    parser.add_argument("golden", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="ask the peers again and write their epsilons to the file of the test")
    parser.add_argument("--no-times", action="store_true", help="compare only")
    parser.add_argument("--count", type=int, default=COUNT, help=f"settings (default {COUNT})")
    options = parser.parse_args()
    absl.logging.set_verbosity(absl.logging.ERROR)

    if options.write:
        rows = []
        for setting in settings(options.count):
            rows.append((setting, peers(setting)))
            print(len(rows), *setting, *rows[-1][1], file=sys.stderr, flush=True)
        write(options.golden, rows)
    rows = read(options.golden)[: options.count]
    tacita = Tacita(options.target)
    show(rows, tacita)
    if not options.no_times:
        race(rows, tacita)
    tacita.close()


if __name__ == "__main__":
    main()
