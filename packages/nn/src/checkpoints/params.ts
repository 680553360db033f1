/** A model's parameters from a checkpoint and into one. */

import type { ParamSpecs, Params } from "../params.ts";
import { CheckpointMismatchError, UnstorableError } from "./errors.ts";
import { fromFloat32, type HostTensor, toFloat32 } from "./host-tensor.ts";
import { diskShape } from "./layout.ts";
import type { Checkpoint } from "./read-checkpoint.ts";
import { writeSafetensors } from "./safetensors.ts";
import { fromHost, toHost } from "./tf-tensor.ts";

export interface LoadParamsOptions {
  /** Only tensors whose names begin with `prefix.` are looked at, and their names are what follows: a model within a file. */
  prefix?: string;
  /** false: tensors that the model does not have are passed over. Those that it lacks remain an error: nothing could stand in. */
  strict?: boolean;
  /** true: NaN and infinity are let in. */
  allowNonFinite?: boolean;
}

export interface SaveParamsOptions {
  /** How numbers are stored: rounded to nearest, ties to even. */
  dtype?: "float32" | "float16" | "bfloat16";
  /** Strings to keep with the tensors. */
  metadata?: Record<string, string>;
}

/**
 * The parameters of a model from a checkpoint, float32 in memory layout (see `params.ts` of this package). float16, bfloat16 and
 * float64 are converted; BatchNorm's `num_batches_tracked`, a counter that nothing here uses, is passed over.
 *
 * @throws CheckpointMismatchError that lists every missing, unexpected, misshapen, non-float or non-finite tensor
 */
export function loadParams(
  specs: ParamSpecs,
  checkpoint: Pick<Checkpoint, "path" | "tensors">,
  { prefix, strict = true, allowNonFinite = false }: LoadParamsOptions = {},
): Params {
  const found = within(checkpoint.tensors, prefix);
  const mismatches: string[] = [];
  const values = new Map<string, HostTensor & { dtype: "float32" }>();
  for (const [name, spec] of Object.entries(specs)) {
    const tensor = found.get(name);
    const value = asParameter(tensor, diskShape(spec.shape), allowNonFinite);
    if (typeof value === "string") mismatches.push(`${name}: ${value}`);
    else values.set(name, value);
  }
  if (strict) {
    for (const [name, { shape }] of found) {
      if (!Object.hasOwn(specs, name) && !/(^|\.)num_batches_tracked$/.test(name)) {
        mismatches.push(`${name}: expected no such tensor, found ${shown(shape)}`);
      }
    }
  }
  const into = `the model (shapes are PyTorch's${prefix === undefined ? "" : `, names follow "${prefix}."`})`;
  if (mismatches.length > 0) throw new CheckpointMismatchError(checkpoint.path, into, mismatches);
  return Object.fromEntries(Array.from(values, ([name, value]) => [name, fromHost(value)]));
}

/**
 * Writes parameters as a safetensors file in PyTorch's layout, atomically and with the same bytes for the same values.
 *
 * @returns the file's SHA-256  @throws UnstorableError, CheckpointWriteError
 */
export async function saveParams(
  path: string,
  params: Params,
  { dtype = "float32", metadata = {} }: SaveParamsOptions = {},
): Promise<string> {
  const tensors = new Map<string, HostTensor>();
  for (const [name, tensor] of Object.entries(params)) {
    tensors.set(name, narrowed(name, await toHost(name, tensor), dtype));
  }
  return writeSafetensors(path, { tensors, metadata });
}

function within(
  tensors: ReadonlyMap<string, HostTensor>,
  prefix: string | undefined,
): ReadonlyMap<string, HostTensor> {
  if (prefix === undefined) return tensors;
  const start = `${prefix}.`;
  const inside = [...tensors].filter(([name]) => name.startsWith(start));
  return new Map(inside.map(([name, tensor]) => [name.slice(start.length), tensor]));
}

/** The tensor as float32, or what is wrong with it. @param shape on disk */
function asParameter(
  tensor: HostTensor | undefined,
  shape: readonly number[],
  allowNonFinite: boolean,
): (HostTensor & { dtype: "float32" }) | string {
  if (tensor === undefined) return `expected ${shown(shape)}, found no such tensor`;
  if (shape.length !== tensor.shape.length || shape.some((size, axis) => size !== tensor.shape[axis])) {
    return `expected ${shown(shape)}, found ${shown(tensor.shape)}`;
  }
  const data = toFloat32(tensor);
  if (data === undefined) return `expected floating-point numbers, found ${tensor.dtype}`;
  const nonFinite = allowNonFinite ? -1 : data.findIndex((x) => !Number.isFinite(x));
  if (nonFinite !== -1) {
    const count = data.reduce((n, x) => n + (Number.isFinite(x) ? 0 : 1), 0);
    return `expected finite numbers, found ${count} of ${data.length} that are not, the first ${data[nonFinite]}`;
  }
  return { dtype: "float32", shape: tensor.shape, data };
}

function narrowed(name: string, tensor: HostTensor, dtype: "float32" | "float16" | "bfloat16"): HostTensor {
  if (tensor.dtype !== "float32" || dtype === "float32") return tensor;
  const values = tensor.data as Float32Array;
  const stored: HostTensor = { dtype, shape: tensor.shape, data: fromFloat32(values, dtype) };
  const back = toFloat32(stored)!;
  const lost = values.findIndex((x, i) => Number.isFinite(x) && !Number.isFinite(back[i]));
  if (lost === -1) return stored;
  throw new UnstorableError(`The tensor "${name}"`, `numbers within ${dtype}'s range`, `${values[lost]}`);
}

const shown = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
