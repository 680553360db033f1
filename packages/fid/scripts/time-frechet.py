"""The Frechet distance as Python programs compute it, timed: `time-frechet.ts` runs this, and says what the figures are.

    python3 packages/fid/scripts/time-frechet.py '{"first": {...}, "second": {...}, "repeats": 1}'

The argument names two sets by their feature rules (`fixtures/golden/frechet/make-frechet.py`). Prints a JSON line for each
repeat of each formula. Needs numpy, scipy and mpmath; threads are set by OPENBLAS_NUM_THREADS.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path

import numpy as np
import scipy.linalg

golden = Path(__file__).parents[3] / "fixtures/golden/frechet/make-frechet.py"
spec = importlib.util.spec_from_file_location("make_frechet", golden)
make_frechet = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_frechet)


def pytorch_fid(mu1, s1, mu2, s2):
    """calculate_frechet_distance of pytorch-fid 0.3, in our words."""
    root = scipy.linalg.sqrtm(s1.dot(s2))
    if not np.isfinite(root).all():
        offset = np.eye(len(s1)) * 1e-6
        root = scipy.linalg.sqrtm((s1 + offset).dot(s2 + offset))
    return ((mu1 - mu2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * np.trace(root.real)


def eigvals(mu1, s1, mu2, s2):
    """As torchmetrics has it: eigenvalues of the product, no square root."""
    values = np.linalg.eigvals(s1.dot(s2))
    root = np.sqrt(values.astype(complex)).real.sum()
    return ((mu1 - mu2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * root


pair = json.loads(sys.argv[1])
statistics = []
for rule in (pair["first"], pair["second"]):
    x = make_frechet.features(**rule)
    statistics += [x.mean(0), np.cov(x, rowvar=False)]
for formula in (pytorch_fid, eigvals):
    for _ in range(pair["repeats"]):
        wall, cpu = time.perf_counter(), time.process_time()
        distance = formula(*statistics)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(json.dumps({"formula": formula.__name__, "distance": float(distance), "wall": wall, "cpu": cpu}), flush=True)
