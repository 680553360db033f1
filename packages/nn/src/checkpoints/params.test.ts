/** Parameters from and into checkpoints: layout, names, types, and every mismatch at once. */

import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { scratch } from "../../test/scratch.ts";
import type { ParamSpecs } from "../params.ts";
import type { HostTensor } from "./host-tensor.ts";
import { loadParams, saveParams } from "./params.ts";
import { type Checkpoint, readCheckpoint } from "./read-checkpoint.ts";

const FOLDER = fileURLToPath(new URL("../../../../fixtures/golden/checkpoints/", import.meta.url));
const { path } = scratch();

const specsOf = (shapes: Record<string, number[]>): ParamSpecs =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, { shape, init: () => new Float32Array() }]),
  );

/** The network of make-checkpoints.py, in memory layout: Conv2d(2, 3, (3, 2)), BatchNorm2d, ConvTranspose2d(3, 2, (2, 3)), Linear. */
const NETWORK = specsOf({
  "net.0.weight": [3, 2, 2, 3], // [h, w, in, out]
  "net.1.weight": [3],
  "net.1.bias": [3],
  "net.1.running_mean": [3],
  "net.1.running_var": [3],
  "net.3.weight": [2, 3, 2, 3], // [h, w, out, in]
  "net.3.bias": [2],
  "head.weight": [2, 4],
  "head.bias": [2],
});

const float32 = (shape: number[], ...values: number[]): HostTensor => ({
  dtype: "float32",
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => values[i] ?? i),
});

const checkpointOf = (tensors: Record<string, HostTensor>): Pick<Checkpoint, "path" | "tensors"> => ({
  path: "weights.pth",
  tensors: new Map(Object.entries(tensors)),
});

describe("loading", () => {
  it("moves the axes of filters, OIHW to HWIO and IOHW to HWOI, and passes num_batches_tracked over", async () => {
    const checkpoint = await readCheckpoint(`${FOLDER}training.pth`);
    expect([...checkpoint.tensors.keys()]).toContain("net.1.num_batches_tracked");
    const params = loadParams(NETWORK, checkpoint);
    expect(Object.keys(params)).toEqual(Object.keys(NETWORK));
    for (const [name, { shape }] of Object.entries(NETWORK)) expect(params[name]!.shape, name).toEqual(shape);
    const disk = checkpoint.tensors.get("net.0.weight")!.data as Float32Array;
    const onDisk = tf.tensor4d(disk, [3, 2, 3, 2]); // [out, in, h, w]
    expect(params["net.0.weight"]!.dataSync()).toEqual(tf.transpose(onDisk, [2, 3, 1, 0]).dataSync());
    tf.dispose([params, onDisk]);
  });

  it("widens halves and rounds doubles", async () => {
    const { tensors } = await readCheckpoint(`${FOLDER}dtypes.pth`);
    for (const name of ["float16", "bfloat16", "float64"]) {
      const specs = specsOf({ [name]: [11] });
      const one = checkpointOf({ [name]: tensors.get(name)! });
      const [, , first, second] = loadParams(specs, one, { allowNonFinite: true })[name]!.dataSync();
      expect([first, second]).toEqual([1, -1.5]);
    }
  });

  it("finds a model within a file by its prefix", () => {
    const checkpoint = checkpointOf({ "G.w": float32([2], 5, 6), "D.w": float32([3]), Gw: float32([1]) });
    const params = loadParams(specsOf({ w: [2] }), checkpoint, { prefix: "G" });
    expect(Array.from(params.w!.dataSync())).toEqual([5, 6]);
    expect(() => loadParams(specsOf({ w: [2] }), checkpoint, { prefix: "E" })).toThrow(
      /names follow "E\."\), in 1 place:\n {2}w: expected \[2\], found no such tensor/,
    );
  });

  it("lists every mismatch at once", () => {
    const specs = specsOf({
      missing: [2, 3],
      filter: [3, 3, 1, 8],
      rank: [4],
      ints: [2],
      nan: [4],
      good: [1],
    });
    const checkpoint = checkpointOf({
      good: float32([1]),
      filter: float32([8, 1, 5, 5]),
      rank: float32([1, 4]),
      ints: { dtype: "int64", shape: [2], data: new BigInt64Array(2) },
      nan: float32([4], 1, Number.NaN, 2, Number.POSITIVE_INFINITY),
      extra: float32([2]),
      "bn.num_batches_tracked": { dtype: "int64", shape: [], data: new BigInt64Array(1) },
    });
    let error: unknown;
    try {
      loadParams(specs, checkpoint);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({
      code: "NN_CHECKPOINT_MISMATCH",
      exitCode: 2,
      message: expect.stringMatching(
        /^weights\.pth: does not fit the model \(shapes are PyTorch's\), in 6 places:\n/,
      ),
      mismatches: [
        "missing: expected [2, 3], found no such tensor",
        "filter: expected [8, 1, 3, 3], found [8, 1, 5, 5]",
        "rank: expected [4], found [1, 4]",
        "ints: expected floating-point numbers, found int64",
        "nan: expected finite numbers, found 2 of 4 that are not, the first NaN",
        "extra: expected no such tensor, found [2]",
      ],
    });
  });

  it("lets through what it is told to", () => {
    const checkpoint = checkpointOf({ w: float32([1], Number.NaN), extra: float32([2]) });
    const params = loadParams(specsOf({ w: [1] }), checkpoint, { strict: false, allowNonFinite: true });
    expect(Array.from(params.w!.dataSync())).toEqual([Number.NaN]);
    expect(() => loadParams(specsOf({ v: [1] }), checkpoint, { strict: false })).toThrow(/v: expected \[1\]/);
  });

  it("refuses a double that float32 cannot hold", () => {
    const tensor: HostTensor = { dtype: "float64", shape: [1], data: Float64Array.of(1e300) };
    expect(() => loadParams(specsOf({ w: [1] }), checkpointOf({ w: tensor }))).toThrow(
      /found 1 of 1 .* Infinity/,
    );
  });
});

describe("saving", () => {
  it("writes what PyTorch would, and reads it back", async () => {
    const original = await readCheckpoint(`${FOLDER}state-dict.pth`);
    const params = loadParams(NETWORK, original);
    await saveParams(path("saved.safetensors"), params, { metadata: { epoch: "3" } });
    const saved = await readCheckpoint(path("saved.safetensors"));
    expect(saved.metadata).toEqual({ epoch: "3" });
    for (const name of Object.keys(NETWORK))
      expect(saved.tensors.get(name)).toEqual(original.tensors.get(name));
    const again = loadParams(NETWORK, saved);
    expect(await saveParams(path("again.safetensors"), again, { metadata: { epoch: "3" } })).toBe(
      saved.sha256,
    );
  });

  it.each(["float16", "bfloat16"] as const)("rounds to %s", async (dtype) => {
    const params = { w: tf.tensor([1, 1 + 2 ** -20, Number.NaN]), n: tf.tensor([3], [1], "int32") };
    await saveParams(path(dtype), params, { dtype });
    const { tensors } = await readCheckpoint(path(dtype));
    expect(tensors.get("n")).toEqual({ dtype: "int32", shape: [1], data: Int32Array.of(3) });
    expect(tensors.get("w")).toMatchObject({ dtype, shape: [3] });
    const [one, rounded, nan] = loadParams(specsOf({ w: [3] }), checkpointOf({ w: tensors.get("w")! }), {
      allowNonFinite: true,
    }).w!.dataSync();
    expect([one, rounded, nan]).toEqual([1, 1, Number.NaN]);
  });

  it("refuses numbers that would become infinite, and tensors of strings", async () => {
    const large = { "net.w": tf.tensor([1, 1e5]) };
    await expect(saveParams(path("large"), large, { dtype: "float16" })).rejects.toThrow(
      /"net\.w": expected numbers within float16's range, found 100000/,
    );
    await saveParams(path("large"), large, { dtype: "bfloat16" });
    await expect(saveParams(path("text"), { w: tf.tensor(["a"]) })).rejects.toThrow(
      /"w": expected one of float32, int32, bool, found string/,
    );
  });
});
