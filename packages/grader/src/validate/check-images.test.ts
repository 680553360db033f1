import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ImagesOutput } from "../assignment/index.ts";
import { output } from "../assignment/output.ts";
import { checkImages, hasErrors } from "./index.ts";

const faces = wanted({ count: 3, size: "8x8" });
const digits = wanted({ size: "8x8", names: "{class:0-1}_{index:01-02}.png", colour: "rgb" });

describe("what is as it should be", () => {
  test("has no findings, and can be read again", async () => {
    const folder = folderOf({ "a.png": await png(1), "b.png": await png(2), "c.PNG": await png(3) });
    const { findings, images } = await check(folder, faces);
    expect(findings).toEqual([]);
    expect(images!.entries.map(({ name }) => name)).toEqual(["a.png", "b.png", "c.PNG"]);
    expect((await images!.read(images!.entries[0]!)).length).toBeGreaterThan(0);
  });

  test("names in the order of the template, whatever they are listed in", async () => {
    const names = ["1_02.png", "0_01.png", "1_01.png", "0_02.png"];
    const files = await Promise.all(names.map(async (name, i) => [name, await png(i)] as const));
    expect((await check(folderOf(Object.fromEntries(files)), digits)).findings).toEqual([]);
  });
});

describe("count and names", () => {
  test("one image too few is an error, whether it is missing or there are none", async () => {
    const few = await check(folderOf({ "a.png": await png(1), "b.png": await png(2) }), faces);
    expect(few.findings).toMatchObject([
      { code: "count", severity: "error", message: "expected 3 images, found 2", total: 1 },
    ]);
    const none = await check(folderOf({}), faces);
    expect(codes(none)).toEqual(["error count"]);
    expect(none.images).toBeUndefined();
  });

  test("each class has its own count", async () => {
    const names = ["0_01.png", "0_02.png", "0_03.png", "1_01.png"];
    const files = await Promise.all(names.map(async (name, i) => [name, await png(i)] as const));
    const { findings } = await check(folderOf(Object.fromEntries(files)), digits);
    expect(findings).toMatchObject([
      { code: "count", message: "expected 2 images of each class, found 3 of 0, 1 of 1", total: 2 },
      { code: "numbering", severity: "warning", files: ["0_03.png"] },
    ]);
  });

  test("numbers from 0, or without zeros in front, are clear enough: a warning", async () => {
    const names = ["0_0.png", "0_1.png", "1_0.png", "1_1.png"];
    const files = await Promise.all(names.map(async (name, i) => [name, await png(i)] as const));
    const { findings, images } = await check(folderOf(Object.fromEntries(files)), digits);
    expect(findings).toMatchObject([{ code: "numbering", severity: "warning", total: 4 }]);
    expect(images!.entries).toHaveLength(4);
  });

  test("a name without a class is an error, and so is a class that does not exist", async () => {
    const folder = folderOf({ "x.png": await png(1), "2_01.png": await png(2) });
    expect((await check(folder, digits)).findings).toMatchObject([
      { code: "count" },
      { code: "name", severity: "error", files: ["2_01.png", "x.png"] },
    ]);
  });
});

describe("files that are not what they should be", () => {
  test("a JPEG that is called .png, a GIF, text", async () => {
    const jpeg = await picture(1).jpeg().toBuffer();
    const gif = await picture(1).gif().toBuffer();
    const folder = folderOf({ "a.png": jpeg, "b.png": gif, "c.png": "not an image" });
    const { findings, images } = await check(folder, faces);
    expect(findings).toMatchObject([{ code: "format", severity: "error", total: 3 }]);
    expect(findings[0]!.message).toContain("expected PNG, found JPEG");
    expect(findings[0]!.message).toContain("found GIF");
    expect(images).toBeUndefined();
  });

  test("the right format under another name is a warning", async () => {
    const folder = folderOf({ "a.png": await png(1), "b.png": await png(2), "c.jpg": await png(3) });
    expect(codes(await check(folder, faces))).toEqual(["warning name"]);
  });

  test("another size, empty, cut off", async () => {
    const whole = Buffer.from(await noise(8));
    const folder = folderOf({
      "a.png": await picture(1, 9, 8).png().toBuffer(),
      "b.png": "",
      "c.png": whole.subarray(0, whole.length - 100),
    });
    const { findings } = await check(folder, faces);
    expect(findings).toMatchObject([
      { code: "unreadable", severity: "error", files: ["b.png", "c.png"] },
      { code: "size", message: "expected 8x8 pixels, found 9x8", files: ["a.png"] },
    ]);
  });

  test("a header that claims 60000 x 60000 pixels is refused without decoding", async () => {
    const bomb = Buffer.from(await png(1));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    bomb.writeUInt32BE(crc(bomb.subarray(12, 29)), 29);
    const some = wanted({ count: 1 });
    for (const output of [wanted({ count: 1, size: "8x8" }), some]) {
      expect(codes(await check(folderOf({ "a.png": bomb }), output))).toEqual(["error size"]);
    }
  });

  test("a file far larger than its pixels need is not read", async () => {
    const folder = folderOf({ "a.png": Buffer.concat([await png(1), Buffer.alloc(3 * 2 ** 20)]) });
    expect(codes(await check(folder, wanted({ count: 1, size: "8x8" })))).toEqual(["error unreadable"]);
  });

  test("a palette, alpha and 16 bits are warnings; gray is an error where RGB is asked for", async () => {
    const palette = await sharp(await noise(8))
      .png({ palette: true })
      .toBuffer();
    const alpha = await picture(2).ensureAlpha(0.5).png().toBuffer();
    const deep = await picture(3).toColourspace("rgb16").png().toBuffer();
    const gray = await picture(4).toColourspace("b-w").png().toBuffer();
    const files = { "0_01.png": palette, "0_02.png": alpha, "1_01.png": deep, "1_02.png": gray };
    const { findings, images } = await check(folderOf(files), digits);
    expect(findings).toMatchObject([
      { code: "colour", severity: "error", files: ["1_02.png"] },
      { code: "pixels", severity: "warning", files: ["0_01.png", "0_02.png", "1_01.png"] },
    ]);
    expect(images!.entries).toHaveLength(3);
    const any = wanted({ count: 4, size: "8x8" });
    expect(hasErrors((await check(folderOf(files), any)).findings)).toBe(false);
  });

  test("an animated PNG", async () => {
    const still = Buffer.from(await png(1));
    const control = Buffer.alloc(20); // Length, type, two numbers, checksum.
    control.writeUInt32BE(8, 0);
    control.write("acTL", 4, "latin1");
    control.writeUInt32BE(2, 8);
    control.writeUInt32BE(crc(control.subarray(4, 16)), 16);
    const animated = Buffer.concat([still.subarray(0, 33), control, still.subarray(33)]);
    expect(codes(await check(folderOf({ "a.png": animated }), wanted({ count: 1 })))).toEqual([
      "error animated",
    ]);
  });

  test("the same pixels under other names are a warning, counted without the first", async () => {
    const again = await picture(1).png({ compressionLevel: 0 }).toBuffer();
    const folder = folderOf({ "a.png": await png(1), "b.png": again, "c.png": await png(2) });
    expect((await check(folder, faces)).findings).toMatchObject([
      { code: "duplicate", severity: "warning", files: ["b.png"], total: 1 },
    ]);
  });
});

describe("a hostile folder", () => {
  test("links are not followed, not even to images beside them", async () => {
    const folder = folderOf({ "a.png": await png(1) });
    symlinkSync("a.png", join(folder, "b.png"));
    symlinkSync("/etc/hostname", join(folder, "c.png"));
    const { findings, images } = await check(folder, faces);
    expect(findings).toMatchObject([
      { code: "count", message: "expected 3 images, found 1" },
      { code: "link", severity: "error", total: 2 },
    ]);
    expect(images!.entries).toHaveLength(1);
  });

  test("folders and other files are passed over with a warning, whatever is in them", async () => {
    const folder = folderOf({ "a.png": await png(1), "log.txt": "x" });
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "more", "b.png"), await png(2));
    expect(codes(await check(folder, wanted({ count: 1 })))).toEqual([
      "warning other-file",
      "warning folder",
    ]);
  });

  test("images of a format that is not read are a warning that says so; those that are missing then, an error", async () => {
    const files = { "a.png": await png(1), "b.bmp": "x", "progress.gif": "x" };
    expect((await check(folderOf(files), wanted({ count: 1 }))).findings).toMatchObject([
      {
        code: "other-format",
        severity: "warning",
        message: expect.stringMatching(/\.png, .*found \.bmp; convert it; .*found \.gif/),
        files: ["b.bmp", "progress.gif"],
      },
    ]);
    expect(codes(await check(folderOf(files), wanted({ count: 2 })))).toEqual([
      "error count",
      "warning other-format",
    ]);
  });

  test("a folder that is called like an image", async () => {
    const folder = folderOf({ "a.png": await png(1) });
    mkdirSync(join(folder, "b.png"));
    expect(codes(await check(folder, wanted({ count: 1 })))).toEqual(["error not-a-file"]);
  });

  test.skipIf(process.platform === "win32")("a named pipe does not block (not on Windows)", async () => {
    const folder = folderOf({ "a.png": await png(1) });
    execFileSync("mkfifo", [join(folder, "b.png")]);
    expect(codes(await check(folder, wanted({ count: 1 })))).toEqual(["error not-a-file"]);
  });

  test("an output folder that is missing, a file or a link is the submission's fault", async () => {
    const folder = folderOf({ file: "x" });
    symlinkSync(folder, join(folder, "link"));
    for (const name of ["missing", "file", "link"]) {
      expect(codes(await check(join(folder, name), faces))).toEqual(["error output"]);
    }
  });

  test("far more files than asked for are not looked at", async () => {
    const files = Array.from({ length: 1020 }, (_, i) => [`${i}.png`, "x"]);
    const { findings } = await check(folderOf(Object.fromEntries(files)), wanted({ count: 1 }));
    expect(findings).toHaveLength(1);
    expect(findings[0]!.message).toContain("nothing was looked at");
  });

  test("names that would steer a terminal are escaped", async () => {
    const folder = folderOf({ "\u001b[2Ja.png": "x" });
    const { findings } = await check(folder, wanted({ count: 1 }));
    expect(findings[0]!.files).toEqual(["\\u{1b}[2Ja.png"]);
  });

  test("a finding names at most 20 files", async () => {
    const files = Array.from({ length: 30 }, (_, i) => [`${i}.png`, "x"]);
    const { findings } = await check(folderOf(Object.fromEntries(files)), wanted({ count: 30 }));
    expect(findings[0]).toMatchObject({ code: "format", total: 30 });
    expect(findings[0]!.files).toHaveLength(20);
  });
});

function wanted(fields: object): ImagesOutput {
  return output.parse({ kind: "images", ...fields }) as ImagesOutput;
}

async function check(folder: string, wanted: ImagesOutput) {
  const work = checkImages(folder, wanted);
  for (;;) {
    const step = await work.next();
    if (step.done) return step.value;
  }
}

function codes({ findings }: Awaited<ReturnType<typeof check>>): string[] {
  return findings.map(({ severity, code }) => `${severity} ${code}`);
}

function picture(value: number, width = 8, height = 8): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r: value, g: 2 * value, b: 200 } } });
}

function png(value: number): Promise<Uint8Array> {
  return picture(value).png().toBuffer();
}

function noise(side: number): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7919) % 251);
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

/** CRC-32 as PNG has it. */
function crc(bytes: Uint8Array): number {
  let register = 0xffffffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? 0xedb88320 : 0);
  }
  return (register ^ 0xffffffff) >>> 0;
}

function folderOf(files: Record<string, Uint8Array | string>): string {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-output-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
