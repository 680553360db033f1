/** Runs a function once on symbolic tensors and returns the graph of what it did. */

import * as tf from "@tensorflow/tfjs";
import { ImpureFunctionError, JitError, TreeError, UnsupportedKernelError } from "../errors.ts";

import { prune } from "../graph/prune.ts";
import type { DType, Graph, Value } from "../graph/types.ts";
import { avoidWrongConvolutions } from "../graph/webgpu-conv.ts";
import type { Target } from "../kernels/lowering.ts";
import { propagateLayout } from "../layout/propagate.ts";
import {
  type FeedArray,
  type Flattened,
  flatten,
  type Leaf,
  type Static,
  type TreeDef,
  unflatten,
} from "../tree.ts";
import { graphDType, TRACE_BACKEND, TracingBackend } from "./backend.ts";
import { withPurityChecks } from "./purity.ts";
import { engine, withBackend } from "./tfjs.ts";
import { userLine } from "./user-line.ts";

export interface Traced {
  graph: Graph;
  /** For each tensor among the flattened arguments, the graph input it feeds, or undefined where nothing reads it. */
  inputs: (string | undefined)[];
  result: TreeDef;
  /** For each leaf of the result: the graph output that holds it, or the static value it is. */
  outputs: ({ name: string; dtype: tf.DataType; shape: number[] } | { value: Static })[];
}

/** @param block channels that convolutions on the target keep together; 0 for standard operators only */
export function trace(fn: (...args: never[]) => unknown, args: Flattened, target: Target, block = 0): Traced {
  const backend = new TracingBackend(target, block);
  const { inputs, leaves } = makeInputs(args, backend);
  return withBackend(TRACE_BACKEND, backend, () =>
    withPurityChecks(() => {
      engine.startScope("touchstone-trace");
      try {
        const parameters = leaves.map((leaf) => (isSymbol(leaf) ? backend.tensor(leaf.symbol) : leaf));
        const result = run(fn, unflatten(args.def, parameters) as never[]);
        return finish(backend, inputs, result);
      } finally {
        engine.endScope();
      }
    }),
  );
}

interface SymbolicLeaf {
  symbol: Value;
}

function isSymbol(leaf: SymbolicLeaf | Static): leaf is SymbolicLeaf {
  return typeof leaf === "object" && leaf !== null;
}

function makeInputs(args: Flattened, backend: TracingBackend) {
  const inputs: string[] = [];
  const leaves = args.leaves.map((leaf, i): SymbolicLeaf | Static => {
    if (leaf.kind === "static") return leaf.value;
    const name = `${args.path(i)}`;
    inputs.push(name);
    const { dtype, shape } = signatureOf(leaf);
    const input = backend.g.input(name, dtype, shape);
    return { symbol: dtype === "uint8" ? backend.g.cast(input, "int32") : input };
  });
  return { inputs, leaves };
}

/** Element type and shape of a tensor argument as the graph takes it. */
export function signatureOf(leaf: Leaf & { kind: "tensor" }): { dtype: DType; shape: number[] } {
  const { value } = leaf;
  if (value instanceof tf.Tensor) return { dtype: graphDType(value.dtype), shape: value.shape };
  return { dtype: feedDType(value), shape: [value.length] };
}

function feedDType(array: FeedArray): DType {
  return array instanceof Float32Array ? "float32" : array instanceof Int32Array ? "int32" : "uint8";
}

function run(fn: (...args: never[]) => unknown, args: never[]): unknown {
  let result: unknown;
  try {
    result = fn(...args);
  } catch (error) {
    throw explain(error);
  }
  if (result instanceof Promise) {
    result.catch(() => {}); // It is refused as a whole: its own failure is of no interest.
    throw new ImpureFunctionError("A Promise returned", "A compiled function must be synchronous.");
  }
  return result;
}

/** tfjs's own error for a kernel that no table lists names neither the caller nor the remedy. */
function explain(error: unknown): unknown {
  if (error instanceof JitError || !(error instanceof Error)) return error;
  const kernel = /Cannot find registered kernel '(\w+)'/.exec(error.message)?.[1];
  if (!kernel) return error;
  return new UnsupportedKernelError(
    kernel,
    "it has no ONNX lowering (see CONTRIBUTING: how to add a kernel)",
    userLine(error.stack),
  );
}

function finish(backend: TracingBackend, inputs: string[], result: unknown): Traced {
  const flat = flatten(result, "result");
  const graphOutputs: { name: string; value: Value }[] = [];
  const outputs = flat.leaves.map((leaf, i): Traced["outputs"][number] => {
    if (leaf.kind === "static") return { value: leaf.value };
    if (!(leaf.value instanceof tf.Tensor)) throw new TreeError(flat.path(i), "a typed array", "a tf.Tensor");
    const name = flat.path(i);
    graphOutputs.push({ name, value: backend.value(leaf.value) });
    return { name, dtype: leaf.value.dtype, shape: leaf.value.shape };
  });
  const laidOut = propagateLayout(prune(backend.g.finish(graphOutputs)), backend.target, backend.block);
  const graph = backend.target === "webgpu" ? avoidWrongConvolutions(laidOut) : laidOut;
  const used = new Set(graph.nodes.flatMap((node) => node.inputs.map((value) => value?.id)));
  for (const { value } of graph.outputs) used.add(value.id);
  const kept = graph.inputs.filter(({ value }) => used.has(value.id));
  const names = new Set(kept.map(({ name }) => name));
  return {
    graph: { ...graph, inputs: kept },
    inputs: inputs.map((name) => (names.has(name) ? name : undefined)),
    result: flat.def,
    outputs,
  };
}
