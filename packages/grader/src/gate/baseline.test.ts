import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseBaseline, readBaseline } from "./baseline.ts";
import { BaselineError } from "./errors.ts";

const folder = mkdtempSync(join(tmpdir(), "baseline-"));
afterAll(() => rmSync(folder, { recursive: true }));

const valid = `
schema: 1
metrics:
  - problem: p1
    variant: DCGAN
    metric: fid
    value: 27.6
    n: 1000
    better: lower
    protocol: { extractor: inception }
`;

it("what is left out has its default", () => {
  expect(parseBaseline(valid, "b.yaml").metrics[0]).toEqual({
    problem: "p1",
    variant: "DCGAN",
    metric: "fid",
    value: 27.6,
    n: 1000,
    better: "lower",
    protocol: { extractor: "inception" },
    absolute: 0,
    relative: 0,
    level: "error",
  });
});

it("JSON is read as well", () => {
  const json = JSON.stringify({ schema: 1, metrics: parseBaseline(valid, "b.yaml").metrics });
  expect(parseBaseline(json, "b.json")).toEqual(parseBaseline(valid, "b.yaml"));
});

describe("refused, with the reason", () => {
  it.each([
    ["empty", "", /^Baseline b.yaml: the file: .*expected object/],
    ["no YAML", "a: [1", /^Baseline b.yaml: expected YAML, found: .* at line 1/s],
    ["a key twice", `${valid}\nschema: 1`, /unique/],
    ["an alias bomb", bomb(), /[Aa]lias/],
    ["another schema", valid.replace("schema: 1", "schema: 2"), /schema: /],
    ["holds nothing", "schema: 1\nmetrics: []", /metrics: /],
    ["an unknown option", `${valid}    tolerence: 1\n`, /metrics\.0: .*"tolerence"/],
    ["NaN", valid.replace("27.6", ".nan"), /metrics\.0\.value: .*NaN/],
    ["infinite", valid.replace("27.6", ".inf"), /metrics\.0\.value/],
    ["a text for a number", valid.replace("27.6", "low"), /metrics\.0\.value: .*expected number/],
    ["a negative tolerance", `${valid}    absolute: -1\n`, /metrics\.0\.absolute/],
    [
      "an interval backwards",
      `${valid}    interval: [3, 2]\n`,
      /metrics\.0\.interval: expected the lower bound first/,
    ],
    ["an unknown level", `${valid}    level: fatal\n`, /metrics\.0\.level: .*"error"\|"warn"\|"off"/],
    [
      "a metric twice",
      valid + valid.slice(valid.indexOf("  - ")),
      /expected p1, DCGAN: fid once, found it twice/,
    ],
  ])("%s", (_, content, message) => {
    const parse = () => parseBaseline(content, "b.yaml");
    expect(parse).toThrow(BaselineError);
    expect(parse).toThrow(message);
  });

  it("no such file; a folder; no text", async () => {
    await expect(readBaseline(join(folder, "none.yaml"))).rejects.toThrow(
      /no such file; --update writes one/,
    );
    await expect(readBaseline(folder)).rejects.toMatchObject({ code: "GATE_BASELINE", exitCode: 2 });
    const noise = join(folder, "noise.yaml");
    writeFileSync(noise, Buffer.from([0, 255, 254, 1, 2]));
    await expect(readBaseline(noise)).rejects.toThrow(BaselineError);
  });
});

/** Nine levels of nine aliases each: 9^9 nodes once they are followed. */
function bomb(): string {
  const level = (i: number) =>
    `l${i}: &l${i} [${Array(9)
      .fill(`*l${i - 1}`)
      .join(", ")}]`;
  return ["l0: &l0 [x]", ...Array.from({ length: 9 }, (_, i) => level(i + 1))].join("\n");
}
