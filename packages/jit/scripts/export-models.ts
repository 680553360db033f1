/**
 * Exports traced graphs for checks by other ONNX tools (see check_export.py).
 *
 *   pnpm tsx scripts/export-models.ts OUT_DIR          from packages/jit
 *
 * For each graph it writes NAME.onnx, what `jit(fn).onnx(...)` returns, and NAME.json with the inputs and with the
 * outputs that `jit` itself computed on the CPU: `{ inputs: { name: { dtype, shape, data } }, outputs: the same }`.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import onnxProto from "onnx-proto";
import { attention, type Feed, gelu, jit, normalize } from "../src/index.ts";
import { signatureOf } from "../src/trace/trace.ts";
import { flatten } from "../src/tree.ts";

export interface Recorded {
  dtype: string;
  shape: number[];
  data: number[];
}

export interface Exported {
  name: string;
  model: Uint8Array;
  inputs: Record<string, Recorded>;
  outputs: Record<string, Recorded>;
}

/** A function with the arguments it is traced and run with. */
function traced<A extends unknown[]>(args: [...A], fn: (...args: A) => unknown) {
  return async (): Promise<Omit<Exported, "name">> => {
    const compiled = jit(fn, { device: "cpu" });
    try {
      const model = compiled.onnx(...(args as unknown as Feed<A>));
      const declared = onnxProto.onnx.ModelProto.decode(model).graph!.input!.map((input) => input.name!);
      const result = await compiled(...(args as unknown as Feed<A>));
      const [inputs, outputs] = [await record(args, "args"), await record(result, "result")];
      tf.dispose(result as tf.TensorContainer);
      for (const path of Object.keys(inputs)) if (!declared.includes(path)) delete inputs[path];
      return { model, inputs, outputs };
    } finally {
      await compiled.dispose();
    }
  };
}

/** The tensors of a tree by the names that the graph gives them. */
async function record(tree: unknown, root: string): Promise<Record<string, Recorded>> {
  const flat = flatten(tree, root);
  const recorded: Record<string, Recorded> = {};
  for (const [i, leaf] of flat.leaves.entries()) {
    if (leaf.kind === "static") continue;
    const data = leaf.value instanceof tf.Tensor ? await leaf.value.data() : leaf.value;
    recorded[flat.path(i)] = { ...signatureOf(leaf), data: Array.from(data, Number) };
  }
  return recorded;
}

type Tensors = [tf.Scalar, tf.Tensor1D, tf.Tensor2D, tf.Tensor3D, tf.Tensor4D];
type Of<S extends readonly number[]> = Tensors[S["length"] & keyof Tensors];
let salt = 0;

/** Deterministic values in (-scale, scale) about `offset`; each call gives others. */
function values<const S extends readonly number[]>(shape: S, scale = 1, offset = 0): Of<S> {
  salt++;
  const data = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => {
    const x = Math.sin(12.9898 * i + 78.233 * salt) * 43758.5453;
    return offset + scale * (2 * (x - Math.floor(x)) - 1);
  });
  return tf.tensor(data, [...shape]) as Of<S>;
}

/** Parameters of these shapes; `gamma` is about one. */
function network<const S extends Record<string, readonly number[]>>(shapes: S): { [K in keyof S]: Of<S[K]> } {
  const tensor = (name: string, shape: readonly number[]): tf.Tensor =>
    values(shape, shape.length === 2 ? 0.5 : 0.3, name === "gamma" ? 1 : 0);
  const entries = Object.entries(shapes).map(([name, shape]) => [name, tensor(name, shape)]);
  return Object.fromEntries(entries) as { [K in keyof S]: Of<S[K]> };
}

type Parameters = Record<string, tf.Tensor>;

/** Loss and gradients by every parameter. */
function differentiate<P extends Parameters>(loss: (p: P) => tf.Tensor, parameters: P) {
  const names = Object.keys(parameters);
  const named = (tensors: tf.Tensor[]): P => Object.fromEntries(names.map((n, i) => [n, tensors[i]])) as P;
  const run = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(named(tensors)) as tf.Scalar);
  const { value, grads } = run(Object.values(parameters));
  return { value, gradients: named(grads) };
}

const conv = (x: tf.Tensor, filter: tf.Tensor4D, stride = 2): tf.Tensor4D =>
  tf.conv2d(x as tf.Tensor4D, filter, stride, stride === 1 ? "valid" : "same");

const decoder = traced(
  [values([2, 8, 8, 3]), network({ down: [4, 4, 3, 6], bias: [6], up: [4, 4, 5, 6] })],
  (x, p) => {
    const hidden = tf.leakyRelu(tf.add(conv(x, p.down), p.bias), 0.2) as tf.Tensor4D;
    return tf.conv2dTranspose(hidden, p.up, [2, 8, 8, 5], 2, "same");
  },
);

type State<P> = { parameters: P; mean: P; square: P };

/** Adam's moments start away from zero: its first step from zero is sign(gradient), which magnifies rounding. */
function learner<P extends Parameters>(parameters: P): State<P> {
  const entries = Object.entries(parameters);
  const each = (scale: number, offset: number): P =>
    Object.fromEntries(entries.map(([name, { shape }]) => [name, values(shape, scale, offset)])) as P;
  return { parameters, mean: each(0.01, 0), square: each(0.0005, 0.001) };
}

function adam<P extends Parameters>(state: State<P>, gradients: P, step: tf.Scalar): State<P> {
  const next: State<Parameters> = { parameters: {}, mean: {}, square: {} };
  for (const [name, g] of Object.entries(gradients)) {
    const mean = tf.add(tf.mul(state.mean[name]!, 0.5), tf.mul(g, 0.5));
    const square = tf.add(tf.mul(state.square[name]!, 0.999), tf.mul(tf.square(g), 0.001));
    const unbiased = (x: tf.Tensor, decay: number): tf.Tensor => tf.div(x, tf.sub(1, tf.pow(decay, step)));
    const change = tf.div(unbiased(mean, 0.5), tf.add(tf.sqrt(unbiased(square, 0.999)), 1e-8));
    next.parameters[name] = tf.sub(state.parameters[name]!, tf.mul(change, 2e-3));
    next.mean[name] = mean;
    next.square[name] = square;
  }
  return next as State<P>;
}

const generator = learner(network({ dense: [6, 64], gamma: [4], beta: [4], up: [4, 4, 3, 4] }));
const critic = learner(
  network({ one: [4, 4, 3, 5], two: [4, 4, 5, 6], gamma: [6], beta: [6], out: [24, 1] }),
);

function generate(p: typeof generator.parameters, z: tf.Tensor2D): tf.Tensor4D {
  const seed = tf.reshape(tf.matMul(z, p.dense), [4, 4, 4, 4]) as tf.Tensor4D;
  const hidden = tf.relu(normalize(seed, p.gamma, p.beta, [0, 1, 2], 1e-5));
  return tf.tanh(tf.conv2dTranspose(hidden, p.up, [4, 8, 8, 3], 2, "same"));
}

/** Binary cross-entropy of the critic's opinion on `x` against `label`. */
function bce(label: number, p: typeof critic.parameters, x: tf.Tensor4D): tf.Tensor {
  const one = tf.leakyRelu(conv(x, p.one), 0.2);
  const two = tf.leakyRelu(normalize(conv(one, p.two), p.gamma, p.beta, [0, 1, 2], 1e-5), 0.2);
  return tf.losses.sigmoidCrossEntropy(tf.fill([4, 1], label), tf.matMul(tf.reshape(two, [4, 24]), p.out));
}

const adversarialStep = traced(
  [generator, critic, values([4, 6]), values([4, 8, 8, 3]), tf.scalar(3)],
  (g, d, z, real, step) => {
    const fake = generate(g.parameters, z);
    const judged = differentiate((p) => tf.add(bce(1, p, real), bce(0, p, fake)), d.parameters);
    const critic = adam(d, judged.gradients, step);
    const made = differentiate((p) => bce(1, critic.parameters, generate(p, z)), g.parameters);
    return { losses: [judged.value, made.value], critic, generator: adam(g, made.gradients, step) };
  },
);

const gradientPenalty = traced(
  [
    network({ one: [4, 4, 3, 6], bias: [6], two: [4, 4, 6, 4], out: [2, 2, 4, 1] }),
    network({ real: [3, 8, 8, 3], fake: [3, 8, 8, 3], mix: [3, 1, 1, 1] }),
  ],
  (parameters, { real, fake, mix }) => {
    const between = tf.add(tf.mul(real, mix), tf.mul(fake, tf.sub(1, mix)));
    return differentiate((p) => {
      const score = (x: tf.Tensor): tf.Tensor => {
        const one = tf.softplus(tf.add(conv(x, p.one), p.bias));
        return tf.sum(conv(tf.leakyRelu(conv(one, p.two), 0.2), p.out, 1));
      };
      const norm = tf.sqrt(tf.sum(tf.square(tf.grad(score)(between)), [1, 2, 3]));
      return tf.mul(tf.mean(tf.square(tf.sub(norm, 1))), 10);
    }, parameters);
  },
);

const attentionBlock = traced(
  [
    network({ gamma: [8], beta: [8], qkv: [8, 24], out: [8, 8], up: [8, 16], down: [16, 8] }),
    values([2, 9, 8]),
  ],
  (parameters, x) =>
    differentiate((p) => {
      const dense = (x: tf.Tensor, w: tf.Tensor2D): tf.Tensor =>
        tf.reshape(tf.matMul(tf.reshape(x, [18, -1]) as tf.Tensor2D, w), [2, 9, -1]);
      const norm = (x: tf.Tensor): tf.Tensor => normalize(x, p.gamma, p.beta, [2], 1e-5);
      const heads = tf.transpose(tf.reshape(dense(norm(x), p.qkv), [2, 9, 3, 2, 4]), [2, 0, 3, 1, 4]);
      const [q, k, v] = tf.unstack(heads) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const mixed = tf.reshape(tf.transpose(attention(q, k, v, 0.5), [0, 2, 1, 3]), [2, 9, 8]);
      const y = tf.add(x, dense(mixed, p.out));
      return tf.mean(tf.square(tf.add(y, dense(gelu(dense(norm(y), p.up)), p.down))));
    }, parameters),
);

const pixels = Uint8Array.from({ length: 192 }, (_, i) => (i * i * 37 + i * 11) % 256);
const sampling = traced(
  [pixels as unknown as tf.Tensor1D, values([12, 5]), tf.tensor1d([7, 0, 11, 7], "int32")],
  (bytes, table, rows) => {
    const image = tf.div(tf.reshape(bytes, [1, 8, 8, 3]), 255) as tf.Tensor4D;
    const resample = (x: tf.Tensor): tf.Tensor =>
      tf.concat([
        tf.maxPool(tf.image.resizeBilinear(x as tf.Tensor4D, [13, 11]), 3, 2, "same"),
        tf.image.resizeBilinear(tf.avgPool(x as tf.Tensor4D, 3, 1, "same"), [7, 6], true),
        tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [7, 6], false, true),
      ]);
    const picked = tf.gather(table, rows);
    const best = tf.topk(picked, 3);
    return {
      ...differentiate(({ image }) => tf.sum(tf.square(resample(image))), { image }),
      resampled: resample(image),
      best,
      classes: tf.oneHot(best.indices as tf.Tensor2D, 5),
      sums: [tf.cumsum(picked, 1, true, true), tf.cumsum(picked, 0)],
    };
  },
);

const statistics = traced([values([4, 6, 5], 2), values([6, 5])], (x, y) => {
  const [above, small] = [tf.greater(x, y), tf.less(x, 0.5)];
  return {
    moments: tf.moments(x, [0, 2]),
    extremes: [tf.max(x, 1), tf.min(x, [0, 1], true), tf.argMax(x, 1), tf.argMin(x, 2)],
    sums: [tf.sum(tf.cast(above, "int32"), 0), tf.prod(x, 2), tf.logSumExp(x, [1, 2]), tf.norm(x, 1, 1)],
    flags: [above, tf.any(above, [1]), tf.all(above, 2), tf.logicalAnd(tf.logicalNot(above), small)],
    chosen: tf.where(above, tf.softmax(x), tf.logSoftmax(tf.clipByValue(x, -1, 1))),
    gradient: tf.grad((x) => tf.sum(tf.mul(tf.softmax(tf.where(above, x, tf.square(x))), tf.cos(y))))(x),
  };
});

const MODELS = { decoder, adversarialStep, gradientPenalty, attentionBlock, sampling, statistics };

/** Traces every graph, runs it, and writes NAME.onnx and NAME.json into `directory`. */
export async function exportModels(directory: string): Promise<Exported[]> {
  mkdirSync(directory, { recursive: true });
  const exported: Exported[] = [];
  for (const [name, run] of Object.entries(MODELS)) {
    const { model, ...tensors } = await run();
    writeFileSync(join(directory, `${name}.onnx`), model);
    writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(tensors)}\n`);
    exported.push({ name, model, ...tensors });
  }
  return exported;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const directory = process.argv[2];
  if (directory === undefined) throw new Error("Usage: pnpm tsx scripts/export-models.ts OUT_DIR");
  for (const { name, model } of await exportModels(directory)) console.log(`${name}.onnx: ${model.length} B`);
}
