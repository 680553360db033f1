/** The tfjs backends that functions can run on eagerly, and what each needs before its first use. */

import * as tf from "@tensorflow/tfjs";
import { DeviceUnavailableError } from "../errors.ts";

export type EagerBackend = "cpu" | "wasm" | "webgpu" | "tensorflow" | "tensorflow-gpu";

interface Setup {
  /** The backend's name in tfjs, which is not always ours. */
  tfjsName: string;
  prepare(): Promise<void>;
  remedy: string;
}

const SETUPS: Record<EagerBackend, Setup> = {
  cpu: { tfjsName: "cpu", prepare: async () => {}, remedy: "" },
  wasm: {
    tfjsName: "wasm",
    prepare: async () => {
      const wasm = await import("@tensorflow/tfjs-backend-wasm");
      // One thread for each core, where the runtime allows shared memory.
      wasm.setThreadsCount((await import("node:os")).availableParallelism());
      (await import("./wasm/register.ts")).completeWasmKernels();
    },
    remedy: "It is part of the package @tensorflow/tfjs-backend-wasm.",
  },
  webgpu: {
    tfjsName: "webgpu",
    prepare: async () => {
      const { create, globals } = await import("webgpu");
      Object.assign(globalThis, globals);
      const gpu = create([]);
      // Node has a navigator of its own from version 21 on, without a gpu.
      const scope = globalThis as { navigator?: object };
      if (!scope.navigator) Object.defineProperty(scope, "navigator", { value: {}, configurable: true });
      Object.defineProperty(scope.navigator, "gpu", { value: gpu, configurable: true });
      const adapter = await gpu.requestAdapter();
      if (!adapter) throw new Error("no WebGPU adapter was found");
      await import("@tensorflow/tfjs-backend-webgpu");
      (await import("./webgpu/register.ts")).mendWebgpuKernels();
      tf.env().set("WEBGPU_USE_LOW_POWER_GPU", false);
    },
    remedy:
      "Install the packages `webgpu` and `@tensorflow/tfjs-backend-webgpu`; it needs a GPU with a Vulkan, Metal or Direct3D 12 " +
      "driver, and on Linux the Vulkan loader (package libvulkan1).",
  },
  tensorflow: tensorflow("@tensorflow/tfjs-node"),
  "tensorflow-gpu": tensorflow("@tensorflow/tfjs-node-gpu"),
};

function tensorflow(name: string): Setup {
  return {
    tfjsName: "tensorflow",
    prepare: async () => {
      const major = Number(process.versions.node.split(".")[0]);
      if (major >= 23) throw new Error(`${name} 4.22 does not work on Node ${major} (22 is the last)`);
      process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
      process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
      // It takes over as tfjs's current backend when it is loaded: that is the program's choice, not an import's.
      const before = tf.getBackend();
      await import(name);
      (await import("./tensorflow/register.ts")).mendTensorflowKernels();
      const loaded = tf.findBackend("tensorflow") as { isUsingGpuDevice?: boolean } | null;
      if (before) await tf.setBackend(before);
      if (name.endsWith("-gpu") && !loaded?.isUsingGpuDevice)
        throw new Error("TensorFlow found no GPU it can use");
    },
    remedy: `Add it with \`pnpm add -w ${name}@4.22.0\`, then run \`pnpm tensorflow:build\` to build it against a TensorFlow library on this machine.`,
  };
}

const ready = new Map<EagerBackend, Promise<tf.KernelBackend>>();

/** @throws DeviceUnavailableError with the reason and what to install. */
export function prepareBackend(backend: EagerBackend): Promise<tf.KernelBackend> {
  let preparing = ready.get(backend);
  if (!preparing) {
    preparing = prepare(backend);
    ready.set(backend, preparing);
  }
  return preparing;
}

export function tfjsName(backend: EagerBackend): string {
  return SETUPS[backend].tfjsName;
}

async function prepare(backend: EagerBackend): Promise<tf.KernelBackend> {
  const setup = SETUPS[backend];
  if (!setup) {
    const known = Object.keys(SETUPS).join(", ");
    throw new DeviceUnavailableError(backend, "there is no such backend", `Choose one of ${known}.`);
  }
  try {
    await setup.prepare();
    return await initialize(setup.tfjsName);
  } catch (cause) {
    const reason = (cause as Error).message.split(/\n| imported from /)[0] ?? "";
    throw new DeviceUnavailableError(backend, reason, setup.remedy, { cause: cause as Error });
  }
}

async function initialize(name: string): Promise<tf.KernelBackend> {
  const before = tf.getBackend();
  if (!(await tf.setBackend(name))) throw new Error(`tfjs could not initialise the backend '${name}'`);
  const instance = tf.backend() as unknown as tf.KernelBackend;
  if (before && before !== name) await tf.setBackend(before);
  return instance;
}
