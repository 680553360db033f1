/** `pnpm grade` of submissions that misbehave, each in its own way: one grading, and nothing of it left. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, type Ended } from "./command.ts";
import { bwrap, image, made, processesWith } from "./grading.ts";

const LABELS = "image_name,label\na.png,3\nb.png,5\nc.png,7\nd.png,9\n";
const MARK = `mark-${process.pid}-`;

/** What each writes: two images, or labels of a.png ... d.png; `outside` is a folder that it was not given. */
const scripts = {
  images: {
    sleeps: "sleep 600",
    few: 'cp one.png "$1"',
    jpeg: 'cp one.png "$1"; cp jpeg.png "$1/two.png"',
    link: 'cp one.png "$1"; ln -s / "$1/two.png"',
    outside: 'cp one.png two.png "$1"; echo planted > "$OUTSIDE/planted.txt"',
    daemon: 'cp one.png two.png "$1"; (setsid sleep 600 </dev/null >/dev/null 2>&1 &); sleep 0.3',
  },
  labels: {
    nan: 'printf "image_name,label\\na.png,3\\nb.png,5\\nc.png,NaN\\nd.png,9\\n" > "$2"',
    twice: 'printf "image_name,label\\na.png,3\\na.png,4\\nb.png,5\\nc.png,7\\nd.png,9\\n" > "$2"',
    spy: 'cat "$1.csv" "$OUTSIDE"/*; printf "image_name,label\\na.png,3\\n" > "$2"',
  },
};

const imageProblem = (id: string) => `
  - { id: ${id}, command: "bash ${id}.sh {out}", limits: { wall: ${id === "sleeps" ? 1 : 60} s },
      output: { kind: images, count: 2, size: 28x28 }, metrics: [{ kind: throughput }],
      rubric: [{ label: works, points: 1, earned: images_per_second > 0 }] }`;

const labelProblem = (id: string) => `
  - { id: ${id}, command: "bash ${id}.sh {images} {csv}", images: ./images, labels: ./images.csv, output: { kind: csv },
      metrics: [{ kind: label-accuracy }], rubric: [{ label: right, points: 1, earned: accuracy }] }`;

const ASSIGNMENT = `
id: hostile
limits: { wall: 60 s, memory: 1 GiB, output: 10 MiB, files: 100, processes: 64 }
problems: ${Object.keys(scripts.images).map(imageProblem).join("")}${Object.keys(scripts.labels).map(labelProblem).join("")}
`;

const parent = mkdtempSync(join(tmpdir(), "touchstone-hostile-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

let ended: Ended;
let place: ReturnType<typeof made>;
// biome-ignore lint/suspicious/noExplicitAny: JSON of a grading.
let results: Record<string, any>;

beforeAll(async () => {
  const jpeg = await sharp(image("1_1.png")).jpeg().toBuffer();
  const files = Object.entries({ ...scripts.images, ...scripts.labels }).map(([id, script]) => {
    return [`student/${id}.sh`, script];
  });
  place = made(
    {
      "hostile.yaml": ASSIGNMENT,
      "images.csv": LABELS,
      ...Object.fromEntries(["a", "b", "c", "d"].map((name) => [`images/${name}.png`, image("2_1.png")])),
      "outside/secret.txt": "a secret",
      ...{
        "student/one.png": image("0_1.png"),
        "student/two.png": image("1_1.png"),
        "student/jpeg.png": jpeg,
      },
      ...Object.fromEntries(files),
    },
    parent,
  );
  const at = (name: string) => join(place.folder, name);
  ended = await command("grade", [
    ...["all", "--assignment", at("hostile.yaml"), "--submission", at("student"), "--results", place.results],
    ...["--env", `MARK=${MARK}`, "--env", `OUTSIDE=${at("outside")}`, "--json"],
  ]);
  results = Object.fromEntries(
    JSON.parse(ended.stdout || "{}").results?.map((result: { problem: string }) => [
      result.problem,
      result,
    ]) ?? [],
  );
}, 120_000);

const codes = (id: string) => results[id].findings.map(({ code }: { code: string }) => code);

describe("submissions that misbehave", () => {
  it("the command exits with 3, and has graded all of them", () => {
    expect(ended.code).toBe(3);
    expect(Object.keys(results)).toEqual([...Object.keys(scripts.images), ...Object.keys(scripts.labels)]);
    expect(Object.values(results).filter(({ status }) => status === "not-gradable")).toEqual([]);
  });

  it("over the limit: failed, whatever it wrote", () => {
    expect(results.sleeps).toMatchObject({
      status: "failed",
      run: { verdict: "wall-time" },
      points: [{ earned: 0 }],
    });
  });

  it.each([
    ["few", "count", "expected 2 images, found 1"],
    ["jpeg", "format", "expected PNG, found JPEG"],
    ["link", "link", "links, which are not followed"],
  ])("%s: it ended well, and its output is wrong", (id, code, reason) => {
    expect(results[id]).toMatchObject({ status: "failed", run: { verdict: "ok", exitCode: 0 }, metrics: [] });
    expect(codes(id)).toContain(code);
    expect(results[id].reasons.join()).toContain(reason);
    expect(results[id].points).toMatchObject([{ earned: 0 }]);
  });

  it("a row without a number costs that row; of rows that are repeated the first counts", () => {
    expect(results.nan).toMatchObject({ status: "graded", metrics: [{ value: 0.75, n: 4 }] });
    expect(codes("nan")).toContain("bad-label");
    expect(results.twice).toMatchObject({ status: "graded", metrics: [{ value: 1, n: 4 }] });
    expect(codes("twice")).toContain("duplicate-row");
  });

  it("a daemon is found and killed, and nothing else of them is alive", () => {
    expect(results.daemon.status).toBe("graded");
    expect(results.daemon.run.leftovers).toBeGreaterThan(0);
    expect(processesWith(MARK)).toEqual([]);
    expect(readdirSync(join(place.results, "work"))).toEqual([]);
  });

  it.skipIf(bwrap.isAbsent)(
    `labels and other folders are invisible, and not to be written to${bwrap.note}`,
    () => {
      expect(results.spy).toMatchObject({
        status: "graded",
        run: { stdout: "" },
        metrics: [{ value: 0.25 }],
      });
      expect(results.outside).toMatchObject({ status: "failed", run: { verdict: "crashed" } });
      expect(existsSync(join(place.folder, "outside/planted.txt"))).toBe(false);
      expect(readFileSync(join(place.folder, "images.csv"), "utf8")).toBe(LABELS);
    },
  );
});
