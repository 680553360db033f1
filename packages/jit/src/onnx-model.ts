/** `openOnnx(bytes)`: any ONNX model, of whatever origin, run on the devices that compiled functions run on. */

import type * as Ort from "onnxruntime-node";
import { RuntimeFailure } from "./errors.ts";
import { type DeviceChoice, resolveDevice } from "./runtime/devices.ts";
import { type Device, runtime } from "./runtime/session.ts";
import { threadsOption } from "./runtime/threads.ts";

/** An input or output: its shape has names (`batch`) where a size is left open. */
export interface OnnxValue {
  name: string;
  /** `float32`, `int64` ... */
  dtype: string;
  shape: readonly (number | string)[];
}

export interface FloatArray {
  data: Float32Array;
  shape: readonly number[];
}

export interface OnnxModel {
  readonly device: Device;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /**
   * The outputs that are named, of float32.
   *
   * @throws RuntimeFailure if the runtime refuses the feeds, or an output is not of float32
   */
  run<Name extends string>(
    feeds: Readonly<Record<string, FloatArray>>,
    outputs: readonly Name[],
  ): Promise<Record<Name, FloatArray>>;
  release(): Promise<void>;
}

/** @throws RuntimeFailure if the bytes are no model that the runtime can run; DeviceUnavailableError */
export async function openOnnx(
  model: Uint8Array,
  options: { device?: DeviceChoice; threads?: number } = {},
): Promise<OnnxModel> {
  const device = await resolveDevice(options.device ?? "cpu");
  const { InferenceSession, Tensor } = runtime();
  const session = await InferenceSession.create(model, {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    logSeverityLevel: 4, // What it refuses, it says in the error.
    ...threadsOption(options.threads),
  }).catch((cause) => {
    throw new RuntimeFailure("compile", device, cause);
  });
  return {
    device,
    inputs: session.inputMetadata.map(described),
    outputs: session.outputMetadata.map(described),
    async run(feeds, outputs) {
      try {
        const inputs = Object.entries(feeds).map(([name, { data, shape }]) => {
          return [name, new Tensor("float32", data, shape)] as const;
        });
        const results = await session.run(Object.fromEntries(inputs), outputs);
        return Object.fromEntries(outputs.map((name) => [name, floats(name, results[name]!)])) as never;
      } catch (cause) {
        throw new RuntimeFailure("run", device, cause);
      }
    },
    release: () => session.release(),
  };
}

function described(value: Ort.InferenceSession.ValueMetadata): OnnxValue {
  if (!value.isTensor) return { name: value.name, dtype: "not a tensor", shape: [] };
  return { name: value.name, dtype: value.type, shape: value.shape };
}

function floats(name: string, { type, data, dims }: Ort.Tensor): FloatArray {
  if (type !== "float32") throw new Error(`output ${name} is ${type}, not float32`);
  return { data: data as Float32Array, shape: dims };
}
