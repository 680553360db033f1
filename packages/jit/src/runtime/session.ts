/** ONNX Runtime sessions: the only file that knows the runtime's own types. */

import { createRequire } from "node:module";
import type * as Ort from "onnxruntime-node";
import { RuntimeFailure } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { encode } from "../graph/encode.ts";
import { type DType, type Shape, sizeOf } from "../graph/types.ts";
import { BufferPool, DeviceStorage, type DeviceTensor, type Elements, type HostStorage } from "./storage.ts";
import { threadsOption } from "./threads.ts";

export type Device = "cpu" | "webgpu" | "cuda";

export interface SessionOptions {
  device: Device;
  /** Threads of one run on the CPU; default: TOUCHSTONE_THREADS, or one for each core. */
  threads?: number | undefined;
  /** Leave outputs in GPU memory, where the device has one of its own that tensors can stay in. Default true. */
  keepOnDevice?: boolean;
  /** Writes the runtime's profile to `<profile>_<date>.json` when the session is released. */
  profile?: string | undefined;
  /** Print nothing when the runtime refuses the model: the caller expects that it may. */
  quiet?: boolean;
}

export interface Slot {
  elements: Elements;
  dtype: DType;
  shape: Shape;
}

export type Feed = Slot | DeviceTensor;

/** What an output will be; `take` gives the memory for it where it is written to the host. */
export interface OutputSpec {
  dtype: DType;
  shape: Shape;
}

export interface Session {
  readonly device: Device;
  /** Results are written to buffers of `pool`, or stay on the device. */
  run(
    feeds: Record<string, Feed>,
    outputs: Record<string, OutputSpec>,
    pool: BufferPool,
  ): Promise<Record<string, HostStorage | DeviceStorage>>;
  release(): Promise<void>;
}

/** Loaded at first use: the library takes memory and time that a program which only traces does not need. */
let ort: typeof Ort | undefined;
export function runtime(): typeof Ort {
  ort ??= createRequire(import.meta.url)("onnxruntime-node") as typeof Ort;
  return ort;
}

export async function createSession(model: Uint8Array, options: SessionOptions): Promise<Session> {
  const { device, threads, profile } = options;
  const keep = device === "webgpu" && (options.keepOnDevice ?? true);
  const session = await runtime()
    .InferenceSession.create(model, {
      executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
      graphOptimizationLevel: "all",
      logSeverityLevel: options.quiet ? 4 : 3,
      // A session's idle threads would otherwise spin on while another session runs.
      extra: { session: { force_spinning_stop: "1" } },
      ...threadsOption(threads),
      ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
      ...(keep ? { preferredOutputLocation: "gpu-buffer" as const } : {}),
    })
    .catch((cause) => {
      throw new RuntimeFailure("compile", device, cause);
    });

  return {
    device,
    release: async () => {
      if (profile !== undefined) session.endProfiling();
      await session.release();
    },
    async run(feeds, outputs, pool) {
      const inputs = mapValues(feeds, toOrt);
      try {
        if (keep) {
          const written = await session.run(inputs, Object.keys(outputs));
          return mapValues(
            outputs,
            (spec, name) => new DeviceStorage(onDevice(written[name]!, spec, device)),
          );
        }
        const storage = mapValues(outputs, ({ dtype, shape }) => pool.take(dtype, sizeOf(shape)));
        const slots = mapValues(outputs, (spec, name) =>
          toOrt({ ...spec, elements: storage[name]!.elements }),
        );
        await session.run(inputs, slots);
        return storage;
      } catch (cause) {
        throw new RuntimeFailure("run", device, cause);
      }
    },
  };
}

function toOrt(feed: Feed): Ort.Tensor {
  if ("handle" in feed) return feed.handle as Ort.Tensor;
  const { Tensor } = runtime();
  return new Tensor(feed.dtype as "float32", feed.elements as Float32Array, feed.shape);
}

function mapValues<A, B>(record: Record<string, A>, f: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value, key)]));
}

function onDevice(tensor: Ort.Tensor, spec: OutputSpec, device: Device): DeviceTensor {
  // With a single element the provider may have computed on the CPU all along.
  if (tensor.location === "cpu") {
    const elements = tensor.data as Elements;
    return { device: "cpu", handle: tensor, download: async () => elements, dispose: () => {} };
  }
  return {
    device,
    handle: tensor,
    dispose: () => tensor.dispose(),
    download: () => download(tensor, spec, device),
  };
}

const downloads = new Map<string, Promise<Session>>();

/** Reads GPU memory by running the identity into host memory: the binding's own `getData` aborts the process in 1.30. */
async function download(tensor: Ort.Tensor, { dtype, shape }: OutputSpec, device: Device): Promise<Elements> {
  const key = `${device}:${dtype}[${shape}]`;
  let session = downloads.get(key);
  if (!session) {
    const g = new GraphBuilder();
    const model = encode(g.finish([{ name: "y", value: g.input("x", dtype, shape) }]));
    session = createSession(model, { device, keepOnDevice: false });
    downloads.set(key, session);
  }
  const handle = { device, handle: tensor, download: neverAsked, dispose: () => {} };
  const { y } = await (await session).run({ x: handle }, { y: { dtype, shape } }, new BufferPool());
  return (y as HostStorage).elements;
}

async function neverAsked(): Promise<never> {
  throw new Error("A feed is not downloaded");
}
