"""Times a site and the server of Tacita's secure aggregation and of Flower's SecAgg+, and prints the ratios.

Processor time of one thread each; with --clock the clock, and Tacita's site on two threads, as Flower's cannot be. Flower's clients are its own functions. Its server's loop is written out here after its unmask stage, whose
method needs a running grid; every primitive is Flower's. Flower's sum is checked.
"""

import argparse
import importlib
import statistics
import subprocess
import sys
import time

import numpy as np
from flwr.common import bytes_to_ndarray, ndarrays_to_parameters
from flwr.common.secure_aggregation.crypto.shamir import combine_shares
from flwr.common.secure_aggregation.ndarrays_arithmetic import factor_extract, get_parameters_shape
from flwr.common.secure_aggregation.quantization import dequantize
from flwr.common.secure_aggregation.secaggplus_constants import Key

# The package exports a function under the module's name.
flower = importlib.import_module("flwr.client.mod.secure_aggregation.secaggplus_mod")
CLIP, TARGET, MODULUS, WEIGHT = 8.0, 1 << 22, 1 << 32, 1000.0


# Columns of the table that benchmarks/run secure-agg prints.
DEGREE, THRESHOLD, QUANTISING, MASKING, MASKING_BY_THE_CLOCK, ALL_STAGES, UNMASKING, UNMASKING_PROCESSOR = 2, 3, 5, 6, 7, 8, 9, 10


def ours(run, options):
    """Of Tacita: degree, threshold, and seconds of masking, of all stages at a site, of unmasking; the medians of the runs, each
    after two rounds that are not counted."""
    command = [run, "secure-agg", "--sites", ",".join([str(options.sites)] * 3), "--parameters", str(options.parameters)]
    command += ["--dropouts", str(options.dropouts), "--workers", "2" if options.clock else "1"]
    command += ["--site-workers", "2" if options.clock else "1"]
    rows = []
    for _ in range(options.rounds):
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        rows.append([float(cell) for cell in output.strip().splitlines()[-1].strip("|").split("|")])
    print("\n".join(str(row) for row in rows), file=sys.stderr)
    column = lambda index: statistics.median(row[index] for row in rows)
    masking = (column(QUANTISING) + column(MASKING_BY_THE_CLOCK if options.clock else MASKING)) / 1000
    whole = masking + (column(ALL_STAGES) - column(MASKING)) / 1000
    unmasking = column(UNMASKING if options.clock else UNMASKING_PROCESSOR)
    return int(rows[0][DEGREE]), int(rows[0][THRESHOLD]), [masking, whole, unmasking]


def configuration(sites, degree, threshold):
    return {
        Key.SAMPLE_NUMBER: sites,
        Key.SHARE_NUMBER: degree + 1,
        Key.THRESHOLD: threshold,
        Key.CLIPPING_RANGE: CLIP,
        Key.TARGET_RANGE: TARGET,
        Key.MOD_RANGE: MODULUS,
        Key.MAX_WEIGHT: WEIGHT,
    }


def theirs(degree, threshold, options):
    """Of Flower: seconds of masking and of all stages at a client (medians), seconds of unmasking."""
    clock = time.perf_counter if options.clock else time.process_time
    count = options.sites
    states = []
    whole = [0.0] * count
    for node in range(count):
        state = flower.SecAggPlusState()
        state.nid = node
        begin = clock()
        flower._setup(state, configuration(count, degree, threshold))
        whole[node] += clock() - begin
        states.append(state)
    near = {n: sorted((n + k) % count for k in range(-(degree // 2), degree // 2 + 1)) for n in range(count)}
    inbox = {n: ([], []) for n in range(count)}
    for state in states:
        keys = {str(n): (states[n].pk1, states[n].pk2) for n in near[state.nid]}
        begin = clock()
        shared = flower._share_keys(state, keys)
        whole[state.nid] += clock() - begin
        for to, text in zip(shared[Key.DESTINATION_LIST], shared[Key.CIPHERTEXT_LIST]):
            inbox[to][0].append(state.nid)
            inbox[to][1].append(text)
    dropped = set(range(0, count, round(1 / options.dropouts))) if options.dropouts > 0 else set()
    active = [n for n in range(count) if n not in dropped]
    update = [np.full(options.parameters, 0.25, dtype=np.float32)]
    times, total = [], None
    for node in active:
        message = {Key.SOURCE_LIST: inbox[node][0], Key.CIPHERTEXT_LIST: inbox[node][1]}
        packed = ndarrays_to_parameters(update)
        begin = clock()
        masked = flower._collect_masked_vectors(states[node], message, int(WEIGHT), packed)
        times.append(clock() - begin)
        whole[node] += times[-1]
        vectors = [bytes_to_ndarray(b) for b in masked[Key.MASKED_PARAMETERS]]
        total = vectors if total is None else flower.parameters_addition(total, vectors)
    total = flower.parameters_mod(total, MODULUS)
    shares = {n: [] for n in range(count)}
    for node in active:
        begin = clock()
        answer = flower._unmask(states[node], {
            Key.ACTIVE_NODE_ID_LIST: [n for n in near[node] if n not in dropped],
            Key.DEAD_NODE_ID_LIST: [n for n in near[node] if n in dropped],
        })
        whole[node] += clock() - begin
        for owner, share in zip(answer[Key.NODE_ID_LIST], answer[Key.SHARE_LIST]):
            shares[owner].append(share)
    begin = clock()
    mean = unmask(total, shares, states, near, dropped)
    elapsed = clock() - begin
    if not np.allclose(mean, 0.25, atol=1e-3):
        sys.exit(f"Flower's mean is {mean[:3]}, not 0.25")
    return statistics.median(times), statistics.median(whole[node] for node in active), elapsed


def unmask(vector, shares, states, near, dropped):
    """As Flower's server does it: own masks of those who are active, and masks of the others with their active neighbours."""
    active = len(states) - len(dropped)
    for node, collected in shares.items():
        secret = combine_shares(collected)
        if node not in dropped:
            mask = flower.pseudo_rand_gen(secret, MODULUS, get_parameters_shape(vector))
            vector = flower.parameters_subtraction(vector, mask)
            continue
        for neighbour in near[node]:
            if neighbour == node or neighbour in dropped:
                continue
            key = flower.generate_shared_key(
                flower.bytes_to_private_key(secret), flower.bytes_to_public_key(states[neighbour].pk1)
            )
            mask = flower.pseudo_rand_gen(key, MODULUS, get_parameters_shape(vector))
            change = flower.parameters_addition if node > neighbour else flower.parameters_subtraction
            vector = change(vector, mask)
    factor, vector = factor_extract(flower.parameters_mod(vector, MODULUS))
    values = dequantize(vector, CLIP, TARGET)[0]
    return (values - (active - 1) * CLIP) * (TARGET / factor)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/peers/secagg", description=__doc__)
    parser.add_argument("run", help=argparse.SUPPRESS)
    parser.add_argument("--sites", type=int, default=100, help="default 100")
    parser.add_argument("--parameters", type=int, default=1_000_000, help="default 1000000")
    parser.add_argument("--dropouts", type=float, default=0.1, help="fraction of the sites that drop out (default 0.1)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each side (default 3)")
    parser.add_argument("--clock", action="store_true", help="by the clock, Tacita on two threads: for a quiet machine")
    options = parser.parse_args()
    degree, threshold, here = ours(options.run, options)
    rounds = [theirs(degree, threshold, options) for _ in range(options.rounds)]
    there = [statistics.median(each) for each in zip(*rounds)]
    print(f"{options.sites} sites, {options.parameters} parameters, degree {degree}, threshold {threshold}")
    print("| | Tacita, s | Flower, s | ratio |\n|---|---|---|---|")
    names = ("quantising and masking at a site", "all stages at a site", "unmasking at the server")
    for name, tacita, flower_time in zip(names, here, there):
        print(f"| {name} | {tacita:.4f} | {flower_time:.4f} | {tacita / flower_time:.4f} |")


if __name__ == "__main__":
    main()
