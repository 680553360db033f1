import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { bothWays, expectTensors, prefixed, readGolden, tensorsOf } from "../../test/golden.ts";
import type { Params } from "../params.ts";
import { clipByGlobalNorm, clipByValue } from "./clip.ts";

describe("clipping, from PyTorch", () => {
  const cases = readGolden<{ kind: "norm" | "value"; limit: number }>("clipping.json").map(
    (c) => [c.name, c] as const,
  );
  it.each(cases)("%s", async (_, c) => {
    const { kind, limit } = c.attrs;
    const clip = (gradients: Params): Params => {
      if (kind === "value") return prefixed("after.", clipByValue(gradients, limit));
      const { gradients: clipped, norm } = clipByGlobalNorm(gradients, limit);
      return { ...prefixed("after.", clipped), norm };
    };
    const expected = Object.entries(c.tensors).filter(([name]) => !name.startsWith("before."));
    await bothWays(clip, [tensorsOf(c, "before.")], (found) =>
      expectTensors(found, Object.fromEntries(expected)),
    );
  });
});

it("refuses a limit that is not above 0", () => {
  for (const clip of [clipByGlobalNorm, clipByValue])
    expect(() => clip({ a: tf.ones([1]) }, 0)).toThrow(
      "limit of gradients: expected a number above 0, found 0",
    );
});
