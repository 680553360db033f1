/** Which devices ONNX Runtime can use on this machine, and which is the fastest. */

import { DeviceUnavailableError } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { encode } from "../graph/encode.ts";
import { createSession, type Device, type Session, type Slot } from "./session.ts";

export type DeviceChoice = Device | "auto";

const REMEDY: Record<Device, string> = {
  cpu: "It should always be: check that onnxruntime-node is installed for this platform.",
  webgpu:
    "It needs a GPU with a Vulkan, Metal or Direct3D 12 driver; on Linux also the Vulkan loader (package libvulkan1). " +
    'Use device "cpu" otherwise.',
  cuda:
    "It needs an NVIDIA driver, CUDA 12 with cuDNN 9, and ONNX Runtime's CUDA provider, which the npm package does not " +
    "contain: run `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install-cuda=v12` once " +
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

/** Milliseconds of one 512 x 512 matrix product on the device, the better of a few. */
function probe(device: Device): Promise<number> {
  const known = probes.get(device);
  if (known) return known;
  const probing = measure(device).catch((cause: Error) => {
    throw new DeviceUnavailableError(device, firstLine(cause), REMEDY[device], { cause });
  });
  probes.set(device, probing);
  return probing;
}

async function measure(device: Device): Promise<number> {
  const size = 512;
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [size, size]);
  const model = encode(g.finish([{ name: "y", value: g.matMul(x, x) }]));
  const session = await createSession(model, { device });
  const slot = (): Slot => ({
    elements: new Float32Array(size * size),
    dtype: "float32",
    shape: [size, size],
  });
  try {
    return await bestOf(3, session, { x: slot() }, { y: slot() });
  } finally {
    await session.release();
  }
}

async function bestOf(
  n: number,
  session: Session,
  feeds: Record<string, Slot>,
  outputs: Record<string, Slot>,
): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    await session.run(feeds, outputs);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function firstLine(error: Error): string {
  const text = error.message.split("\n")[0] ?? "";
  return /Failed to get a WebGPU adapter.*/.exec(text)?.[0] ?? text.replace(/^.*graph on \w+: /, "");
}
