#!/usr/bin/env python3
"""Splits the Breast Cancer Wisconsin (Diagnostic) table over four sites, as the demo ships it.

    python3 scripts/split_breast_cancer.py breast_cancer.csv cli/src/main/resources/dev/tacita/cli/demo/breast-cancer

The input is scikit-learn's copy (sklearn/datasets/data/breast_cancer.csv in its wheel). No value is changed. The sites
differ in size, in their share of malignant tumours, and in the tumours' size: within each class, rows are sorted by
mean radius plus noise and dealt in that order. The same input gives the same bytes.
"""
import csv
import random
import sys

# site: (malignant, benign)
SITES = {"north": (72, 148), "east": (54, 96), "south": (50, 70), "west": (36, 43)}
NOISE = 4.0  # standard deviations of the radius within a class; more is less skew
SEED = 1995
MEASURES = ["radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave_points",
            "symmetry", "fractal_dimension"]
COLUMNS = [f"{statistic}_{measure}" for statistic in ("mean", "error", "worst") for measure in MEASURES]
CLASSES = ["malignant", "benign"]


def dealing_order(rows, rng):
    radii = [float(row[0]) for row in rows]
    mean = sum(radii) / len(radii)
    deviation = (sum((radius - mean) ** 2 for radius in radii) / len(radii)) ** 0.5
    keys = [radius / deviation + NOISE * rng.gauss(0, 1) for radius in radii]
    return [rows[i] for i in sorted(range(len(rows)), key=keys.__getitem__)]


def main(source, folder):
    with open(source, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    rng = random.Random(SEED)
    classes = [dealing_order([row[:-1] + [name] for row in rows if row[-1] == str(index)], rng)
               for index, name in enumerate(CLASSES)]
    if [len(each) for each in classes] != [sum(site[index] for site in SITES.values()) for index in (0, 1)]:
        sys.exit(f"{source}: not the table of 212 malignant and 357 benign tumours")
    dealt = [0, 0]
    for site, counts in SITES.items():
        mine = []
        for index, count in enumerate(counts):
            mine += classes[index][dealt[index]:dealt[index] + count]
            dealt[index] += count
        keys = [rng.random() for _ in mine]
        mine = [mine[i] for i in sorted(range(len(mine)), key=keys.__getitem__)]
        with open(f"{folder}/{site}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS + ["diagnosis"]] + mine)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
