import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { MissingParameterError, ShapeError } from "./errors.ts";
import { batchNormSpecs, conv2dSpecs } from "./layers/index.ts";
import { mapParams, param, parameterCount, partition, scoped } from "./params.ts";

const specs = { ...scoped("net.0", conv2dSpecs(3, 8, 4)), ...scoped("net.1", batchNormSpecs(8)) };

describe("a tree of parameters", () => {
  it("counts what is trained", () => {
    expect(parameterCount(specs)).toBe(3 * 8 * 4 * 4 + 8 + 2 * 8);
  });

  it("is parted into what is trained and what is carried along", () => {
    const tree = Object.fromEntries(Object.keys(specs).map((name) => [name, tf.scalar(0)]));
    const { trained, buffers } = partition(tree, specs);
    expect(Object.keys(trained)).toEqual(["net.0.weight", "net.0.bias", "net.1.weight", "net.1.bias"]);
    expect(Object.keys(buffers)).toEqual(["net.1.running_mean", "net.1.running_var"]);
  });

  it("is mapped under its names", () => {
    const doubled = mapParams({ a: tf.scalar(1) }, (x, name) => tf.mul(x, name === "a" ? 2 : 3));
    expect(Array.from(doubled.a!.dataSync())).toEqual([2]);
  });

  it("gives a parameter, or an error with a code that says what is wrong with it", () => {
    const tree = { "a.weight": tf.zeros([2, 3]) };
    expect(param(tree, "a.weight", ["out", 3])).toBe(tree["a.weight"]);
    expect(() => param(tree, "a.weight", ["out", 4])).toThrow(ShapeError);
    expect(() => param(tree, "a.weight", ["out"])).toThrow("expected [out], found [2, 3]");
    expect(() => param(tree, "b")).toThrow(MissingParameterError);
    expect(() => param(tree, "b")).toThrow(
      expect.objectContaining({ code: "NN_MISSING_PARAMETER", exitCode: 2 }),
    );
  });
});
