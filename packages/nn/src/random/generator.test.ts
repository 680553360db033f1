/** The generator against another implementation's values (fixtures/golden/random) and against what its draws should be. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generatorFromSeed, generatorFromState } from "./generator.ts";

interface GoldenStream {
  seed: string;
  labels: string[];
  stream: string;
  uniformTimes2To24: number[];
  far: { position: number; uniformTimes2To24: number[] }[];
  integersBelow10: number[];
  integersBelow3Times2To29: number[];
  permutationOf20: number[];
  sha256OfNormals: string;
}

const golden = JSON.parse(
  readFileSync(new URL("../../../../fixtures/golden/random/generator.json", import.meta.url), "utf8"),
) as { streams: GoldenStream[] };

describe.each(golden.streams)("golden stream of seed $seed, split by $labels", (expected) => {
  const fresh = () =>
    expected.labels.reduce((generator, label) => generator.split(label), generatorFromSeed(expected.seed));
  const times24 = (values: Float32Array) => Array.from(values, (u) => u * 2 ** 24);

  it("uniform", () => {
    expect(fresh().state().stream).toBe(expected.stream);
    expect(times24(fresh().uniform(6))).toEqual(expected.uniformTimes2To24);
  });

  it.each(expected.far)("uniform from word $position on", ({ position, uniformTimes2To24 }) => {
    const generator = generatorFromState({ ...fresh().state(), position });
    expect(times24(generator.uniform(6))).toEqual(uniformTimes2To24);
  });

  it("normal, to the bit", () => {
    const normals = fresh().normal(2048);
    expect(createHash("sha256").update(normals).digest("hex")).toBe(expected.sha256OfNormals);
  });

  it("integers and permutations", () => {
    expect(Array.from(fresh().integers(12, 10))).toEqual(expected.integersBelow10);
    expect(Array.from(fresh().integers(12, 3 * 2 ** 29))).toEqual(expected.integersBelow3Times2To29);
    expect(Array.from(fresh().permutation(20))).toEqual(expected.permutationOf20);
  });
});

describe("streams", () => {
  it("is the same in pieces as at once, whatever was drawn in between", () => {
    const whole = generatorFromSeed(5).normal(1000);
    const pieces = generatorFromSeed(5);
    const drawn = [1, 255, 0, 1, 300, 443].flatMap((n) => Array.from(pieces.normal(n)));
    expect(drawn).toEqual(Array.from(whole));
    const skipping = generatorFromSeed(5);
    skipping.uniform(990);
    expect(skipping.normal(10)).toEqual(whole.slice(990));
  });

  it("goes on from a state that went through JSON, at every place in a batch", () => {
    for (const used of [0, 1, 3, 255, 256, 257, 1000]) {
      const generator = generatorFromSeed("resume");
      generator.uniform(used);
      const restored = generatorFromState(JSON.parse(JSON.stringify(generator.state())));
      expect(restored.normal(600)).toEqual(generator.normal(600));
      expect(restored.permutation(50)).toEqual(generator.permutation(50));
      expect(restored.state()).toEqual(generator.state());
    }
  });

  it("splits by seed and label alone, not by what was drawn", () => {
    const used = generatorFromSeed(1);
    used.normal(100);
    used.split("other").normal(7);
    expect(used.split("a").normal(9)).toEqual(generatorFromSeed(1).split("a").normal(9));
    expect(used.split(3).uniform(9)).toEqual(used.split("3").uniform(9));
    expect(generatorFromSeed(12).uniform(9)).toEqual(generatorFromSeed("12").uniform(9));
  });

  it("gives seeds, labels, parents and children streams of their own", () => {
    const root = generatorFromSeed(0);
    const streams = [
      ...Array.from({ length: 300 }, (_, seed) => generatorFromSeed(seed)),
      ...Array.from({ length: 300 }, (_, label) => root.split(label)),
      root.split("a").split("b"),
      root.split("b").split("a"),
      root.split("ab"),
      root.split(""),
      generatorFromSeed(-1),
      generatorFromSeed("a"),
    ].map((generator) => generator.state().stream);
    expect(new Set(streams).size).toBe(streams.length);
  });
});

describe("wrong use", () => {
  it.each([Number.NaN, 1.5, Infinity, 2 ** 53, "", null, undefined])("refuses the seed %s", (seed) => {
    expect(() => generatorFromSeed(seed as number)).toThrow(
      expect.objectContaining({ code: "NN_OPTION", exitCode: 2 }),
    );
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 31 + 1])("refuses to draw %s numbers", (n) => {
    const generator = generatorFromSeed(1);
    const refused = expect.objectContaining({ code: "NN_OPTION" });
    expect(() => generator.uniform(n)).toThrow(refused);
    expect(() => generator.normal(n)).toThrow(refused);
    expect(() => generator.permutation(n)).toThrow(refused);
    expect(() => generator.integers(n, 2)).toThrow(refused);
    expect(() => generator.integers(2, n)).toThrow(refused);
  });

  it.each([
    null,
    {},
    { algorithm: "mt19937", stream: "0".repeat(32), position: 0 },
    { algorithm: "philox4x32-10", stream: "0".repeat(31), position: 0 },
    { algorithm: "philox4x32-10", stream: "g".repeat(32), position: 0 },
    { algorithm: "philox4x32-10", stream: "0".repeat(32), position: -1 },
    { algorithm: "philox4x32-10", stream: "0".repeat(32), position: 0.5 },
  ])("refuses the state %j", (state) => {
    expect(() => generatorFromState(state as never)).toThrow(
      expect.objectContaining({ code: "NN_INVALID_GENERATOR_STATE" }),
    );
  });

  it("draws nothing when asked for nothing", () => {
    const generator = generatorFromSeed(1);
    expect(
      [generator.uniform(0), generator.normal(0), generator.permutation(0)].map((a) => a.length),
    ).toEqual([0, 0, 0]);
    expect(generator.permutation(1)).toEqual(Int32Array.of(0));
    expect(generator.integers(3, 1)).toEqual(Int32Array.of(0, 0, 0));
  });
});
