/** Encoded graphs are loaded and run by ONNX Runtime itself. */

import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "./builder.ts";
import { encode } from "./encode.ts";
import { prune } from "./prune.ts";
import type { Value } from "./types.ts";

async function run(g: GraphBuilder, outputs: Record<string, Value>, feeds: Record<string, ort.Tensor> = {}) {
  const graph = prune(g.finish(Object.entries(outputs).map(([name, value]) => ({ name, value }))));
  const session = await ort.InferenceSession.create(encode(graph), { logSeverityLevel: 3 });
  try {
    const results = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, { type, dims, data }]) => [
        name,
        { type, dims: [...dims], data: Array.from(data as Float32Array, Number) },
      ]),
    );
  } finally {
    await session.release();
  }
}

describe("encode", () => {
  it("writes constants of every dtype and of no, one or several elements", async () => {
    const g = new GraphBuilder();
    const results = await run(g, {
      float: g.constant(Float32Array.of(1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY), "float32", [2, 2]),
      int: g.constant(Int32Array.of(-1, 2 ** 31 - 1), "int32", [2]),
      long: g.ints([1, -2, Number.MIN_SAFE_INTEGER]),
      flag: g.constant(Uint8Array.of(1, 0), "bool", [2]),
      byte: g.constant(Uint8Array.of(255, 0), "uint8", [2]),
      scalar: g.float(3),
      repeated: g.fill(7, "float32", [2, 3]),
      flags: g.fill(1, "bool", [3]),
      empty: g.fill(0, "float32", [0, 3]),
    });
    expect(results).toEqual({
      float: { type: "float32", dims: [2, 2], data: [1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY] },
      int: { type: "int32", dims: [2], data: [-1, 2 ** 31 - 1] },
      long: { type: "int64", dims: [3], data: [1, -2, Number.MIN_SAFE_INTEGER] },
      flag: { type: "bool", dims: [2], data: [1, 0] },
      byte: { type: "uint8", dims: [2], data: [255, 0] },
      scalar: { type: "float32", dims: [], data: [3] },
      repeated: { type: "float32", dims: [2, 3], data: Array(6).fill(7) },
      flags: { type: "bool", dims: [3], data: [1, 1, 1] },
      empty: { type: "float32", dims: [0, 3], data: [] },
    });
  });

  it("writes a constant that is a view into a larger buffer", async () => {
    const g = new GraphBuilder();
    const part = new Float32Array([9, 9, 1, 2, 9]).subarray(2, 4);
    const { y } = await run(g, { y: g.constant(part, "float32", [2]) });
    expect(y!.data).toEqual([1, 2]);
  });

  it("takes a repeated constant of a hundred megabytes in a few hundred bytes", () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [5000, 5000]);
    const big = g.op("Max", [x, g.fill(2, "float32", [5000, 5000])], {}, x);
    expect(encode(g.finish([{ name: "y", value: big }])).length).toBeLessThan(500);
  });

  it("writes attributes of every kind, absent inputs and several outputs", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [4]);
    const [low, high] = g.ops("Split", [x, g.ints([1, 3])], { axis: 0 }, [
      { dtype: "float32", shape: [1] },
      { dtype: "float32", shape: [3] },
    ]);
    const results = await run(
      g,
      {
        low: low!,
        high: g.unary("LeakyRelu", high!, { alpha: { float: 0.5 } }),
        clipped: g.op("Clip", [x, undefined, g.float(1)], {}, x),
        padded: g.pad(x, [1], [0], 0, "reflect"),
        turned: g.transpose(g.reshape(x, [2, 2]), [1, 0]),
        nothing: g.reshape(g.slice(x, [0], [0]), [0, 2]),
      },
      { x: new ort.Tensor("float32", [-1, -2, 3, 4], [4]) },
    );
    expect(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data]))).toEqual({
      low: [-1],
      high: [-1, 3, 4],
      clipped: [-1, -2, 1, 1],
      padded: [-2, -1, -2, 3, 4],
      turned: [-1, 3, -2, 4],
      nothing: [],
    });
    expect(results.nothing!.dims).toEqual([0, 2]);
  });

  it("lets an input, a constant and one value twice be outputs", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [1]);
    const y = g.add(x, x);
    const results = await run(g, { same: x, once: y, again: y }, { x: new ort.Tensor("float32", [3], [1]) });
    expect(Object.values(results).map(({ data }) => data)).toEqual([[3], [6], [6]]);
  });
});

describe("prune", () => {
  it("drops what no output depends on and keeps the order of the rest", () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [2]);
    const a = g.unary("Exp", x);
    g.unary("Sin", a);
    const b = g.unary("Cos", a);
    const graph = g.finish([{ name: "y", value: b }]);
    expect(prune(graph).nodes.map(({ type }) => type)).toEqual(["Exp", "Cos"]);
    expect(prune(g.finish([{ name: "y", value: x }])).nodes).toEqual([]);
  });
  it("keeps a node of which one output is needed", () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [3]);
    const [, indices] = g.ops("TopK", [x, g.ints([1])], {}, [
      { dtype: "float32", shape: [1] },
      { dtype: "int64", shape: [1] },
    ]);
    expect(prune(g.finish([{ name: "i", value: indices! }])).nodes).toHaveLength(1);
  });
});
