"""scikit-learn's t-SNE, timed: tsne-suite.ts starts it.

    python3 tsne_bench.py METHOD POINTS COUNT ITERATIONS PERPLEXITY EMBEDDING

Prints {seconds, cpu, iterations, version} and writes the embedding: float32, row by row, as the points are.
"""

import json
import sys
import time

import numpy as np
import sklearn
from sklearn.manifold import TSNE

method, source, count, iterations, perplexity, target = sys.argv[1:]
points = np.fromfile(source, dtype=np.float32).reshape(int(count), -1)
model = TSNE(
    method=method,
    perplexity=float(perplexity),
    max_iter=int(iterations),
    learning_rate="auto",
    init="pca",
    random_state=0,
)
start, cpu = time.perf_counter(), time.process_time()
embedding = model.fit_transform(points)
run = {
    "seconds": time.perf_counter() - start,
    "cpu": time.process_time() - cpu,
    "iterations": min(model.n_iter_ + 1, model.max_iter),  # n_iter_ is the index of the last
    "version": sklearn.__version__,
}
embedding.astype(np.float32).tofile(target)
print(json.dumps(run))
