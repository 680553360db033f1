// A model's row goes round: one iteration leads to the next, and leaves no more tensors behind.
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { MODEL_ROWS } from "./model-rows.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const QUICK = ["dann-step", "diffusion-sample"];
const isSlow = process.env.TOUCHSTONE_SLOW === "1";

describe.each(MODEL_ROWS)("$id", (row) => {
  const isLeftOut = !isSlow && !QUICK.includes(row.id);
  it.skipIf(isLeftOut)(
    isLeftOut ? "goes round (TOUCHSTONE_SLOW=1)" : "goes round",
    { timeout: 300_000 },
    async () => {
      const engine = row.compile({ threads: 2 });
      await engine.iterate();
      const before = tf.memory().numTensors;
      expect(await engine.iterate()).toBeGreaterThan(0);
      expect(tf.memory().numTensors).toBe(before);
      await engine.close();
    },
  );
});
