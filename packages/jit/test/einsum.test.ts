import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectClose, expectGradientAgreement } from "./agreement.ts";
import { floats, ints, runs } from "./arbitrary.ts";
import { onEngine, TOLERANCE } from "./engine.ts";

const LABELS = "abcde";
const SIZES = { a: 2, b: 3, c: 4, d: 1, e: 5 } as Record<string, number>;

/** Any equation of one or two terms: which terms, and whether the output, have each label, and all in some order. */
const equations = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()), { minLength: 5, maxLength: 5 }),
    fc.boolean(),
    fc.infiniteStream(fc.nat(1000)),
  )
  .map(([presence, isSingle, order]) => {
    const shuffle = (labels: string[]): string =>
      labels
        .map((label) => ({ label, key: order.next().value as number }))
        .sort((p, q) => p.key - q.key)
        .map(({ label }) => label)
        .join("");
    const inTerm = (term: number) => [...LABELS].filter((_, i) => presence[i]![0] & term);
    const [first, second] = [inTerm(1), inTerm(2)];
    const known = isSingle ? first : [...LABELS];
    const out = [...LABELS].filter((label, i) => presence[i]![1] && known.includes(label));
    const left = isSingle ? shuffle(first) : `${shuffle(first)},${shuffle(second)}`;
    return `${left}->${shuffle(out)}`;
  })
  .filter((equation) => !/^,|,->|^->/.test(equation));

function inputsOf(equation: string, make: typeof floats): fc.Arbitrary<tf.Tensor[]> {
  const terms = equation.split("->")[0]!.split(",");
  return fc.tuple(...terms.map((term) => make([...term].map((label) => SIZES[label]!))));
}

/** The definition: for every assignment of the labels, add the product of the elements to the output. */
function einsumByDefinition(equation: string, tensors: tf.Tensor[]): number[] {
  const [left, out] = equation.split("->") as [string, string];
  const terms = left.split(",");
  const labels = [...new Set(left.replace(",", ""))];
  const value: Record<string, number> = {};
  const offset = (term: string): number =>
    [...term].reduce((at, label) => at * SIZES[label]! + value[label]!, 0);
  const data = tensors.map((t) => t.dataSync());
  const result = Array<number>([...out].reduce((n, label) => n * SIZES[label]!, 1)).fill(0);
  const visit = (i: number): void => {
    if (i === labels.length) {
      result[offset(out)]! += terms.reduce((product, term, t) => product * data[t]![offset(term)]!, 1);
      return;
    }
    for (let v = 0; v < SIZES[labels[i]!]!; v++) {
      value[labels[i]!] = v;
      visit(i + 1);
    }
  };
  visit(0);
  return result;
}

describe("einsum", () => {
  // Against the definition, not tfjs: that leaves out a term without summed labels, as of "i,j->i".
  // Positive numbers: a sum that cancels has no digits left to compare.
  const positive = (dims: number[]): fc.Arbitrary<tf.Tensor> => floats(dims, { min: 0.5, max: 2 });
  for (const [dtype, make] of Object.entries({ float32: positive, int32: ints })) {
    const examples = equations.chain((equation) => fc.tuple(fc.constant(equation), inputsOf(equation, make)));
    it(`any equation of ${dtype}`, () =>
      fc.assert(
        fc.asyncProperty(examples, async ([equation, inputs]) => {
          const run = onEngine((...xs: tf.Tensor[]) => tf.einsum(equation, ...xs));
          const y = await run(...inputs);
          expect(y.dtype).toBe(dtype);
          expect(y.shape).toEqual([...equation.split("->")[1]!].map((label) => SIZES[label]!));
          expectClose(
            await y.data(),
            einsumByDefinition(equation, inputs),
            TOLERANCE * Math.sqrt(120),
            equation,
          );
          await run.dispose();
        }),
        runs,
      ));
  }

  it.each([
    "ij,jk->ik",
    "bij,bjk->bik",
    "bhqd,bhkd->bhqk",
    "ij->ji",
    "ij->",
    "i,j->ij",
    "ab,ab->",
    "nc,nd->cd",
  ])("%s and its gradients", (equation) =>
    fc.assert(
      fc.asyncProperty(
        inputsWith(equation, (label) => 2 + (label.charCodeAt(0) % 3)),
        (inputs) =>
          expectGradientAgreement((...xs: tf.Tensor[]) => tf.einsum(equation, ...xs), inputs, { terms: 64 }),
      ),
      { numRuns: 3 },
    ),
  );
});

function inputsWith(equation: string, size: (label: string) => number): fc.Arbitrary<tf.Tensor[]> {
  const terms = equation.split("->")[0]!.split(",");
  return fc.tuple(...terms.map((term) => floats([...term].map(size))));
}
