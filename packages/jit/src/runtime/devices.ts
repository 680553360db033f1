/** Which devices ONNX Runtime can use on this machine, and which is the fastest. */

import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DeviceUnavailableError } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { encode } from "../graph/encode.ts";
import { createSession, type Device, type Slot } from "./session.ts";
import { BufferPool } from "./storage.ts";

export type DeviceChoice = Device | "auto";

const REMEDY: Record<Device, string> = {
  cpu: "It should always be: check that onnxruntime-node is installed for this platform.",
  webgpu:
    "It needs a GPU with a Vulkan, Metal or Direct3D 12 driver; on Linux also the Vulkan loader (package libvulkan1). " +
    'Use device "cpu" otherwise.',
  cuda:
    "It needs an NVIDIA driver, CUDA 12 with cuDNN 9, and ONNX Runtime's CUDA provider, which the npm package does not " +
    "contain: run `node script/install.js --onnxruntime-node-install=cuda12` in the folder of onnxruntime-node once " +
    '(it downloads about 300 MB). Use device "webgpu" or "cpu" otherwise.',
};

const probes = new Map<Device, Promise<number>>();
let fastest: Promise<Device> | undefined;

/** @throws DeviceUnavailableError where the device is asked for by name and is not there. */
export function resolveDevice(choice: DeviceChoice): Promise<Device> {
  if (choice !== "auto") return requireDevice(choice);
  fastest ??= findFastest();
  return fastest;
}

async function requireDevice(device: Device): Promise<Device> {
  if (device !== "cpu") await probe(device);
  return device;
}

async function findFastest(): Promise<Device> {
  const timed: { device: Device; ms: number }[] = [];
  for (const device of ["cuda", "webgpu", "cpu"] as const) {
    const ms = await probe(device).catch(() => Number.POSITIVE_INFINITY);
    timed.push({ device, ms });
  }
  // A WebGPU adapter may be a software one, far slower than the CPU provider: presence alone says nothing.
  return timed.sort((a, b) => a.ms - b.ms)[0]!.device;
}

/** Large enough to tell a GPU from a CPU, small enough for a software adapter to finish soon. */
const PROBE_SIZE = 256;
const PROBE_RUNS = 2;

/** Milliseconds of one matrix product on the device, the better of a few. */
function probe(device: Device): Promise<number> {
  const known = probes.get(device);
  if (known) return known;
  const probing = (
    device === "cuda" ? requireCudaProvider().then(() => measure(device)) : measure(device)
  ).catch((cause: Error) => {
    throw new DeviceUnavailableError(device, firstLine(cause), REMEDY[device], { cause });
  });
  probes.set(device, probing);
  return probing;
}

async function measure(device: Device): Promise<number> {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [PROBE_SIZE, PROBE_SIZE]);
  const model = encode(g.finish([{ name: "y", value: g.matMul(x, x) }]));
  const session = await createSession(model, { device, keepOnDevice: false });
  const shape = [PROBE_SIZE, PROBE_SIZE];
  const feed: Slot = { elements: new Float32Array(PROBE_SIZE ** 2), dtype: "float32", shape };
  const pool = new BufferPool();
  try {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < PROBE_RUNS; i++) {
      const start = performance.now();
      await session.run({ x: feed }, { y: { dtype: "float32", shape } }, pool);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  } finally {
    await session.release();
  }
}

/** Looked for by name first: ONNX Runtime prints to stderr when it fails to load it. */
async function requireCudaProvider(): Promise<void> {
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  const name =
    process.platform === "win32" ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";
  const file = join(root, "bin", "napi-v6", process.platform, process.arch, name);
  await access(file).catch(() => {
    throw new Error(`ONNX Runtime's CUDA provider (${name}) is not installed`);
  });
}

function firstLine(error: Error): string {
  const text = error.message.split("\n")[0] ?? "";
  return /Failed to get a WebGPU adapter.*/.exec(text)?.[0] ?? text.replace(/^.*graph on \w+: /, "");
}
