import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { blob, HOSTILE } from "../../test/example.ts";
import { FigureDataError } from "../errors.ts";
import { confusionMatrix } from "./confusion.ts";
import { byClass, metricAgainstBaselines } from "./estimates.ts";
import { fidByCount } from "./fid-by-count.ts";
import type { Figure } from "./figure.ts";
import { runTimes } from "./run-time.ts";
import { neighbourGrid, reverseProcess } from "./sample-grid.ts";
import { scatters } from "./scatter.ts";
import { standalonePng, standaloneSvg } from "./standalone.ts";
import { trainingCurves } from "./training-curves.ts";

const quantity = { label: `accuracy${HOSTILE}`, better: "higher", isShare: true } as const;
const estimates = ["0", "1", HOSTILE].map((name, i) => ({
  name,
  value: 0.5 + i / 10,
  interval: [0.4, 0.9] as const,
}));
const points = Array.from({ length: 30 }, (_, i) => ({
  ...{
    x: i % 7,
    y: i % 5,
    class: String(i % 3) + HOSTILE,
    domain: i % 2 === 0 ? "mnistm" : HOSTILE,
    image: blob(28, i),
  },
}));
const counts = [
  [5, 1, 0],
  [0, 6, 0],
  [0, 2, 4],
];
const misread = [
  { name: HOSTILE, label: 0, read: 1, image: blob(28, 1) },
  { name: "a.png", label: 2, read: 1, image: blob(28, 2) },
  { name: "b.png", label: 2, read: 1, image: blob(28, 3) },
];

/** Every kind, with texts of somebody else wherever there can be any. */
const kinds: Record<string, () => Promise<Figure>> = {
  baselines: () => metricAgainstBaselines(quantity, estimates, [{ name: HOSTILE, value: 0.7 }]),
  "by class": () =>
    byClass(quantity, [
      { run: HOSTILE, estimates },
      { run: "b", estimates },
    ]),
  "run times": () =>
    runTimes([
      { name: HOSTILE, seconds: 650, limitSeconds: 600 },
      { name: "b", seconds: 1 },
    ]),
  confusion: () => confusionMatrix(counts, misread, { title: HOSTILE, classes: ["a", "b", HOSTILE] }),
  "map by class": async () => (await scatters(points, HOSTILE))[0],
  "map by domain": async () => (await scatters(points, HOSTILE))[1],
  "training curves": () =>
    trainingCurves(
      [1, 2, 3].map((step) => ({ step, metrics: { loss: 1 / step, [HOSTILE]: step } })),
      HOSTILE,
    ),
  "FID by count": () =>
    fidByCount(
      [100, 400, 1000].map((n) => ({ n, value: 24 + 4100 / n })),
      { quantity: HOSTILE, title: HOSTILE },
    ),
};

describe.each(Object.entries(kinds))("%s", (_, make) => {
  test("is drawn the same each time", async () => {
    expect((await make()).drawing).toEqual((await make()).drawing);
  });

  test("is well-formed by itself, and not blank", async () => {
    const { drawing } = await make();
    if (drawing.kind !== "svg") throw new Error("Expected an SVG.");
    const svg = standaloneSvg(drawing);
    const unwanted = [
      "var(",
      "NaN",
      "Infinity",
      "undefined",
      "<script",
      "<img",
      " style=",
      "\u202e",
      "\u001b",
    ];
    expect(unwanted.filter((text) => svg.includes(text))).toEqual([]);
    // librsvg refuses what is no XML.
    const { channels } = await sharp(await standalonePng(drawing))
      .removeAlpha()
      .stats();
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(5);
  });

  test("says what it shows", async () => {
    const { title, alt } = await make();
    expect(title).not.toBe("");
    expect(alt.length).toBeGreaterThan(20);
  });
});

test("the marks of a confusion matrix are its cells, row by row, with their images", async () => {
  const { drawing, hover } = await confusionMatrix(counts, misread);
  expect(marksOf(drawing, hover!.group)).toBe(9);
  expect(hover!.marks.map(({ tiles }) => tiles)).toEqual([[], [0], [], [], [], [], [], [1, 2], []]);
  expect(hover!.marks[7]!.text).toBe("2 read as 1, 2 times: a.png, b.png");
  expect(await averages(hover!.sprite!.webp, hover!.sprite!, 3)).toEqual(
    misread.map(({ image }) => expect.closeTo(average(image.data), -1)),
  );
});

test("the marks of a map are its points, by class and by domain", async () => {
  for (const { drawing, hover } of await scatters(points, "t-SNE")) {
    expect(marksOf(drawing, hover!.group)).toBe(points.length);
    expect(hover!.marks.map(({ tiles }) => tiles)).toEqual(points.map((_, i) => [i]));
  }
});

test("FID by count ends at the constant of a + b / n", async () => {
  const { alt } = await fidByCount(
    [50, 100, 700].map((n) => ({ n, value: 24 + 4100 / n })),
    { quantity: "FD(face)", title: "Bias" },
  );
  expect(alt).toContain("FD(face) by the number of images: 106.0 at n = 50");
  expect(alt).toContain("24.00 extrapolated to infinitely many");
});

test("runs of one name are drawn beside each other, not on top", async () => {
  const run = { name: "a", seconds: 300, limitSeconds: 600 };
  const { alt } = await runTimes([run, run]);
  expect(alt).toContain("a: 300 of 600 s (50 %); a (2): 300 of 600 s (50 %)");
});

test("reverse processes and neighbours are grids", async () => {
  const steps = [1000, 500, 0].map((t) => ({ t, image: blob(28, t) }));
  expect((await reverseProcess(steps, "Reverse")).drawing).toMatchObject({ width: 3 * 30 - 2, height: 28 });
  const neighbours = [
    { generated: blob(64, 1), nearest: [{ image: blob(64, 2), distance: 3 }] },
    { generated: blob(64, 3), nearest: [] },
  ];
  const grid = await neighbourGrid(neighbours, { title: "Nearest", among: "9 faces" });
  expect(grid.drawing).toMatchObject({ width: 130, height: 130 });
  expect(grid.caption).toContain("the nearest of 9 faces");
  expect(grid.caption).toContain("smallest distance is 3.00");
});

describe("data that cannot be drawn are refused", () => {
  const bad: [string, () => Promise<unknown>, string][] = [
    ["no runs", () => metricAgainstBaselines(quantity, [], []), "at least one value"],
    ["NaN", () => metricAgainstBaselines(quantity, [{ name: "a", value: Number.NaN }], []), "finite numbers"],
    ["no classes", () => byClass(quantity, []), "at least one class"],
    ["no limits", () => runTimes([{ name: "a", seconds: 1 }]), "a run with a limit"],
    ["no square", () => confusionMatrix([[1, 2]], []), "a square of counts"],
    ["no counts", () => confusionMatrix([[-1]], []), "a square of counts"],
    ["no points", () => scatters([], "a"), "at least one point"],
    [
      "NaN in a point",
      () => scatters([{ x: Number.NaN, y: 0, class: "1", domain: "a" }], "a"),
      "finite coordinates",
    ],
    ["an empty log", () => trainingCurves([], "a"), "a line with metrics"],
    ["one count", () => fidByCount([{ n: 1, value: 1 }], { title: "a" }), "at least two counts"],
    [
      "a count of 0",
      () =>
        fidByCount(
          [
            { n: 0, value: 1 },
            { n: 1, value: 1 },
          ],
          { title: "a" },
        ),
      "positive counts",
    ],
    ["no steps", () => reverseProcess([], "a"), "at least one image"],
  ];
  test.each(bad)("%s", async (_, make, expected) => {
    const error = await make().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(FigureDataError);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(expected) });
  });
});

/** Children of the group that a page looks for. */
function marksOf(drawing: Figure["drawing"], group: string): number {
  if (drawing.kind !== "svg") throw new Error("Expected an SVG.");
  const [, marks] = new RegExp(`<g class="[^"]*\\b${group}"[^>]*>(.*?)</g>`).exec(drawing.svg)!;
  return marks!.split("<path").length - 1;
}

async function averages(
  webp: Buffer,
  { columns, width, height }: { columns: number; width: number; height: number },
  count: number,
) {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const area = { left: (i % columns) * width, top: Math.floor(i / columns) * height, width, height };
      return average(await sharp(webp).extract(area).removeAlpha().raw().toBuffer());
    }),
  );
}

const average = (data: Uint8Array) => data.reduce((sum, value) => sum + value, 0) / data.length;
