/** `jit(fn)`: a TensorFlow.js function compiled to one ONNX Runtime graph per signature of its arguments. */

import * as tf from "@tensorflow/tfjs";
import { DisposedFunctionError, DisposedTensorError } from "./errors.ts";
import { encode } from "./graph/encode.ts";
import { sizeOf } from "./graph/types.ts";
import type { Buffer } from "./runtime/buffers.ts";
import { type DeviceChoice, resolveDevice } from "./runtime/devices.ts";
import { readTensor, results } from "./runtime/results.ts";
import { createSession, type Device, type Session, type Slot } from "./runtime/session.ts";
import { homeOf } from "./trace/tfjs.ts";
import { signatureOf, type Traced, trace } from "./trace/trace.ts";
import { describe, type Feed, type Flattened, flatten, unflatten } from "./tree.ts";

export interface JitOptions {
  /** Where the graph runs. `auto` measures the devices that are present and takes the fastest. Default `cpu`. */
  device?: DeviceChoice;
  /** Threads of one run on the CPU; default: one for each core. */
  threads?: number;
  /** How many signatures stay compiled; the one unused for longest goes first. Default 16. */
  cacheSize?: number;
}

export interface Jitted<A extends unknown[], R> {
  /**
   * Runs the function. Tensors may be given as `tf.Tensor` of any backend or as typed arrays (shape [length];
   * Uint8Array counts as int32 and is converted in the graph). Numbers, booleans and strings are part of the signature: each
   * new value compiles anew, so what changes from call to call belongs in a tensor. The caller disposes the result.
   *
   * @throws ImpureFunctionError, UnsupportedKernelError, TreeError, DisposedTensorError, DeviceUnavailableError, RuntimeFailure
   */
  (...args: Feed<A>): Promise<R>;
  /** The graph for these arguments as an ONNX model (opset 18, standard operators, inputs named by their path). */
  onnx(...args: Feed<A>): Uint8Array;
  /** The device in use: known once a call has finished, `undefined` before. */
  readonly device: Device | undefined;
  /** Releases the compiled graphs. Results already returned stay valid; further calls are refused. */
  dispose(): Promise<void>;
}

interface Compiled {
  traced: Traced;
  session: Promise<Session>;
  running: number;
}

const DEFAULT_CACHE_SIZE = 16;

export function jit<A extends unknown[], R>(fn: (...args: A) => R, options: JitOptions = {}): Jitted<A, R> {
  const cache = new Map<string, Compiled>();
  const cacheSize = options.cacheSize ?? DEFAULT_CACHE_SIZE;
  let device: Device | undefined;
  let disposed = false;
  let evictions = 0;

  const compile = (args: Flattened, on: Device): Compiled => {
    const traced = trace(fn as (...args: never[]) => unknown, args, on);
    const session = createSession(encode(traced.graph), { device: on, threads: options.threads });
    session.catch(() => {}); // Every call awaits it and reports the failure.
    return { traced, session, running: 0 };
  };

  const compiledFor = (args: Flattened, on: Device): Compiled => {
    const key = signature(args);
    const compiled = cache.get(key) ?? compile(args, on);
    cache.delete(key);
    cache.set(key, compiled);
    if (cache.size > cacheSize) evictOldest();
    return compiled;
  };

  const evictOldest = (): void => {
    const [key, compiled] = cache.entries().next().value!;
    cache.delete(key);
    if (compiled.running === 0) release(compiled);
    if (++evictions === cacheSize) {
      process.emitWarning(
        `A compiled function has been compiled for ${2 * cacheSize} signatures. A number or shape among its arguments ` +
          "probably changes at every call: pass it as a tensor, or raise cacheSize.",
        { code: "JIT_RECOMPILING" },
      );
    }
  };

  const call = async (...args: unknown[]): Promise<R> => {
    if (disposed) throw new DisposedFunctionError();
    const flat = flatten(args, "args");
    device ??= await resolveDevice(options.device ?? "cpu");
    const compiled = compiledFor(flat, device);
    compiled.running++;
    try {
      return (await execute(compiled, flat)) as R;
    } finally {
      compiled.running--;
      if (compiled.running === 0 && !isCached(cache, compiled)) release(compiled);
    }
  };

  const jitted = Object.assign(call, {
    onnx: (...args: unknown[]) => {
      const traced = trace(fn as (...args: never[]) => unknown, flatten(args, "args"), "portable");
      return encode(traced.graph);
    },
    dispose: async () => {
      disposed = true;
      const idle = [...cache.values()].filter(({ running }) => running === 0);
      cache.clear();
      await Promise.all(idle.map(release));
    },
  });
  return Object.defineProperty(jitted, "device", { get: () => device }) as unknown as Jitted<A, R>;
}

async function release({ session }: Compiled): Promise<void> {
  await session.then((s) => s.release()).catch(() => {});
}

function isCached(cache: Map<string, Compiled>, compiled: Compiled): boolean {
  return [...cache.values()].includes(compiled);
}

function signature(args: Flattened): string {
  const leaves = args.leaves.map((leaf) => {
    if (leaf.kind === "static")
      return Object.is(leaf.value, -0) ? "-0" : `${typeof leaf.value}:${String(leaf.value)}`;
    const { dtype, shape } = signatureOf(leaf);
    return `${dtype}[${shape}]`;
  });
  return `${describe(args.def)}|${JSON.stringify(leaves)}`;
}

async function execute({ traced, session }: Compiled, args: Flattened): Promise<unknown> {
  const pinned: { buffer: Buffer; dtype: Slot["dtype"] }[] = [];
  const written = new Map<string, Buffer>();
  try {
    const feeds = await gatherFeeds(traced, args, pinned);
    const outputs: Record<string, Slot> = {};
    for (const output of traced.outputs) {
      if ("value" in output) continue;
      const dtype = output.dtype as Slot["dtype"];
      const buffer = results.pool.take(dtype, sizeOf(output.shape));
      written.set(output.name, buffer);
      outputs[output.name] = { elements: buffer.elements, dtype, shape: output.shape };
    }
    await (await session).run(feeds, outputs);
    return unflatten(
      traced.result,
      traced.outputs.map((output) => toResult(output, written)),
    );
  } finally {
    for (const { buffer, dtype } of pinned) results.pool.unpin(buffer, dtype);
  }
}

function toResult(output: Traced["outputs"][number], written: Map<string, Buffer>): unknown {
  if ("value" in output) return output.value;
  const buffer = written.get(output.name)!;
  buffer.pins--;
  return results.adopt(buffer, output.shape, output.dtype as "float32");
}

/** Where each graph input's elements are. Results of compiled functions are used in place. */
async function gatherFeeds(
  traced: Traced,
  args: Flattened,
  pinned: { buffer: Buffer; dtype: Slot["dtype"] }[],
): Promise<Record<string, Slot>> {
  const feeds: Record<string, Slot> = {};
  const pending: Promise<void>[] = [];
  let next = 0;
  args.leaves.forEach((leaf, i) => {
    if (leaf.kind === "static") return;
    const name = traced.inputs[next++];
    if (name === undefined) return;
    const { dtype, shape } = signatureOf(leaf);
    if (!(leaf.value instanceof tf.Tensor)) {
      feeds[name] = { elements: leaf.value, dtype, shape };
      return;
    }
    const tensor = leaf.value;
    if (tensor.isDisposed || !homeOf(tensor.dataId))
      throw new DisposedTensorError(`The tensor ${args.path(i)}`);
    const held = results.pin(tensor);
    if (held) {
      pinned.push({ buffer: held.buffer, dtype });
      feeds[name] = { elements: held.buffer.elements, dtype, shape };
    } else {
      pending.push(
        readTensor(tensor, args.path(i)).then((elements) => void (feeds[name] = { elements, dtype, shape })),
      );
    }
  });
  await Promise.all(pending);
  return feeds;
}
