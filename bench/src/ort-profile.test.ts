// A small graph's profile: its operators, their FLOPs by algebra, and nothing left behind.
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { byOperator, byShapes, type NodeProfile, readProfile, shares } from "./ort-profile.ts";
import { profileRow } from "./profile-suite.ts";
import { workloadRow } from "./rows/row.ts";

const [ROWS_OF_A, INNER, COLUMNS] = [6, 5, 4];
const CHANNELS = 16; // Whole blocks: a runtime that computes on blocks of channels adds none.

const tiny = workloadRow({
  id: "tiny",
  title: "a product and a convolution",
  batch: 1,
  flops: 0,
  workload: () => ({
    fn: (x: tf.Tensor4D, w: tf.Tensor4D, a: tf.Tensor2D, b: tf.Tensor2D) =>
      tf.add(tf.sum(tf.exp(tf.conv2d(x, w, 1, "valid"))), tf.sum(tf.exp(tf.matMul(a, b)))),
    args: [
      tf.ones([2, 8, 8, 3]),
      tf.fill([3, 3, 3, CHANNELS], 0.01),
      tf.fill([ROWS_OF_A, INNER], 0.1),
      tf.ones([INNER, COLUMNS]),
    ],
    result: (output: tf.Tensor) => output,
  }),
});

const profiles = () => readdirSync(tmpdir()).filter((name) => name.startsWith("touchstone-profile-"));

describe("the profile of a row", () => {
  it("has each node once, with its FLOPs, and leaves no file", async () => {
    const before = profiles();
    const profile = await profileRow(tiny, 3, {});
    expect(profiles()).toEqual(before);
    expect(profile.iterations).toBe(3);
    const flops = (operators: RegExp) =>
      profile.nodes.filter(({ operator }) => operators.test(operator)).map((node) => node.flops);
    expect(flops(/^(Fused)?Conv$/)).toEqual([2 * (2 * 6 * 6 * CHANNELS) * (3 * 3 * 3)]);
    expect(flops(/MatMul|Gemm/)).toEqual([2 * ROWS_OF_A * INNER * COLUMNS]);
    expect(shares(profile.nodes, byOperator).find(({ name }) => name === "Exp")?.count).toBe(2);
  });
});

describe("a profile", () => {
  const event = (name: string, ts: number, dur: number, args = {}) => ({ cat: "Node", name, ts, dur, args });
  const run = (ts: number, dur: number) => ({ ...event("model_run", ts, dur), cat: "Session" });
  const node = (ts: number, dur: number) =>
    event("a_kernel_time", ts, dur, {
      op_name: "MatMul",
      node_index: "3",
      input_type_shape: [{ float: [7, 2, 3] }, { float: [7, 3, 4] }],
      output_type_shape: [{ float: [7, 2, 4] }],
    });

  it("counts the best of the runs after the warm-ups", () => {
    const events = [node(1, 1), run(0, 10), node(21, 3000), run(20, 4000), node(8001, 2000), run(8000, 5000)];
    const profile = readProfile(JSON.stringify(events), 1);
    expect(profile).toMatchObject({ iterations: 2, milliseconds: 4 });
    expect(profile.nodes).toMatchObject([{ milliseconds: 2, flops: 2 * 7 * 2 * 3 * 4 }]);
    expect(byShapes(profile.nodes[0]!)).toBe("MatMul 7x2x3 7x3x4 -> 7x2x4");
  });

  it("without other runs is refused", () => {
    expect(() => readProfile(JSON.stringify([run(0, 1)]), 1)).toThrow("expected more than 1 runs");
  });

  it("gives shares of the time, and speed where all FLOPs are known", () => {
    const made = (operator: string, milliseconds: number, flops?: number): NodeProfile => ({
      ...{ operator, milliseconds, flops, inputs: [], outputs: [] },
    });
    const nodes = [made("Exp", 1), made("MatMul", 2, 4e6), made("MatMul", 1, 2e6)];
    expect(shares(nodes, byOperator)).toEqual([
      { name: "MatMul", count: 2, milliseconds: 3, share: 0.75, gflops: 2 },
      { name: "Exp", count: 1, milliseconds: 1, share: 0.25, gflops: undefined },
    ]);
  });
});
