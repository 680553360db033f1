/** Pages as a person meets them, in headless Chromium. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { comparisonModel, renderReport, reportModel } from "../src/index.ts";
import { example, exampleOutput, exampleTables, HOSTILE } from "./example.ts";

const CHROMIUM = process.env.TOUCHSTONE_CHROMIUM ?? "/usr/bin/chromium";
const isMissing = !existsSync(CHROMIUM);

describe.skipIf(isMissing)(`a page in a browser${isMissing ? ` (skipped: no ${CHROMIUM})` : ""}`, () => {
  let browser: Browser;
  let page: string;
  const folder = mkdtempSync(join(tmpdir(), "touchstone-report-"));
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    page = await write("page.html", {});
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("opens without an error and without a request", async () => {
    const { complaints, requests } = await open(page);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([page]);
  });

  test.each(["light", "dark"] as const)(
    "shows every figure, none of them blank, in %s",
    async (colorScheme) => {
      const { tab } = await open(page, { colorScheme });
      const drawings = await tab.locator("figure .drawing > :is(svg, img)").all();
      expect(drawings.length).toBe(19);
      for (const drawing of drawings) {
        const { channels } = await sharp(await drawing.screenshot()).stats();
        expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(5);
      }
    },
  );

  test("shows the images of the cell that is pointed at", async () => {
    const { tab } = await open(page);
    const cell = tab.locator("[data-group=cells_marks] g.cells_marks > *").nth(1);
    await cell.hover();
    const tip = tab.locator(".tip:visible");
    expect(await tip.textContent()).toBe("0 read as 1, 5 times: 0_0.png, 0_1.png, 0_2.png, 0_3.png, 0_4.png");
    await expect.poll(() => inked(tab)).toBeGreaterThan(0.9 * (5 / 8));
    await tab.mouse.move(1, 1);
    expect(await tip.count()).toBe(0);
  });

  test("shows the image of the point that the arrow keys come to", async () => {
    const { tab } = await open(page);
    const map = tab.locator("[data-group=points_marks]").first();
    await map.focus();
    await tab.keyboard.press("ArrowRight");
    await tab.keyboard.press("ArrowRight");
    expect(await tab.locator(".tip:visible").textContent()).toBe("class 1, mnistm");
    expect(await map.locator("g.points_marks > *").nth(1).getAttribute("class")).toBe("current");
    await expect.poll(() => inked(tab)).toBeGreaterThan(0.9);
    await tab.keyboard.press("Escape");
    expect(await tab.locator(".tip:visible").count()).toBe(0);
  });

  test("sorts a table by the keyboard: up, down, and as it was", async () => {
    const { tab } = await open(page);
    const table = tab.locator("table", { hasText: "Runs" }).first();
    const column = () =>
      table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.children[3]!.textContent));
    const before = await column();
    const heading = table.locator("thead th").nth(3);
    await heading.locator("button").focus();
    await tab.keyboard.press("Enter");
    expect(await heading.getAttribute("aria-sort")).toBe("ascending");
    expect(await column()).toEqual(["31.0", "44.0", "55.0", "55.0", "55.0", "55.0", "781"]);
    await tab.keyboard.press("Enter");
    expect(await heading.getAttribute("aria-sort")).toBe("descending");
    expect((await column())[0]).toBe("781");
    await tab.keyboard.press("Enter");
    expect(await heading.getAttribute("aria-sort")).toBeNull();
    expect(await column()).toEqual(before);
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
  ] as const)("axe finds nothing in %s at %i pixels", async (colorScheme, width) => {
    const { tab } = await open(page, { colorScheme, viewport: { width, height: 800 } });
    await tab.locator("details").evaluateAll((all) => {
      for (const details of all) (details as unknown as { open: boolean }).open = true;
    });
    await tab.evaluate(axe.source);
    const { violations } = (await tab.evaluate("axe.run()")) as axe.AxeResults;
    expect(
      violations.map(({ id, impact, nodes }) => ({ id, impact, first: nodes[0]?.html.slice(0, 200) })),
    ).toEqual([]);
    const overflow = await tab.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBeLessThanOrEqual(0);
  });

  test("nothing that a submission said runs, whatever is done", async () => {
    const hostile = await write("hostile.html", { hostile: HOSTILE });
    const { tab, complaints, requests } = await open(hostile);
    await tab.locator("[data-group=cells_marks] g.cells_marks > *").nth(1).hover();
    for (const button of await tab.locator("th button:visible").all()) await button.click();
    expect(await tab.evaluate("window.hacked")).toBeUndefined();
    expect(await tab.locator("main script, main [onerror], [src=x]").count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([hostile]);
  });

  test("maps of two models stand beside each other, with one sprite for both where the images are the same", async () => {
    const { tab } = await open(page, { viewport: { width: 1280, height: 800 } });
    const figures = tab.locator("figure", { hasText: "t-SNE of features" });
    const boxes = await Promise.all((await figures.all()).map((figure) => figure.boundingBox()));
    const titles = await figures.locator("h3").allTextContents();
    expect(titles.map((title) => title.replace("t-SNE of features, ", ""))).toEqual([
      ...["source-only, svhn, by class", "DANN, svhn, by class"],
      ...["source-only, svhn, by domain", "DANN, svhn, by domain"],
    ]);
    expect(boxes[0]!.y).toBe(boxes[1]!.y);
    expect(boxes[2]!.y).toBe(boxes[3]!.y);
    expect(boxes[2]!.y).toBeGreaterThan(boxes[0]!.y);
    const sprites = await figures
      .locator("[data-sprite]")
      .evaluateAll((all) =>
        all.map((element) => (element as unknown as { dataset: { sprite: string } }).dataset.sprite),
      );
    expect(sprites).toHaveLength(4);
    expect(new Set(sprites).size).toBe(1);
    expect(await tab.locator(`img[id=${sprites[0]}]`).count()).toBe(1);
  });

  test("what the page lacks is said in its last section", async () => {
    const { tab } = await open(await write("lacking.html", { hostile: HOSTILE }));
    const table = tab
      .locator("section")
      .last()
      .locator("table", { hasText: "Figures that are not on this page" });
    const cells = await table.locator("tbody tr > *").allTextContents();
    expect(cells[0]).toBe("training curves");
    expect(cells[1]).toContain("there is no log<img src=x");
    expect(cells[2]).toContain("p1, WGAN-GP");
  });

  test("the policy stops a script that got in after all", async () => {
    const { tab, complaints } = await open(page);
    await tab.evaluate(`{
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
    }`);
    expect(await tab.evaluate("window.hacked")).toBeUndefined();
    expect(complaints.join()).toContain("Content Security Policy");
  });

  test("prints: the notes of a figure are left out, what programs printed is not", async () => {
    const { tab } = await open(page);
    await tab.emulateMedia({ media: "print", colorScheme: "dark" });
    await tab.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await tab.locator("details.numbers:visible, nav:visible").count()).toBe(0);
    expect(await tab.locator("pre:visible").count()).toBe(7);
    expect(await tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
      "rgb(255, 255, 255)",
    );
    expect((await tab.pdf({ format: "A4" })).subarray(0, 5).toString()).toBe("%PDF-");
  });

  test("a comparison opens too", async () => {
    const gradings = ["a", "b"].map((name) => ({ name: name + HOSTILE, grading: example(name) }));
    const file = join(folder, "comparison.html");
    writeFileSync(file, renderReport(await comparisonModel(gradings)));
    const { tab, complaints } = await open(pathToFileURL(file).href);
    expect(complaints).toEqual([]);
    expect(await tab.locator("figure svg").count()).toBe(8);
  });

  test("a thousand images stay under 10 MB", async () => {
    const file = await write("large.html", { points: 1000 });
    const { tab, complaints } = await open(file);
    expect(complaints).toEqual([]);
    expect(await tab.locator("g.points_marks > *").count()).toBe(4000);
    expect((await tab.content()).length).toBeLessThan(10e6);
  });

  async function write(name: string, options: { hostile?: string; points?: number }): Promise<string> {
    const model = await reportModel(example("good", options), {
      tables: exampleTables,
      outputOf: (result) => exampleOutput(result, options),
    });
    const file = join(folder, name);
    writeFileSync(file, renderReport(model));
    return pathToFileURL(file).href;
  }

  async function open(url: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const tab = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    tab.on("console", (message) => complaints.push(message.text()));
    tab.on("pageerror", ({ message }) => complaints.push(message));
    tab.on("dialog", (dialog) => complaints.push(dialog.message()));
    tab.on("request", (request) => requests.push(request.url()));
    await tab.goto(url);
    return { tab, complaints, requests: requests.filter((request) => !request.startsWith("data:")) };
  }
});

/** The share of a tip's canvas that is drawn on. */
function inked(tab: Page): Promise<number> {
  return tab.evaluate(`{
    const canvas = document.querySelector(".tip:not([hidden]) canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    data.filter((value, i) => i % 4 === 3 && value > 0).length / (data.length / 4);
  }`);
}
