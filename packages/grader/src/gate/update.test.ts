import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grading, metric, result } from "../../test/example-grading.ts";
import { parseBaseline } from "./baseline.ts";
import { check, gateExitCode } from "./check.ts";
import { BaselineError, UnfitForBaselineError } from "./errors.ts";
import { baselineOf, updatedBaseline } from "./update.ts";

const written = `# Measured on the CI machine.
schema: 1
metrics:
  # Face GANs
  - problem: p1
    variant: DCGAN
    metric: fid
    value: 30
    interval: [29, 31]
    n: 2000
    better: lower
    protocol: { extractor: old }
    absolute: 0.5 # three seeds differ by that much
    minimum: 500
    level: warn
  - { problem: p1, variant: DCGAN, metric: gone, value: 1, n: 1, better: lower, protocol: {} }
  - { problem: p2, variant: UNet, metric: accuracy, value: 1, n: 1, better: higher, protocol: {} }
`;

it("keeps what people wrote, replaces what was measured", () => {
  const now = grading([result({ metrics: [metric(), metric({ name: "kid", value: 0.1 })] })]);
  const text = updatedBaseline(written, "b.yaml", now);
  expect(text).toMatch(/^# Measured on the CI machine\.\n/);
  expect(text).toContain("# Face GANs");
  expect(text).toContain("absolute: 0.5 # three seeds differ by that much");
  const { metrics } = parseBaseline(text, "b.yaml");
  const { protocol, interval } = metric();
  expect(metrics[0]).toMatchObject({
    value: 27.64,
    interval,
    n: 1000,
    protocol,
    minimum: 500,
    level: "warn",
  });
  // No longer computed: gone. Not graded: kept. New: 1 % of room.
  expect(metrics.map((entry) => `${entry.problem} ${entry.metric}`)).toEqual([
    "p1 fid",
    "p1 kid",
    "p2 accuracy",
  ]);
  expect(metrics[1]).toMatchObject({ absolute: 0, relative: 0.01, level: "error" });
  expect(updatedBaseline(text, "b.yaml", now)).toBe(text);
});

it("an interval that is no longer there goes", () => {
  const { interval: _, ...plain } = metric();
  const text = updatedBaseline(written, "b.yaml", grading([result({ metrics: [plain] })]));
  expect(parseBaseline(text, "b.yaml").metrics[0]).not.toHaveProperty("interval");
});

it("any grading passes the baseline that was made from it", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1 });
  const metrics = fc.uniqueArray(
    fc.record({
      name: word,
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      n: fc.nat(),
      better: fc.constantFrom("lower" as const, "higher" as const),
      protocol: fc.dictionary(word, fc.oneof(fc.string(), fc.boolean(), fc.integer()), { maxKeys: 4 }),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(word, word, metrics, (variant, column, all) => {
      const now = grading([result({ variant, column, metrics: all.map((one) => metric(one)) })]);
      const once = updatedBaseline(undefined, "b.yaml", now);
      const report = check(parseBaseline(once, "b.yaml"), now);
      expect(report.lines.map(({ verdict }) => verdict)).toEqual(all.map(() => "ok"));
      expect([gateExitCode(report), report.unlisted]).toEqual([0, []]);
      expect(updatedBaseline(once, "b.yaml", now)).toBe(once);
    }),
    { numRuns: 50 },
  );
});

describe("refused", () => {
  it.each([
    [
      "a run that failed",
      result({ status: "failed", reasons: ["Over the limit."] }),
      3,
      /p1, DCGAN is failed \(Over the limit\.\)/,
    ],
    [
      "a run that could not be graded",
      result({ status: "not-gradable" }),
      4,
      /is not-gradable \(no reason given\)/,
    ],
    [
      "no value",
      result({ metrics: [metric({ value: null, problem: "No images." })] }),
      4,
      /fid has no value \(No images\.\)/,
    ],
    [
      "fewer images than the minimum",
      result({ metrics: [metric({ n: 499 })] }),
      4,
      /n = 499, under its minimum of 500/,
    ],
  ])("%s", (_, one, exitCode, message) => {
    const update = () => updatedBaseline(written, "b.yaml", grading([one]));
    expect(update).toThrow(UnfitForBaselineError);
    expect(update).toThrow(expect.objectContaining({ exitCode, message: expect.stringMatching(message) }));
  });

  it("nothing to hold, or a metric twice", () => {
    expect(() => updatedBaseline(undefined, "b.yaml", grading([]))).toThrow(BaselineError);
    expect(() => updatedBaseline(undefined, "b.yaml", grading([result(), result()]))).toThrow(
      /found it twice/,
    );
  });
});

it("what is off needs no value, and keeps the old one", () => {
  const old = parseBaseline(written.replace("level: warn", "level: off"), "b.yaml").metrics;
  const now = grading([result({ metrics: [metric({ value: null })] })]);
  expect(baselineOf(now, old)[0]).toEqual(old[0]);
});
