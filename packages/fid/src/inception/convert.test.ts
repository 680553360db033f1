import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fixture } from "../../test/inception.ts";
import { convertWeights } from "./convert.ts";
import { formOf, graphConstants } from "./forms.ts";
import { readConstants } from "./graph-def.ts";
import { inceptionSpecs } from "./network.ts";
import { TENSORFLOW_SCOPES } from "./tensorflow-names.ts";

it("TensorFlow's name of every convolution, as torch-fidelity matches them", () => {
  const filters = Object.keys(inceptionSpecs([2048])).filter((name) => name.endsWith(".weight"));
  expect([...TENSORFLOW_SCOPES.keys()].map((name) => `${name}.conv.weight`).sort()).toEqual(filters.sort());
  expect(new Set(TENSORFLOW_SCOPES.values()).size).toBe(94);
  expect(Object.fromEntries(TENSORFLOW_SCOPES)).toMatchObject({
    Conv2d_4a_3x3: "conv_4",
    "Mixed_5b.branch3x3dbl_3": "mixed/tower_1/conv_2",
    "Mixed_6a.branch3x3dbl_2": "mixed_3/tower/conv_1",
    "Mixed_6e.branch_pool": "mixed_7/tower_2/conv",
    "Mixed_7a.branch7x7x3_4": "mixed_8/tower_1/conv_3",
    "Mixed_7b.branch3x3_2a": "mixed_9/tower/mixed/conv",
    "Mixed_7c.branch3x3dbl_3b": "mixed_10/tower_1/mixed/conv_1",
  });
});

it("the graph's classifier is transposed", () => {
  const tensors = readConstants(readFileSync(fixture("stem.pb")), graphConstants(), "stem.pb");
  const form = formOf(tensors)!;
  // Row i, column o is 1008 i + o.
  const data = Float32Array.from({ length: 2048 * 1008 }, (_, at) => at);
  tensors.set("softmax/weights", { dtype: "float32", shape: [2048, 1008], data });
  const { shape, data: found } = convertWeights(tensors, form, "stem.pb").get("fc.weight")!;
  expect(shape).toEqual([1008, 2048]);
  for (const [o, i] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1007, 2046],
  ] as const) {
    expect(found[o * 2048 + i]).toBe(1008 * i + o);
  }
});
