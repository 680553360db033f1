import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { describe, expect, it } from "vitest";
import { expectTensors, readGolden, tensorsOf, under } from "../../test/golden.ts";
import { movingAverage, warmedUpDecay } from "./average.ts";

describe("movingAverage over five updates, from PyTorch", () => {
  const cases = readGolden<{ decay: number; warmUp: boolean }>("averages.json").map(
    (c) => [c.name, c] as const,
  );
  it.each(cases)("%s", async (_, c) => {
    const decay = c.attrs.warmUp ? warmedUpDecay(c.attrs.decay) : () => c.attrs.decay;
    for (const compile of [jit, eager]) {
      const update = compile(movingAverage);
      let average = tensorsOf(c, "params0.");
      for (let i = 1; i <= 5; i++) {
        average = await update(average, tensorsOf(c, `params${i}.`), tf.tensor1d([decay(i - 1)]));
        await expectTensors(average, under(c.tensors, `average${i}.`));
      }
    }
  });
});

it("a decay that is warmed up rises from 1/10 to the whole of it", () => {
  const decay = warmedUpDecay(0.99);
  expect([decay(0), decay(8), decay(10_000)]).toEqual([0.1, 0.5, 0.99]);
  expect(() => warmedUpDecay(1)).toThrow("decay: expected a number in [0, 1), found 1");
});
