/** `jit(fn)`: a TensorFlow.js function compiled to one ONNX Runtime graph per signature of its arguments. */

import * as tf from "@tensorflow/tfjs";
import { DisposedFunctionError } from "./errors.ts";
import { encode } from "./graph/encode.ts";
import type { DType } from "./graph/types.ts";
import { channelBlock } from "./runtime/channel-block.ts";
import { type DeviceChoice, resolveDevice } from "./runtime/devices.ts";
import { requireAlive, results } from "./runtime/results.ts";
import {
  createSession,
  type Device,
  type OutputSpec,
  type Feed as RunFeed,
  type Session,
} from "./runtime/session.ts";
import { type DeviceStorage, elementsAs, HostStorage } from "./runtime/storage.ts";
import { signatureOf, type Traced, trace } from "./trace/trace.ts";
import { describe, type Feed, type Flattened, flatten, unflatten } from "./tree.ts";

export interface JitOptions {
  /** Where the graph runs. `auto` measures the devices that are present and takes the fastest. Default `cpu`. */
  device?: DeviceChoice;
  /** Threads of one run on the CPU; default: TOUCHSTONE_THREADS, or one for each core. */
  threads?: number;
  /** How many signatures stay compiled; the one unused for longest goes first. Default 16. */
  cacheSize?: number;
  /** Writes ONNX Runtime's profile of each graph to `<profile>_<date>.json` when the function is disposed: `pnpm bench profile`. */
  profile?: string;
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

/** Where graphs run, and how many channels its convolutions keep together. */
interface Place {
  device: Device;
  block: number;
}

const DEFAULT_CACHE_SIZE = 16;

export function jit<A extends unknown[], R>(fn: (...args: A) => R, options: JitOptions = {}): Jitted<A, R> {
  const cache = new Map<string, Compiled>();
  const cacheSize = options.cacheSize ?? DEFAULT_CACHE_SIZE;
  let place: Place | undefined;
  let disposed = false;
  let evictions = 0;

  const compile = (args: Flattened, { device, block }: Place): Compiled => {
    const traced = trace(fn as (...args: never[]) => unknown, args, device, block);
    const session = createSession(encode(traced.graph), {
      device,
      threads: options.threads,
      profile: options.profile,
    });
    session.catch(() => {}); // Every call awaits it and reports the failure.
    return { traced, session, running: 0 };
  };

  const compiledFor = (args: Flattened, on: Place): Compiled => {
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
    place ??= await findPlace(options.device ?? "cpu");
    if (disposed) throw new DisposedFunctionError(); // Meanwhile: nothing would release what is compiled now.
    const compiled = compiledFor(flat, place);
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
  return Object.defineProperty(jitted, "device", { get: () => place?.device }) as unknown as Jitted<A, R>;
}

async function findPlace(choice: DeviceChoice): Promise<Place> {
  const device = await resolveDevice(choice);
  return { device, block: await channelBlock(device) };
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
  const pinned: (HostStorage | DeviceStorage)[] = [];
  try {
    const running = await session;
    const feeds = await gatherFeeds(traced, args, running.device, pinned);
    const outputs: Record<string, OutputSpec> = {};
    for (const output of traced.outputs) {
      if ("name" in output) outputs[output.name] = { dtype: output.dtype as DType, shape: output.shape };
    }
    const written = await running.run(feeds, outputs, results.pool);
    const leaves = traced.outputs.map((output) =>
      "name" in output
        ? results.adopt(written[output.name]!, output.shape, output.dtype as "float32")
        : output.value,
    );
    return unflatten(traced.result, leaves);
  } finally {
    for (const storage of pinned) storage.unpin();
  }
}

/** Where each graph input's elements are. Results of compiled functions are used in place, pinned meanwhile. */
async function gatherFeeds(
  traced: Traced,
  args: Flattened,
  device: Device,
  pinned: (HostStorage | DeviceStorage)[],
): Promise<Record<string, RunFeed>> {
  const feeds: Record<string, RunFeed> = {};
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
    requireAlive(tensor, () => args.path(i));
    const storage = results.storageOf(tensor);
    if (storage) {
      storage.pin();
      pinned.push(storage);
    }
    if (storage instanceof HostStorage) feeds[name] = { elements: storage.elements, dtype, shape };
    else if (storage?.tensor.device === device) feeds[name] = storage.tensor;
    else {
      const read = async (): Promise<void> => {
        feeds[name] = { elements: elementsAs(dtype, await tensor.data()), dtype, shape };
      };
      pending.push(read());
    }
  });
  await Promise.all(pending);
  return feeds;
}
