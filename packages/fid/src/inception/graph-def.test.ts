/** TensorFlow graphs, broken and made to harm. Sound ones are read in load-weights.test.ts. */

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { fixture } from "../../test/inception.ts";
import { InvalidGraphError } from "./errors.ts";
import { graphConstants } from "./forms.ts";
import { looksLikeGraph, readConstants } from "./graph-def.ts";

const STEM = readFileSync(fixture("stem.pb"));
const WANTED = graphConstants();

const read = (bytes: Uint8Array) => readConstants(bytes, WANTED, "graph.pb");
const refusal = (bytes: Uint8Array) => {
  try {
    read(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidGraphError);
    return (error as Error).message;
  }
};

it("finds the constants of the stem, whichever way their numbers are stored", () => {
  const constants = read(STEM);
  expect(constants.size).toBe(15);
  expect(constants.get("conv_1/conv2d_params")!.shape).toEqual([3, 3, 32, 32]);
  expect(constants.get("conv/batchnorm/gamma")!.data.length).toBe(32);
});

it("any damage is our error, or leaves a sound graph", () => {
  const change = fc.tuple(fc.nat(STEM.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.nat(STEM.length), (changes, end) => {
      const bytes = Uint8Array.from(STEM.subarray(0, end));
      // Most bytes are numbers; those of the first nodes have the structure.
      for (const [at, value] of changes) bytes[at % 400] = value;
      refusal(bytes);
    }),
    { seed: 1, numRuns: 300 },
  );
});

it.each<[string, number[], string]>([
  ["a node longer than the file", [10, 0xff, 0xff, 0xff, 0xff, 0x0f, 10, 1], "a broken node at byte 0"],
  ["groups in groups without end", Array(100_000).fill(0x0b), "a broken node at byte 0"],
  ["a field of no type", [10, 0, 0x0f], "a broken node at byte 2"],
])("%s", (_, bytes, message) => {
  expect(refusal(Uint8Array.from(bytes))).toContain(message);
});

it("a constant of another type, of too few numbers, or without any", () => {
  // conv/batchnorm/beta: a string of the name, then dtype (field 1, varint) behind the shape's and the tensor's headers.
  const changed = (from: number[], to: number[]) => {
    const bytes = Buffer.from(STEM);
    const at = bytes.indexOf(Buffer.from(from));
    expect(at).toBeGreaterThan(0);
    Buffer.from(to).copy(bytes, at);
    return refusal(bytes);
  };
  const shape32 = [0x08, 1, 0x12, 4, 0x12, 2, 0x08, 32];
  expect(changed(shape32, [0x08, 2, 0x12, 4, 0x12, 2, 0x08, 32])).toContain(
    '"conv/batchnorm/beta": expected float32',
  );
  expect(changed(shape32, [0x08, 1, 0x12, 4, 0x12, 2, 0x08, 33])).toContain(
    "expected 132 bytes, those of [33]",
  );
});

it("is told from a safetensors file whose header happens to begin with the same byte", () => {
  expect(looksLikeGraph(STEM)).toBe(true);
  expect(looksLikeGraph(Buffer.from("\n\0\0\0\0\0\0\0{"))).toBe(false);
  expect(looksLikeGraph(new Uint8Array(0))).toBe(false);
});
