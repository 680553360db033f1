import * as tf from "@tensorflow/tfjs";
import type { Params } from "@touchstone/nn";
import { beforeAll, expect, it } from "vitest";
import { seededParams } from "../../test/seeded.ts";
import { collect } from "../images/sampled.ts";
import { encodePng } from "../images/save.ts";
import { generatorSpecs } from "./model.ts";
import { faceName, type SampleOptions, sampleDcgan } from "./sample.ts";

let params: Params;

beforeAll(async () => {
  await tf.setBackend("cpu");
  params = seededParams(generatorSpecs({ width: 2, latent: 4 }));
});

const sample = (options: SampleOptions, from = params) => collect(sampleDcgan(from, options));

it("gives as many images as asked for, each by the seed and its number alone", async () => {
  const many = await sample({ count: 70, seed: 5 });
  expect(many.map(({ height, width }) => [height, width])).toEqual(Array(70).fill([64, 64]));
  expect(await sample({ count: 3, seed: 5 })).toEqual(many.slice(0, 3));
  expect(new Set(many.map(({ data }) => String(data))).size).toBe(70);
  expect(await sample({ count: 3, seed: 6 })).not.toEqual(many.slice(0, 3));
  expect(await sample({ count: 0, seed: 5 })).toEqual([]);
});

it("makes only those that are wanted, as they are among all", async () => {
  const many = await sample({ count: 70, seed: 5 });
  expect(many.map(({ name }) => name).slice(-1)).toEqual(["00069.png"]);
  const wanted = [3, 64, 69].map(faceName);
  const options = { count: 70, seed: 5, isWanted: (name: string) => wanted.includes(name) };
  expect(await sample(options)).toEqual([many[3], many[64], many[69]]);
  const progress = [];
  for await (const { done, total } of sampleDcgan(params, options)) progress.push([done, total]);
  expect(progress).toEqual([
    [1, 3],
    [3, 3],
  ]);
  expect(await sample({ count: 70, seed: 5, isWanted: () => false })).toEqual([]);
});

it("the same seed gives the same PNG files", async () => {
  const [first, second] = await Promise.all(
    [1, 2].map(async () => Promise.all((await sample({ count: 5, seed: "a" })).map(encodePng))),
  );
  expect(second).toEqual(first);
});

it("leaves no tensor behind when its consumer stops", async () => {
  const before = tf.memory().numTensors;
  for await (const _ of sampleDcgan(params, { count: 200, seed: 0 })) break;
  expect(tf.memory().numTensors).toBe(before);
});

it.each(["net.0.weight", "net.10.running_var"])("refuses a NaN in %s", async (name) => {
  const values = (await params[name]!.data()).map((value, i) => (i === 0 ? Number.NaN : value));
  const spoilt = { ...params, [name]: tf.tensor(values, params[name]!.shape) };
  await expect(sample({ count: 1, seed: 0 }, spoilt)).rejects.toMatchObject({
    code: "MODELS_NOT_FINITE",
    exitCode: 2,
  });
});

it("refuses counts and parameters that cannot be", async () => {
  await expect(sample({ count: -1, seed: 0 })).rejects.toThrow(
    /count: expected a whole number, 0 or more, found -1/,
  );
  await expect(sample({ count: 1, seed: 0 }, {})).rejects.toThrow(/"net.0.weight"/);
  const { "net.4.bias": _, ...partial } = params;
  await expect(sample({ count: 1, seed: 0 }, partial)).rejects.toMatchObject({
    code: "NN_MISSING_PARAMETER",
  });
});
