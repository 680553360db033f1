/**
 * The vectors of a model (biases, scales of norms) as one: what is done to each number alone, an optimizer does to the whole of them at
 * once. A network has some hundred; work on one of them costs less than starting it does.
 */

import * as tf from "@tensorflow/tfjs";
import { mapParams, type Params, param } from "../params.ts";

/** Under this name; those of parameters are not empty. */
const VECTORS = "";

export interface Packing {
  /** A tree like the one that this was made for. @throws MissingParameterError, ShapeError where it is unlike it */
  pack(tree: Params): Params;
  /** What `pack` was given, in its order. */
  unpack(packed: Params): Params;
}

/** @param like names and shapes */
export function packing(like: Params): Packing {
  const names = Object.keys(like).filter((name) => like[name]!.rank === 1);
  const sizes = names.map((name) => like[name]!.size);
  const isVector = new Set(names);
  return {
    pack(tree) {
      const checked = mapParams(like, ({ shape }, name) => param(tree, name, shape));
      if (names.length < 2) return checked;
      const others = Object.entries(checked).filter(([name]) => !isVector.has(name));
      const vectors = names.map((name) => checked[name] as tf.Tensor1D);
      return { ...Object.fromEntries(others), [VECTORS]: tf.concat(vectors) };
    },
    unpack(packed) {
      if (names.length < 2) return packed;
      const parts = tf.split(packed[VECTORS]!, sizes);
      const vectors = Object.fromEntries(names.map((name, i) => [name, parts[i]!]));
      return mapParams(like, (_, name) => vectors[name] ?? packed[name]!);
    },
  };
}
