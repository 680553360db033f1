import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssignmentError, parseAssignment } from "./index.ts";

const DOCS = new URL("../../../../docs/assignments.md", import.meta.url);

const SMALL = `id: cats
problems:
  - id: cats
    command: bash generate.sh {out}
    output: { kind: images, count: 500 }
`;

describe("defaults", () => {
  test("five lines are an assignment", () => {
    const { title, late, penalties, rules, problems } = parseAssignment(SMALL, "cats.yaml");
    expect({ title, late, penalties, rules }).toEqual({
      title: "cats",
      late: { freeDays: 0, perDay: 0 },
      penalties: {},
      rules: [],
    });
    expect(problems).toEqual([
      {
        ...{ id: "cats", title: "cats", command: ["bash", "generate.sh", "{out}"], variants: [] },
        ...{ network: false, gpu: false, timed: false, report: [], published: [] },
        output: { kind: "images", count: 500, format: "png", colour: "any" },
        limits: expect.objectContaining({ wallSeconds: 600 }),
        columns: [{ metrics: [], rubric: [] }],
      },
    ]);
  });

  test("a problem's limits are its own, then the assignment's, then ours", () => {
    const text = `${SMALL}    limits: { wall: 90 s, output: 10 MB }\nlimits: { wall: 1 h, memory: 1.5 GiB, files: 7 }\n`;
    expect(parseAssignment(text, "cats.yaml").problems[0]!.limits).toEqual({
      ...{ wallSeconds: 90, memoryBytes: 1.5 * 2 ** 30, outputBytes: 1e7, outputFiles: 7, processes: 1000 },
    });
  });

  test("a throughput is measured alone, and what says so", () => {
    const timed = (more: string) => parseAssignment(`${SMALL}${more}`, "cats.yaml").problems[0]!.timed;
    const throughput = "    metrics: [{ kind: throughput }]\n";
    expect([timed(throughput), timed(`${throughput}    timed: false\n`)]).toEqual([true, false]);
    expect(timed("    timed: true\n")).toBe(true);
    expect(timed("    columns: [{ name: one, metrics: [{ kind: throughput }] }]\n")).toBe(true);
  });

  test("columns take from the problem what they do not say", () => {
    const text = `id: a
problems:
  - id: p
    command: bash a.sh {images} {csv}
    output: { kind: csv }
    metrics: [{ kind: label-accuracy, baselines: { pass: 0.5 } }]
    rubric: [{ points: 1, earned: accuracy > accuracy_pass }]
    columns:
      - { name: one, images: ./one, labels: ./one.csv }
      - { name: two, images: usps/val, labels: usps/val, rubric: [{ points: 2, earned: accuracy > 0.5 }] }
`;
    const [one, two] = parseAssignment(text, "a.yaml").problems[0]!.columns;
    expect(one).toMatchObject({ name: "one", images: { path: "./one" }, rubric: [{ points: 1 }] });
    expect(two).toMatchObject({
      images: { split: "usps/val" },
      rubric: [{ points: 2 }],
      metrics: one!.metrics,
    });
  });

  test("a comment changes the checksum, and nothing else", () => {
    const { sha256, ...rest } = parseAssignment(SMALL, "a.yaml");
    const other = parseAssignment(`# x\n${SMALL}`, "a.yaml");
    expect(other.sha256).not.toBe(sha256);
    expect(JSON.stringify({ ...other, sha256 })).toBe(JSON.stringify({ ...rest, sha256 }));
  });
});

describe("every mistake with its place", () => {
  test("all at once, in the order of the file", () => {
    expect(
      problemsOf(`id: x y
titel: hm
late: { perDay: 130 %, freeDays: -1 }
penalties: { "a b": { label: x, share: 3 % } }
problems:
  - id: p1
    command: bash a.sh {ou}
    limits: { wal: 10 min, memory: 4 gigs, cpu: 3 }
    output: { kind: image, count: 3 }
  - id: p2
    command: bash a.sh > log {out}
    output: { kind: images, cuont: 3, size: 64 }
    metrics: [{ kind: fdi }, { kind: fid, reference: faces/vall }, { kind: fid }]
    rubric: [{ points: 0, earned: "a; b" }, { points: 1, earned: 3 }]
  - 3
`),
    ).toEqual([
      '1:5: id: expected a short name of letters, digits, - and _, such as p1, found "x y"',
      '2:1: titel: expected id, title, late, penalties, rules, limits or problems, found "titel"; did you mean "title"?',
      '3:17: late.perDay: expected a share such as 30 %, found "130 %"',
      "3:34: late.freeDays: expected a number of days of 0 or more, found -1",
      '4:14: penalties.a b: expected a name of letters, digits and _, found "a b"',
      '7:14: problems[0].command: expected one of {out}, {csv}, {images}, {submission}, {column}, {checkpoints}, found {ou}; did you mean "out"?',
      '8:15: problems[0].limits.wal: expected wall, cpu, memory, processes, output, files or captured, found "wal"; did you mean "wall"?',
      '8:36: problems[0].limits.memory: expected a size such as 4 GiB, found "4 gigs"',
      "8:49: problems[0].limits.cpu: expected a time such as 10 min, found 3",
      '9:21: problems[0].output.kind: expected images or csv, found "image"; did you mean "images"?',
      '11:14: problems[1].command: expected words without shell syntax (no shell runs them), found ">"',
      '12:29: problems[1].output.cuont: expected kind, count, size, format, colour or names, found "cuont"; did you mean "count"?',
      "12:45: problems[1].output.size: expected width by height such as 64x64, found 64",
      '13:23: problems[1].metrics[0].kind: expected fid, kid, face-rate, near-duplicates, digit-accuracy, label-accuracy or throughput, found "fdi"; did you mean "fid"?',
      '13:54: problems[1].metrics[1].reference: expected "private", a data set of "pnpm data list", or a path that begins with ./ or /, found "faces/vall"; did you mean "faces/val"?',
      "13:68: problems[1].metrics[2].reference: expected text, found nothing",
      "14:24: problems[1].rubric[0].points: expected points above 0, found 0",
      '14:35: problems[1].rubric[0].earned: expected arithmetic over metrics, found "a;\\u{a}b"',
      "14:66: problems[1].rubric[1].earned: expected text, found 3",
      "15:5: problems[2]: expected a map, found 3",
    ]);
  });

  test("names that nothing has, placeholders without values, metrics of another output", () => {
    expect(
      problemsOf(`id: x
problems:
  - id: p
    command: bash a.sh x
    output: { kind: images, count: 3 }
    metrics: [{ kind: fid, reference: ./x }, { kind: kid, name: fid, reference: ./x }, { kind: label-accuracy }]
    rubric: [{ points: 3, earned: fdi < 3 }]
    published: [{ by: me, variant: zz, column: q, values: { fdi: 3 } }]
    variants:
      - { name: submission, builtin: "samples x {csv} {out}" }
      - { name: a, builtin: "sample x {out} {images} {column}" }
      - { name: a, builtin: "sample {out}" }
  - { id: p, command: "a {out}", output: { kind: images, count: 3 } }
`).map((line) => line.replace(/expected .*?found/, "...")),
    ).toEqual([
      "3:5: problems[0]: ... none",
      "4:14: problems[0].command: ... none",
      '6:46: problems[0].metrics[1]: ... "fid" twice; give it another name',
      "6:96: problems[0].metrics[2].kind: ... label-accuracy",
      '7:35: problems[0].rubric[0].earned: ... "fdi"; did you mean "fid"?',
      '8:36: problems[0].published[0].variant: ... "zz"',
      '8:48: problems[0].published[0].column: ... "q"',
      '8:66: problems[0].published[0].values.fdi: ... "fdi"; did you mean "fid"?',
      "10:17: problems[0].variants[0].name: expected another name: submission is a student's row",
      '10:38: problems[0].variants[0].builtin: ... "samples"; did you mean "sample"?',
      "10:38: problems[0].variants[0].builtin: ... {csv}",
      "11:29: problems[0].variants[1].builtin: ... none",
      "11:29: problems[0].variants[1].builtin: ... none",
      "12:17: problems[0].variants[2].name: ... one that another variant has",
      '13:11: problems[1].id: ... "p", which another problem has',
    ]);
  });

  test.each([
    ["names: '{class:0-9}_{index:1-9}.png', count: 80", "90, as many as the names stand for"],
    ["names: 'x.png'", "no {index:first-last}"],
    ["names: '../{index:1-9}.png'", "separator of folders"],
    ["names: '{index:9-1}.png'", "which is empty"],
    ["names: '{index:1-999999999}.png'", "at most 1000000 names"],
    ["names: '{class:0-9}{index:1-9}'", "no letter between"],
    ["size: 64x64", "found neither"],
    ["count: 0", "at least 1"],
    ["count: .nan", "at least 1"],
    ["count: 2.5", "at least 1"],
  ])("output of images with %s", (fields, found) => {
    const text = SMALL.replace("count: 500", fields);
    expect(problemsOf(text).join("\n")).toContain(found);
  });

  test("a mistake in a rubric that columns share is told once", () => {
    const text = `id: a
problems:
  - id: p
    command: bash a.sh {images} {csv}
    output: { kind: csv }
    images: ./images
    metrics: [{ kind: label-accuracy }]
    rubric: [{ points: 1, earned: acuracy > 0.5 }]
    columns: [{ name: one, labels: ./one.csv }, { name: two, labels: ./two.csv }]
`;
    expect(problemsOf(text)).toEqual([
      '8:35: problems[0].rubric[0].earned: expected metrics, baselines and seconds, limit, found "acuracy"; did you mean "accuracy"?',
    ]);
  });

  test("labels of digits are in their names", () => {
    const text = `${SMALL}    metrics: [{ kind: digit-accuracy }]\n`;
    expect(problemsOf(text)).toEqual([
      "6:23: problems[0].metrics[0].kind: expected names with a {class} in the output, which are the labels, found none",
    ]);
  });

  test("metrics may not take names that expressions know", () => {
    const text = `${SMALL}    metrics: [{ kind: face-rate, name: clamp }, { kind: face-rate, name: seconds }]\n`;
    expect(problemsOf(text)).toHaveLength(2);
  });

  test.each([
    ["", "1:1: expected a map, found nothing"],
    ["[]", "1:1: expected a map, found an empty list"],
    ["id: a\nid: b\nproblems: []", "2:1: expected YAML, found: Map keys must be unique"],
    ["id: a\n  b: c", "expected YAML, found: Nested mappings"],
    ["id: !!js/function x\nproblems: []", "1:5: expected YAML, found: Unresolved tag"],
    ["id: *nothing", "expected YAML, found: Unresolved alias"],
    ["id: a\n---\nid: b", "expected YAML, found: Source contains multiple documents"],
    ["[".repeat(100_000), "expected YAML"],
    ["__proto__: { id: a }\nid: a\nproblems: []", "1:1: __proto__: expected id"],
    ["constructor: 1\nid: a\nproblems: []", "1:1: constructor: expected id"],
  ])("%#: text that is no assignment", (text, found) => {
    expect(problemsOf(text).join("\n")).toContain(found);
  });

  test("aliases that multiply are refused at once", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `k${i + 1}: &k${i + 1} [${`*k${i},`.repeat(9)}]`);
    expect(problemsOf(`k0: &k0 [x]\n${rows.join("\n")}\n`).join()).toContain("Excessive alias count");
  });

  test("what an alias stands for has a place too", () => {
    const text = `id: a
limits: &small { wall: 5 minutes }
problems: [{ id: p, command: "a {out}", limits: *small, output: { kind: images, count: 1 } }]
`;
    expect(problemsOf(text)).toEqual([
      '2:24: limits.wall: expected a time such as 10 min, found "5 minutes"',
      '2:24: problems[0].limits.wall: expected a time such as 10 min, found "5 minutes"',
    ]);
  });

  test("whatever the text: an assignment, or an error with places", () => {
    const word = fc.constantFrom(
      ...SMALL.split(/(?<=[\s:{},[\]])/),
      "&a ",
      "*a",
      "- ",
      "\t",
      "!!set ",
      "? ",
      "|\n",
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join("")),
        ),
        (text) => {
          for (const line of problemsOf(text)) expect(line).toMatch(/^\d+:\d+: /);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("docs/assignments.md", () => {
  const blocks = [...readFileSync(DOCS, "utf8").matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);

  test("its first assignment is a small one", () => {
    expect(blocks[0]!.trim().split("\n").length).toBeLessThanOrEqual(11);
  });

  test.each(blocks)("block %#", (text) => {
    expect(parseAssignment(text, "block.yaml").problems[0]!.columns[0]!.rubric.length).toBeGreaterThan(0);
  });

  test("the mistakes that it shows are found as it shows them", () => {
    const text = blocks[0]!.replace("wall:", "wal:").replace("60 - fid", "60 - fdi");
    const shown = readFileSync(DOCS, "utf8").match(/^cats\.yaml:.*$/gm)!;
    expect(shown.slice(0, 1)).toEqual(
      problemsOf(text.replace("fdi", "fid")).map((line) => `cats.yaml:${line}`),
    );
    expect(shown.slice(1)).toEqual(
      problemsOf(text.replace("wal:", "wall:")).map((line) => `cats.yaml:${line}`),
    );
  });
});

function problemsOf(text: string): string[] {
  try {
    parseAssignment(text, "x.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof AssignmentError)) throw error;
    return error.message.split("\n").map((line) => line.replace(/^x\.yaml:/, ""));
  }
}
