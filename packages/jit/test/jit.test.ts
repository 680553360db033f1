import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { jit } from "../src/index.ts";
import { device } from "./engine.ts";

const values = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

describe("jit", () => {
  it("takes and returns trees of tensors, typed arrays and static values", async () => {
    const f = jit(
      (p: { w: tf.Tensor1D; list: [tf.Tensor, number] }, label: string) => ({
        sum: tf.add(p.w, p.list[0]).mul(p.list[1]),
        label,
        nothing: null,
      }),
      { device },
    );
    const out = await f({ w: Float32Array.of(1, 2), list: [tf.tensor1d([3, 4]), 2] }, "x");
    expect(await values(out.sum)).toEqual([8, 12]);
    expect(out).toMatchObject({ label: "x", nothing: null });
    await f.dispose();
  });

  it("counts Uint8Array as int32, converted inside the graph", async () => {
    const f = jit((pixels: tf.Tensor) => pixels.cast("float32").div(255), { device });
    expect(await values(await f(Uint8Array.of(0, 51, 255)))).toEqual([0, Math.fround(0.2), 1]);
  });

  it("takes tensors whose elements tfjs keeps in another array type", async () => {
    const cast = tf.oneHot(tf.tensor1d([1], "int32"), 3).cast("float32");
    expect(await values(await jit((x: tf.Tensor) => x.mul(0.5), { device })(cast))).toEqual([0, 0.5, 0]);
  });

  it("returns arguments and constants as they are", async () => {
    const f = jit((x: tf.Tensor) => [x, x, tf.ones([2, 2]), tf.tensor1d([1, 2, 3])], { device });
    const out = await f(tf.scalar(7));
    expect(await Promise.all(out.map(values))).toEqual([[7], [7], [1, 1, 1, 1], [1, 2, 3]]);
  });

  it("compiles once for each signature", async () => {
    const fn = vi.fn((x: tf.Tensor, n: number) => x.add(n));
    const f = jit(fn, { device });
    await f(tf.zeros([2]), 1);
    await f(tf.ones([2]), 1);
    expect(fn).toHaveBeenCalledTimes(1);
    await f(tf.ones([3]), 1);
    await f(tf.ones([2]), 2);
    await f(tf.ones([2], "int32"), 1);
    expect(fn).toHaveBeenCalledTimes(4);
  });

  it("forgets the signature unused for longest, and warns when that goes on", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const fn = vi.fn((x: tf.Tensor, n: number) => x.add(n));
    const f = jit(fn, { device, cacheSize: 2 });
    for (const n of [1, 2, 1, 3, 1]) expect(await values(await f(tf.zeros([1]), n))).toEqual([n]);
    expect(fn).toHaveBeenCalledTimes(3);
    await f(tf.zeros([1]), 2);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it("runs a whole training step, whose state goes back in", async () => {
    const step = jit(
      (w: tf.Tensor, x: tf.Tensor) => {
        const { value, grads } = tf.valueAndGrads(
          (w: tf.Tensor) => tf.sum(tf.square(tf.sub(w, x))) as tf.Scalar,
        )([w]);
        return { w: tf.sub(w, tf.mul(grads[0]!, 0.25)), loss: value };
      },
      { device },
    );
    let w: tf.Tensor = tf.zeros([2]);
    const losses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const out = await step(w, tf.tensor1d([8, -8]));
      losses.push((await values(out.loss))[0]!);
      w = out.w;
    }
    expect(losses).toEqual([128, 32, 8]);
    expect(await values(w)).toEqual([7, -7]);
  });

  it("lets calls overlap", async () => {
    const f = jit((x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D), { device });
    const inputs = [1, 2, 3, 4, 5].map((n) => tf.fill([16, 16], n));
    const outs = await Promise.all(inputs.map((x) => f(x)));
    const first = await Promise.all(outs.map(async (out) => (await values(out))[0]));
    expect(first).toEqual([1, 2, 3, 4, 5].map((n) => 16 * n * n));
  });

  it("keeps what a caller has read when the tensor is disposed and its memory could be reused", async () => {
    const f = jit((x: tf.Tensor) => x.add(1), { device });
    const first = await f(tf.zeros([4]));
    const read = await first.data();
    first.dispose();
    await f(tf.fill([4], 10));
    expect(Array.from(read)).toEqual([1, 1, 1, 1]);
  });

  it("gives results that any tfjs backend can use", async () => {
    const f = jit((x: tf.Tensor) => x.mul(2), {});
    const out = await f(tf.tensor1d([1, 2]));
    expect(await values(tf.add(out, 1))).toEqual([3, 5]);
    const again = await f(out.reshape([2, 1]));
    expect(again.shape).toEqual([2, 1]);
  });

  it("captures tensors it closes over as constants", async () => {
    const w = tf.tensor1d([1, 2]);
    const f = jit((x: tf.Tensor) => x.mul(w), { device });
    expect(await values(await f(tf.tensor1d([3, 4])))).toEqual([3, 8]);
  });

  it("names its device after the first call", async () => {
    const f = jit((x: tf.Tensor) => x, { device: "cpu" });
    expect(f.device).toBeUndefined();
    await f(tf.scalar(1));
    expect(f.device).toBe("cpu");
  });

  it("with device auto takes one that is there", async () => {
    const f = jit((x: tf.Tensor) => x.add(1), { device: "auto" });
    expect(await values(await f(tf.scalar(1)))).toEqual([2]);
    expect(["cpu", "webgpu", "cuda"]).toContain(f.device);
  });

  it("leaves no tensors behind", async () => {
    const f = jit((x: tf.Tensor) => tf.softmax(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D)), { device });
    const x = tf.ones([4, 4]);
    const before = tf.memory().numTensors;
    (await f(x)).dispose();
    (await f(x)).dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe("cpu");
  });
});

describe("jit refuses", () => {
  const x = tf.tensor1d([1, 2]);
  const run = (fn: (x: tf.Tensor) => unknown, arg: unknown = x) =>
    (jit(fn as never, { device }) as (x: unknown) => Promise<unknown>)(arg);
  afterEach(() => expect(tf.getBackend()).toBe("cpu"));

  it.each<[string, (x: tf.Tensor) => unknown]>([
    ["dataSync", (x) => x.add(x.dataSync()[0]!)],
    ["print", (x) => x.print()],
    ["tf.randomNormal", (x) => x.add(tf.randomNormal([2]))],
    ["tf.randomNormal", (x) => x.add(tf.randomNormal([2], 0, 1, "float32", 42))],
    ["tf.dropout", (x) => tf.dropout(x, 0.5)],
    ["Math.random", (x) => x.mul(Math.random())],
    ["tf.Variable", (x) => x.mul(tf.variable(tf.scalar(1)))],
    ["Promise", async (x) => x],
  ])("%s", async (name, fn) => {
    await expect(run(fn)).rejects.toMatchObject({
      code: "JIT_IMPURE",
      message: expect.stringContaining(name),
    });
    await expect(run(fn)).rejects.toThrow(name === "Promise" ? "synchronous" : "jit.test.ts");
  });

  it("assigning to a variable and closing over one", async () => {
    const v = tf.variable(tf.tensor1d([1, 1]));
    await expect(run((x) => v.assign(x as never))).rejects.toMatchObject({ code: "JIT_IMPURE" });
    await expect(run((x) => v.add(x))).rejects.toThrow("Closing over the tf.Variable");
    expect(Array.from(v.dataSync())).toEqual([1, 1]);
  });

  it("a kernel it cannot compile, naming it and the user's line", async () => {
    const boxes = (x: tf.Tensor) =>
      tf.image.nonMaxSuppression(tf.reshape(x, [-1, 4]) as tf.Tensor2D, tf.ones([1]) as tf.Tensor1D, 1);
    await expect(run(boxes, tf.ones([4]))).rejects.toMatchObject({
      code: "JIT_UNSUPPORTED_KERNEL",
      kernel: "NonMaxSuppressionV3",
      message: expect.stringMatching(/NonMaxSuppressionV3.*jit\.test\.ts:\d+/),
    });
  });

  it("arguments and results that are no trees", async () => {
    const fn = (y: unknown): tf.Tensor => y as tf.Tensor;
    await expect(run(fn, new Map())).rejects.toThrow("args[0]: expected");
    await expect(run(fn, { a: [new Float64Array(2)] })).rejects.toThrow("args[0].a[0]: expected");
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    await expect(run(fn, cycle)).rejects.toThrow("args[0].self: expected");
    await expect(run(() => new Date() as never)).rejects.toThrow("result: expected");
    await expect(run(() => Float32Array.of(1) as never)).rejects.toThrow("result: expected a tf.Tensor");
  });

  it("disposed tensors, as arguments and closed over", async () => {
    const gone = tf.tensor1d([1, 2]);
    gone.dispose();
    await expect(run((y) => y, gone)).rejects.toMatchObject({ code: "JIT_DISPOSED" });
    await expect(run((y) => y.add(gone))).rejects.toThrow(/dispose/i);
  });

  it("calls after dispose", async () => {
    const f = jit((y: tf.Tensor) => y.add(1), { device });
    const out = await f(x);
    await f.dispose();
    await expect(f(x)).rejects.toMatchObject({ code: "JIT_FUNCTION_DISPOSED" });
    expect(await values(out)).toEqual([2, 3]);
  });

  it("a call that was waiting for its device when the function was disposed", async () => {
    const fn = vi.fn((y: tf.Tensor) => y.add(1));
    const f = jit(fn, { device });
    const waiting = f(x);
    await f.dispose();
    await expect(waiting).rejects.toMatchObject({ code: "JIT_FUNCTION_DISPOSED" });
    expect(fn).not.toHaveBeenCalled();
  });

  it("a device that is not there, with what to do", async () => {
    const f = jit((y: tf.Tensor) => y, { device: "cuda" });
    await expect(f(x)).rejects.toMatchObject({
      code: "JIT_NO_DEVICE",
      device: "cuda",
      message: expect.stringContaining("install.js"),
    });
  });

  it("errors of the function itself pass through unchanged", async () => {
    const boom = new RangeError("boom");
    await expect(
      run(() => {
        throw boom;
      }),
    ).rejects.toBe(boom);
  });
});

describe("memory", () => {
  it("stays flat over 1,000 training steps", () => {
    const script = fileURLToPath(new URL("memory-script.ts", import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--expose-gc", script], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const { tensors, growthMiB, stateMiB } = JSON.parse(stdout);
    expect(tensors).toBe(0);
    // Half of the state leaked per step would be 150 times the state; the allocator alone has been seen to keep one.
    expect(growthMiB).toBeLessThan(10 * stateMiB);
  });
});
