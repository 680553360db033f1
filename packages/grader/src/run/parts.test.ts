import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { Capture } from "./capture.ts";
import { endingOf } from "./ending.ts";
import { planMounts } from "./mounts.ts";
import { Report } from "./report.ts";
import { growth, outermost, usageOf } from "./usage.ts";

const folder = mkdtempSync(join(tmpdir(), "touchstone-parts-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("endingOf", () => {
  it("reads a shell's 128 + n as signal n", () => {
    expect(endingOf(128 + constants.signals.SIGSEGV, null)).toEqual({ exitCode: null, signal: "SIGSEGV" });
    expect(endingOf(255, null)).toEqual({ exitCode: 255, signal: null });
    expect(endingOf(3, null)).toEqual({ exitCode: 3, signal: null });
    expect(endingOf(null, "SIGKILL")).toEqual({ exitCode: null, signal: "SIGKILL" });
  });
});

describe("Capture", () => {
  const capture = async (chunks: Buffer[], limit: number) => {
    const stream = new PassThrough();
    const captured = new Capture(stream, limit);
    for (const chunk of chunks) stream.write(chunk);
    await new Promise((resolve) => stream.end(resolve));
    return captured;
  };

  it("leaves no half character where it cuts, and joins one that came in two pieces", async () => {
    const euro = Buffer.from("€€");
    expect((await capture([euro], 5)).text).toBe("€");
    expect((await capture([euro.subarray(0, 4), euro.subarray(4)], 6)).text).toBe("€€");
    expect((await capture([euro], 0)).text).toBe("");
  });
});

describe("Report", () => {
  it.each([
    ["dash", "start\nend 5\n0m0.000000s 0m0.010000s\n1m2.500000s 0m0.250000s\n"],
    ["bash", "start\nend 5\n0m0,000s 0m0,010s\n1m2,500s 0m0,250s\n"],
  ])("reads the lines of %s", async (_, text) => {
    const stream = new PassThrough();
    let started = 0;
    const report = new Report(stream, () => started++);
    for (const character of text) stream.write(character);
    await new Promise((resolve) => stream.end(resolve));
    expect(started).toBe(1);
    expect(report.processes).toBe(5);
    expect(report.cpuSeconds).toBeCloseTo(62.75, 9);
  });
});

describe("usageOf", () => {
  it("counts what is there once, and follows no link", () => {
    const root = join(folder, "usage");
    mkdirSync(join(root, "deep/deeper"), { recursive: true });
    writeFileSync(join(root, "deep/deeper/file"), "12345");
    symlinkSync("/", join(root, "link"));
    symlinkSync("..", join(root, "deep/up"));
    const used = usageOf(outermost([root, join(root, "deep"), root]));
    expect(used).toEqual({ bytes: 5 + 1 + 2, files: 3, folders: 2 });
    expect(usageOf([join(root, "gone")])).toEqual({ bytes: 0, files: 0, folders: 0 });
    expect(growth(usageOf([join(root, "deep")]), used)).toEqual({ bytes: 0, files: 0, folders: 0 });
  });
});

describe.skipIf(process.platform !== "linux")("planMounts", () => {
  it("puts deeper mounts later, and covers what is hidden wherever it shows", () => {
    const data = join(folder, "data");
    mkdirSync(join(data, "test/reference"), { recursive: true });
    mkdirSync(join(data, "test/reference/mine"));
    symlinkSync(data, join(folder, "alias"));
    const mounts = planMounts({
      scratch: folder,
      writable: [join(data, "test/reference/mine")],
      readable: [join(data, "test"), join(folder, "alias/test")],
      hidden: [join(folder, "alias/test/reference"), "/no/such", "/home"],
      network: false,
      gpu: false,
    });
    const targets = mounts.map(({ kind, target }) => `${kind} ${target}`);
    const order = [
      `read ${join(data, "test")}`,
      `empty-folder ${join(data, "test/reference")}`,
      `write ${join(data, "test/reference/mine")}`,
    ].map((target) => targets.indexOf(target));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(targets).toContain(`empty-folder ${join(folder, "alias/test/reference")}`);
    expect(targets.join()).not.toContain("/home");
  });
});
