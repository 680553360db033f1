import { describe, expect, it } from "vitest";
import { GraphBuilder } from "./builder.ts";
import { expandConstant } from "./types.ts";

function setup() {
  const g = new GraphBuilder();
  return { g, x: g.input("x", "float32", [2, 3]), y: g.input("y", "float32", [2, 3]) };
}

const nodesOf = (g: GraphBuilder) => g.finish([]).nodes.map((node) => node.type);

describe("equal operators on equal inputs", () => {
  it("are one node", () => {
    const { g, x, y } = setup();
    expect(g.add(x, y)).toBe(g.add(x, y));
    expect(g.unary("LeakyRelu", x, { alpha: { float: 0.2 } })).toBe(
      g.unary("LeakyRelu", x, { alpha: { float: 0.2 } }),
    );
    expect(nodesOf(g)).toEqual(["Add", "LeakyRelu"]);
  });
  it("differ by order, attributes and number of outputs", () => {
    const { g, x, y } = setup();
    expect(g.sub(x, y)).not.toBe(g.sub(y, x));
    expect(g.unary("LeakyRelu", x, { alpha: { float: 0.2 } })).not.toBe(
      g.unary("LeakyRelu", x, { alpha: { float: 0.3 } }),
    );
    expect(g.reduce("ReduceSum", x, [0])).not.toBe(g.reduce("ReduceSum", x, [1]));
  });
  it("small constants are one value, but not of another dtype, shape or sign of zero", () => {
    const { g } = setup();
    expect(g.float(2)).toBe(g.float(2));
    expect(g.ints([1, 2])).toBe(g.ints([1, 2]));
    expect(g.float(2)).not.toBe(g.fill(2, "int32"));
    expect(g.fill(2, "float32", [3])).not.toBe(g.fill(2, "float32", [4]));
    expect(g.float(0)).not.toBe(g.float(-0));
  });
});

describe("simplification", () => {
  it("drops neutral elements that do not change the shape", () => {
    const { g, x } = setup();
    expect(g.add(x, g.float(0))).toBe(x);
    expect(g.add(g.float(0), x)).toBe(x);
    expect(g.sub(x, g.fill(0, "float32", [2, 3]))).toBe(x);
    expect(g.mul(g.float(1), x)).toBe(x);
    expect(g.div(x, g.float(1))).toBe(x);
    expect(g.add(x, g.fill(0, "float32", [4, 1, 1])).shape).toEqual([4, 2, 3]);
    expect(g.sub(g.float(0), x)).not.toBe(x);
    expect(g.div(g.float(1), x)).not.toBe(x);
  });
  it("undoes reshapes and transpositions of themselves", () => {
    const { g, x } = setup();
    expect(g.reshape(g.reshape(x, [6]), [2, 3])).toBe(x);
    expect(g.transpose(g.transpose(x, [1, 0]), [1, 0])).toBe(x);
    expect(g.cast(x, "float32")).toBe(x);
    expect(g.slice(x, [0], [2], [0])).toBe(x);
    expect(g.pad(x, [0, 0], [0, 0])).toBe(x);
    expect(g.reduce("ReduceSum", g.reshape(x, [2, 1, 3]), [1])).toBe(x);
  });
  it("writes a transposition that moves only axes of length one as a reshape", () => {
    const g = new GraphBuilder();
    const moved = g.transpose(g.input("x", "float32", [2, 1, 3]), [1, 0, 2]);
    expect(moved).toMatchObject({ shape: [1, 2, 3], producer: { type: "Reshape" } });
  });
  it("composes transpositions", () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [2, 3, 4]);
    const twice = g.transpose(g.transpose(x, [2, 0, 1]), [2, 1, 0]);
    expect(twice.producer).toMatchObject({ inputs: [x], attributes: { perm: [1, 0, 2] } });
  });
  it("does not carry out a broadcast that the next operator does itself", () => {
    const { g, x } = setup();
    const row = g.input("row", "float32", [1, 3]);
    expect(g.add(x, g.expand(row, [2, 3])).producer!.inputs).toEqual([x, row]);
    // A broadcast in every operand is still owed to the result.
    expect(g.add(g.expand(row, [2, 3]), g.expand(row, [2, 3]))).toMatchObject({
      shape: [2, 3],
      producer: { type: "Expand" },
    });
  });
});

describe("constants", () => {
  it("hold one element where all are equal", () => {
    const { g } = setup();
    expect(g.constant(new Float32Array(6).fill(2), "float32", [2, 3]).constant).toEqual(Float32Array.of(2));
    expect(g.constant(Float32Array.of(0, -0), "float32", [2]).constant).toHaveLength(2);
    expect([...expandConstant(g.fill(2, "int32", [3]))]).toEqual([2, 2, 2]);
  });
  it("are reshaped and transposed on the spot", () => {
    const { g } = setup();
    const c = g.constant(Float32Array.of(0, 1, 2, 3, 4, 5), "float32", [2, 3]);
    expect([...g.transpose(c, [1, 0]).constant!]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(g.reshape(c, [3, 2])).toMatchObject({ shape: [3, 2], constant: c.constant });
    expect(nodesOf(g)).toEqual([]);
  });
});

describe("shapes", () => {
  it.each([
    [[0], [5], [1], [5]],
    [[1], [5], [2], [2]],
    [[4], [-1], [-1], [5]],
    [[4], [0], [-2], [2]],
    [[3], [3], [1], [0]],
  ])("of a slice from %j to %j by %j is %j", (starts, ends, steps, shape) => {
    const g = new GraphBuilder();
    expect(g.slice(g.input("x", "float32", [5]), starts, ends, [0], steps).shape).toEqual(shape);
  });
  it("of concatenations leave out empty parts", () => {
    const { g, x, y } = setup();
    const empty = g.fill(0, "float32", [0, 3]);
    expect(g.concat([x, empty], 0)).toBe(x);
    expect(g.concat([x, empty, y], 0).shape).toEqual([4, 3]);
  });
  it("that do not fit are refused", () => {
    const { g, x } = setup();
    expect(() => g.reshape(x, [4])).toThrow(RangeError);
    expect(() => g.add(x, g.input("z", "float32", [4]))).toThrow(RangeError);
  });
});
