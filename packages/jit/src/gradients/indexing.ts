/** Gradients of reading and writing at given places: each is the other's transpose. */

import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../graph/types.ts";
import { gradient, none, range } from "./gradient.ts";

/** scatterND for any indices of gatherND: a single place too, which tfjs would read as several. */
function scatter(indices: tf.Tensor, updates: tf.Tensor, shape: number[]): tf.Tensor {
  const depth = indices.shape.at(-1)!;
  const n = indices.size / depth;
  if (n === 0) return tf.zeros(shape);
  return tf.scatterND(
    tf.reshape(indices, [n, depth]),
    tf.reshape(updates, [n, ...shape.slice(depth)]),
    shape,
  );
}

/** gatherND for any indices of scatterND: in a vector of them each is one place along the first axis. */
function gather(x: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  return tf.gatherND(x, indices.rank > 1 ? indices : tf.reshape(indices, [indices.size, 1]));
}

const gatherNd = gradient("GatherNd", ["params", "indices"], (dy, [params, indices]) => ({
  params: () => scatter(indices!, dy, params!.shape),
  indices: none(indices!),
}));

const scatterNd = gradient("ScatterNd", ["indices", "updates"], (dy, [indices, updates]) => ({
  indices: none(indices!),
  updates: () => tf.reshape(gather(dy, indices!), updates!.shape),
}));

/** True where one of the places is; counts of 1 add up to at least 1. */
function touched(indices: tf.Tensor, shape: number[]): tf.Tensor {
  const list = indices.rank > 1 ? indices : tf.reshape(indices, [indices.size, 1]);
  const depth = list.shape.at(-1)!;
  const ones = tf.ones([...list.shape.slice(0, -1), ...shape.slice(depth)]);
  return tf.greater(tf.scatterND(list, ones, shape), 0);
}

/** The part of dy that the values before the writing still have. */
function untouched(dy: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  return tf.where(touched(indices, dy.shape), tf.zerosLike(dy), dy);
}

const tensorScatterUpdate = gradient(
  "TensorScatterUpdate",
  ["indices", "updates"],
  (dy, [indices, updates]) => ({
    tensor: () => untouched(dy, indices!),
    indices: none(indices!),
    updates: () => tf.reshape(gather(dy, indices!), updates!.shape),
  }),
);

const sparseToDense = gradient(
  "SparseToDense",
  ["sparseIndices", "sparseValues", "defaultValue"],
  (dy, [indices, values, initial]) => ({
    sparseIndices: none(indices!),
    sparseValues: () => {
      const each = gather(dy, indices!);
      return values!.rank === 0 ? tf.sum(each) : tf.reshape(each, values!.shape);
    },
    defaultValue: () => tf.reshape(tf.sum(untouched(dy, indices!)), initial!.shape),
  }),
);

/** dx[..., j] = sum over i of dy[..., i] where indices[..., i] = j */
const topK = gradient<tf.Tensor[]>(
  "TopK",
  ["x"],
  ([dy], [x, indices]) => ({
    x: () => {
      const length = x!.shape.at(-1)!;
      const picked = tf.cast(
        tf.equal(tf.expandDims(indices!, -1), tf.range(0, length, 1, "int32")),
        "float32",
      );
      return tf.sum(tf.mul(tf.expandDims(dy!, -1), picked), -2); // [..., length]
    },
  }),
  { outputsToSave: [false, true] },
);

const diag = gradient("Diag", ["x"], (dy, [x]) => ({
  x: () => {
    const n = x!.size;
    const places = tf.tensor1d(
      range(n).map((i) => i * (n + 1)),
      "int32",
    );
    return tf.reshape(tf.gather(tf.reshape(dy, [n * n]), places), x!.shape);
  },
}));

export const indexingGradients: readonly tf.GradConfig[] = [
  diag,
  gatherNd,
  scatterNd,
  sparseToDense,
  tensorScatterUpdate,
  topK,
];

/**
 * tfjs's is wrong for batchDims > 1, and for 1 it works example by example. Here x is seen as [batch outer axis, slice]
 * and the rows of dy are added up at (b outer + o) dim + index.
 */
const gatherV2 = gradient("GatherV2", ["x", "indices"], (dy, [x, indices], attrs) => ({
  x: () => {
    const [axis] = tf.util.parseAxisParam(attrs.axis, x!.shape) as [number];
    const given: number = attrs.batchDims ?? 0;
    const batchDims = given < 0 ? given + indices!.rank : given;
    const batch = sizeOf(x!.shape.slice(0, batchDims));
    const outer = sizeOf(x!.shape.slice(batchDims, axis));
    const dim = x!.shape[axis]!;
    const slice = sizeOf(x!.shape.slice(axis + 1));
    const each = indices!.size / batch;
    const starts = tf.tensor3d(
      range(batch * outer).map((i) => i * dim),
      [batch, outer, 1],
      "int32",
    );
    const places = tf.add(tf.reshape(indices!, [batch, 1, each]), starts); // [batch, outer, each]
    const rows = tf.reshape(dy, [batch * outer * each, slice]);
    const sums = scatter(tf.reshape(places, [batch * outer * each, 1]), rows, [batch * outer * dim, slice]);
    return tf.reshape(sums, x!.shape);
  },
  indices: none(indices!),
}));

export const indexingReplacements: readonly tf.GradConfig[] = [gatherV2];
