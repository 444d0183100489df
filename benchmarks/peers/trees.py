"""Federated boosted trees of four hospitals beside XGBoost and scikit-learn on the pooled rows, over many splits of the rows."""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score

METRICS = ("accuracy", "AUC", "log loss")


def measured(targets, predictions):
    """Accuracy, area under the ROC curve and log loss."""
    right = np.mean((predictions > 0.5) == (targets > 0.5))
    return right, roc_auc_score(targets, predictions), log_loss(targets, predictions)


def rows_of(file):
    """For train and test: inputs, targets and the federated trees' predictions; and the inputs' names."""
    with open(file, newline="") as lines:
        table = list(csv.reader(lines))
    parts = {}
    for part in ("train", "test"):
        numbers = np.array([row[2:] for row in table[1:] if row[0] == part], dtype=np.float64)
        parts[part] = numbers[:, :-2].astype(np.float32), numbers[:, -2], numbers[:, -1]
    return parts, table[0][2:-2]


def xgboost_of(inputs, targets, options):
    return xgboost.train(
        {
            "objective": "binary:logistic",
            "tree_method": "hist",
            "max_depth": options.depth,
            "max_bin": options.bins,
            "eta": options.learning_rate,
            "lambda": options.reg_lambda,
            "base_score": float(np.mean(targets)),
            "nthread": 1,
        },
        xgboost.DMatrix(inputs, targets),
        options.trees,
    )


def compared(file, options):
    parts, names = rows_of(file)
    inputs, targets, _ = parts["train"]
    test, truth, ours = parts["test"]
    loaded = xgboost.Booster()
    loaded.load_model(file.with_suffix(".json"))
    reread = loaded.predict(xgboost.DMatrix(test, feature_names=names))
    peer = xgboost_of(inputs, targets, options).predict(xgboost.DMatrix(test))
    other = HistGradientBoostingClassifier(
        learning_rate=options.learning_rate,
        max_iter=options.trees,
        max_depth=options.depth,
        max_leaf_nodes=None,
        min_samples_leaf=1,
        l2_regularization=options.reg_lambda,
        max_bins=options.bins,
        early_stopping=False,
    ).fit(inputs, targets)
    return {
        "ours, four hospitals": measured(truth, ours),
        "XGBoost, pooled": measured(truth, peer),
        "scikit-learn, pooled": measured(truth, other.predict_proba(test)[:, 1]),
    }, np.max(np.abs(reread - ours))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("runner", help=argparse.SUPPRESS)
    parser.add_argument("--data", required=True, help="folder with the hospitals' files")
    studies = pathlib.Path(__file__).parent.parent / "studies/heart-disease"
    parser.add_argument("--schema", default=studies / "trees-schema.yaml", help="what the files look like")
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--trees", type=int, default=50)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--bins", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--lambda", type=float, default=1, dest="reg_lambda")
    parser.add_argument("--smallest-node", type=int, default=1, help="of ours alone: XGBoost has no such bound")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = [f"--{name}={value}" for name, value in (
            ("data", options.data), ("schema", options.schema), ("out", folder), ("splits", options.splits),
            ("trees", options.trees), ("depth", options.depth), ("bins", options.bins),
            ("learning-rate", options.learning_rate), ("lambda", options.reg_lambda),
            ("smallest-node", options.smallest_node))]
        subprocess.run([options.runner, "trees", *settings], check=True)
        results = [compared(file, options) for file in sorted(pathlib.Path(folder).glob("*.csv"))]
    print(f"{options.splits} splits; mean and deviation over them, and of the difference to ours")
    for who in results[0][0]:
        for index, metric in enumerate(METRICS):
            values = np.array([split[who][index] for split, _ in results])
            ours = np.array([split["ours, four hospitals"][index] for split, _ in results])
            differences = values - ours
            print(f"{who:22} {metric:9} {values.mean():.4f} +- {values.std():.4f}   "
                  f"difference {differences.mean():+.4f} +- {differences.std():.4f}")
    print(f"the same ensembles read by XGBoost predict the same but for {max(gap for _, gap in results):.1e}")


if __name__ == "__main__":
    sys.exit(main())
