/**
 * The mergeable state of every metric that compares samples with each other: KID, precision and recall, density and coverage,
 * memorisation, Inception Score. Such a metric is no function of fixed-size sums (each sample's neighbours or its split depend on
 * all the others), so its state is the samples themselves.
 *
 *     let state = emptyCollection(2048);
 *     for (const batch of batches) state = updateCollection(state, features(batch));
 *     const scores = kid(collected(reference), collected(mergeCollections(state, fromAnotherShard)), { generator });
 */

import { SampleShapeError } from "./errors.ts";
import { requireFinite, type Samples } from "./samples.ts";

export interface Collection {
  readonly dims: number;
  /** Batches in order, each `[n, dims]`. */
  readonly batches: readonly Float32Array[];
}

export function emptyCollection(dims: number): Collection {
  return { dims, batches: [] };
}

/**
 * @param batch `[n, dims]`; copied
 * @throws SampleShapeError, NumberRangeError
 */
export function updateCollection({ dims, batches }: Collection, batch: Float32Array): Collection {
  if (batch.length % dims !== 0) {
    throw new SampleShapeError("A batch of samples", `a multiple of ${dims} numbers`, `${batch.length}`);
  }
  requireFinite("A batch of samples", batch, dims);
  return { dims, batches: [...batches, batch.slice()] };
}

/** `a`'s samples, then `b`'s. @throws SampleShapeError */
export function mergeCollections(a: Collection, b: Collection): Collection {
  if (a.dims !== b.dims) {
    throw new SampleShapeError("Collections to merge", "the same dimensions", `${a.dims} and ${b.dims}`);
  }
  return { dims: a.dims, batches: [...a.batches, ...b.batches] };
}

export function collected({ dims, batches }: Collection): Samples {
  const data = new Float32Array(batches.reduce((sum, batch) => sum + batch.length, 0));
  let offset = 0;
  for (const batch of batches) {
    data.set(batch, offset);
    offset += batch.length;
  }
  return { data, count: data.length / dims, dims };
}
