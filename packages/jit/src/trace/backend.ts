/**
 * The tracing backend: tfjs calls its kernels as it would call any backend's, and each call adds operators to a graph.
 * It holds no data; a tensor's `dataId` stands for a symbolic value of the graph being traced.
 */

import * as tf from "@tensorflow/tfjs";
import { DisposedTensorError, ImpureFunctionError, JitError, UnsupportedKernelError } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { type ConstantData, type DType, expandConstant, type Value } from "../graph/types.ts";
import { kernels } from "../kernels/index.ts";
import type { Lowering, Target } from "../kernels/lowering.ts";
import { randomOp } from "./purity.ts";
import { cpuBackend, engine, homeOf } from "./tfjs.ts";
import { userLine } from "./user-line.ts";

export const TRACE_BACKEND = "touchstone-trace";

/** Constants are folded when the result is at most this much larger than what it was computed from. */
const FOLD_SLACK_ELEMENTS = 4096;

export class TracingBackend extends tf.KernelBackend {
  readonly g = new GraphBuilder();
  readonly target: Target;
  readonly block: number;
  private readonly values = new WeakMap<object, Value>();
  private readonly captured = new WeakMap<object, Value>();

  constructor(target: Target, block: number) {
    super();
    this.target = target;
    this.block = block;
  }

  /** Wraps a value of the graph for tfjs. */
  info(value: Value): tf.TensorInfo {
    const dataId = {};
    this.values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.dtype as tf.DataType };
  }

  /** A symbolic tensor for tfjs code to compute with. */
  tensor(value: Value): tf.Tensor {
    return engine.makeTensorFromTensorInfo(this.info(value), this);
  }

  /** The value of a tensor: symbolic, or a constant captured from another backend. */
  value(info: tf.TensorInfo): Value {
    const value = this.values.get(info.dataId) ?? this.capture(info);
    // A reshaped clone shares its dataId with the original.
    return this.g.reshape(value, info.shape);
  }

  private capture(info: tf.TensorInfo): Value {
    const known = this.captured.get(info.dataId);
    if (known) return known;
    const value = this.g.constant(readCaptured(info), graphDType(info.dtype), info.shape);
    this.captured.set(info.dataId, value);
    return value;
  }

  // ---- what tfjs asks of a backend -------------------------------------------------------------------------

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const stack = new Error().stack ?? "";
    const random = randomOp(stack);
    if (random) {
      throw new ImpureFunctionError(
        `tf.${random}`,
        "Draw the numbers outside and pass them as an argument.",
        userLine(stack),
      );
    }
    return this.info(this.g.constant(toConstantData(values, graphDType(dtype)), graphDType(dtype), shape))
      .dataId;
  }

  override readSync(): never {
    throw new ImpureFunctionError(
      "Reading a tensor's values (data, dataSync, array, print, ...)",
      "They are not known while the function is compiled: return the tensor and read it outside.",
      userLine(),
    );
  }

  override async read(): Promise<never> {
    return this.readSync();
  }

  override numDataIds(): number {
    return 0;
  }

  override disposeData(): boolean {
    return true;
  }

  override incRef(): void {}

  override refCount(): number {
    return 1;
  }

  override memory() {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }
}

function readCaptured(info: tf.TensorInfo): ConstantData {
  const home = homeOf(info.dataId);
  if (!home)
    throw new DisposedTensorError(
      `A tensor of shape [${info.shape}] that the function closes over`,
      userLine(),
    );
  const variable = Object.values(engine.registeredVariables).find((v) => v.dataId === info.dataId);
  if (variable) {
    throw new ImpureFunctionError(
      `Closing over the tf.Variable '${variable.name}'`,
      "Its later values would not be seen: pass it as an argument.",
      userLine(),
    );
  }
  try {
    return toConstantData(home.readSync(info.dataId), graphDType(info.dtype));
  } catch (cause) {
    if (cause instanceof JitError) throw cause;
    throw new DisposedTensorError(
      `A tensor of shape [${info.shape}] that the function closes over cannot be read`,
      userLine(),
    );
  }
}

export function graphDType(dtype: tf.DataType): DType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new UnsupportedKernelError("Cast", `tensors of dtype ${dtype} have no place in a graph`, userLine());
}

function toConstantData(values: tf.backend_util.BackendValues, dtype: DType): ConstantData {
  if (dtype === "float32")
    return values instanceof Float32Array ? values : Float32Array.from(values as ArrayLike<number>);
  if (dtype === "int32")
    return values instanceof Int32Array ? values : Int32Array.from(values as ArrayLike<number>);
  return Uint8Array.from(values as ArrayLike<number>);
}

// ---- registration ------------------------------------------------------------------------------------------

type KernelInputs = Record<string, tf.TensorInfo | tf.TensorInfo[] | undefined>;

function kernelFunc(kernelName: string, lowering: Lowering): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const tracer = backend as TracingBackend;
    const values = Object.fromEntries(
      Object.entries(inputs as KernelInputs).map(([name, info]) => [
        name,
        Array.isArray(info) ? info.map((t) => tracer.value(t)) : info && tracer.value(info),
      ]),
    );
    const all = Object.values(values)
      .flat()
      .filter((v) => v !== undefined);
    const result = fold(kernelName, values, attrs, all, tracer) ?? lowering(tracer, values, attrs ?? {});
    return isValue(result) ? tracer.info(result) : result.map((value) => tracer.info(value));
  };
}

function isValue(x: Value | readonly Value[]): x is Value {
  return !Array.isArray(x);
}

/** The result of a kernel all of whose inputs are constants, computed now by tfjs's cpu backend. */
function fold(
  kernelName: string,
  inputs: Record<string, Value | Value[] | undefined>,
  attrs: tf.NamedAttrMap | undefined,
  all: readonly Value[],
  tracer: TracingBackend,
): Value | Value[] | undefined {
  if (all.length === 0 || !all.every((value) => value.constant)) return undefined;
  // Of tfjs's kernels this one writes its result over its input: here, over a constant.
  if (kernelName === "TensorScatterUpdate") return undefined;
  const kernel = tf.getKernel(kernelName, "cpu");
  if (!kernel) return undefined;
  const cpu = cpuBackend();
  const infos = new Map(
    all.map((v) => [
      v,
      cpu.makeTensorInfo([...v.shape], v.dtype as tf.DataType, expandConstant(v) as Float32Array),
    ]),
  );
  const feed = Object.fromEntries(
    Object.entries(inputs).map(([name, v]) => [
      name,
      Array.isArray(v) ? v.map((x) => infos.get(x)!) : v && infos.get(v),
    ]),
  );
  // Kernels of any number of tensors (AddN, Concat, ...) are given a list.
  const list = "0" in feed ? Object.values(feed) : feed;
  const out = kernel.kernelFunc({ inputs: list as tf.NamedTensorInfoMap, attrs: attrs ?? {}, backend: cpu });
  const outs = Array.isArray(out) ? out : [out];
  const folded = outs.map((info) => {
    const data = toConstantData(cpu.readSync(info.dataId) as Float32Array, graphDType(info.dtype)).slice();
    return tracer.g.constant(data, graphDType(info.dtype), info.shape);
  });
  for (const info of [...infos.values(), ...outs]) cpu.disposeData(info.dataId, true);
  const inputSize = all.reduce((sum, value) => sum + value.constant!.length, 0);
  const outputSize = folded.reduce((sum, value) => sum + value.constant!.length, 0);
  if (outputSize > inputSize + FOLD_SLACK_ELEMENTS) return undefined;
  return Array.isArray(out) ? folded : folded[0];
}

for (const [kernelName, lowering] of Object.entries(kernels)) {
  tf.registerKernel({ kernelName, backendName: TRACE_BACKEND, kernelFunc: kernelFunc(kernelName, lowering) });
}

for (const { kernelName } of tf.getKernelsForBackend("cpu")) {
  if (kernelName in kernels) continue;
  const refuse = (): never => {
    const why = DATA_DEPENDENT.has(kernelName)
      ? "the shape of its result depends on values"
      : "it has no ONNX lowering (see CONTRIBUTING: how to add a kernel)";
    throw new UnsupportedKernelError(kernelName, why, userLine());
  };
  tf.registerKernel({ kernelName, backendName: TRACE_BACKEND, kernelFunc: refuse });
}

const DATA_DEPENDENT = new Set([
  "Where",
  "Unique",
  "NonMaxSuppressionV3",
  "NonMaxSuppressionV4",
  "NonMaxSuppressionV5",
]);
