/** That files decode to PIL's pixels, and that no bytes do anything but decode or be refused by kind. */

import * as fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { golden, goldenCases } from "../../test/image-files.ts";
import { BadFileError } from "../errors.ts";
import type { Image } from "../types.ts";
import { decodeImage } from "./decode.ts";

interface Case {
  file: string;
  note: string;
  height: number;
  width: number;
  pixels: string;
}

const cases = goldenCases<Case>("expected.json");

async function kindOfProblem(bytes: Uint8Array, pixels?: number): Promise<string> {
  const outcome = await decodeImage(bytes, { name: "x.png", ...(pixels && { pixels }) }).catch(
    (error) => error,
  );
  expect(outcome).toBeInstanceOf(BadFileError);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.problem.file).toBe("x.png");
  expect(outcome.message).toMatch(/^x\.png: expected .+, found .+/);
  return outcome.problem.kind;
}

describe("PIL's pixels", () => {
  it.each(cases.map((c) => [c.file, c.note, c] as const))("%s: %s", async (file, _, c) => {
    const image = await decodeImage(golden(file));
    expect([image.height, image.width, image.channels]).toEqual([c.height, c.width, 3]);
    expect(Buffer.from(image.data).equals(Buffer.from(c.pixels, "base64"))).toBe(true);
  });

  it("covers each format", () => {
    expect(new Set(cases.map(({ file }) => file.split(".").at(-1)))).toEqual(new Set(["png", "jpg", "webp"]));
  });
});

describe("bad files", () => {
  it("empty", async () => {
    expect(await kindOfProblem(new Uint8Array())).toBe("empty");
  });

  it.each([
    ["text", Buffer.from("hello"), "68 65 6c 6c 6f"],
    ["GIF", Buffer.from("GIF89a\x01\0\x01\0\0\0\0"), "GIF"],
    ["SVG, which sharp would draw", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), "3c 73"],
    ["one byte", Buffer.from([0x89]), "89"],
  ])("%s is no image", async (_, bytes, found) => {
    expect(await kindOfProblem(bytes)).toBe("not-an-image");
    await expect(decodeImage(bytes)).rejects.toThrow(found);
  });

  it("more pixels than allowed, without decoding them", async () => {
    const bomb = Buffer.from(golden("rgb.png"));
    bomb.writeUInt32BE(50_000, 16); // IHDR: width, height, then the checksum after 17 bytes
    bomb.writeUInt32BE(50_000, 20);
    const { crc32 } = await import("node:zlib");
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect(await kindOfProblem(bomb)).toBe("too-many-pixels");
    expect(await kindOfProblem(golden("rgb.png"), 34)).toBe("too-many-pixels");
    await expect(decodeImage(golden("rgb.png"), { pixels: 35 })).resolves.toMatchObject({
      width: 7,
      height: 5,
    });
  });

  // Cut in the middle of the pixels: what is left has a whole header.
  it.each([
    ["rgb.png", 0.5],
    ["rgb-interlaced.png", 0.5],
    ["rgb-420.jpg", 0.9],
    ["rgb-progressive.jpg", 0.7],
    ["rgb-lossy.webp", 0.5],
    ["rgb-lossless.webp", 0.5],
  ])("%s without its end is truncated", async (file, part) => {
    const bytes = golden(file);
    expect(await kindOfProblem(bytes.subarray(0, bytes.length * part))).toBe("truncated");
  });

  it.each(["rgb.png", "palette.png", "rgb-interlaced.png"])(
    "%s with a wrong bit is corrupt",
    async (file) => {
      const bytes = golden(file).slice();
      bytes[bytes.length - 20]! ^= 4; // In the last bytes of the compressed pixels.
      expect(await kindOfProblem(bytes)).toBe("corrupt");
    },
  );

  it("any damage gives an image of the declared size or a problem", async () => {
    const damage = fc.record({
      file: fc.constantFrom(...cases.map(({ file }) => file)),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
      keep: fc.double({ min: 0.1, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ file, at, bytes, keep }) => {
        const whole = golden(file).slice();
        whole.set(bytes, Math.floor(at * (whole.length - bytes.length)));
        const cut = whole.subarray(0, Math.ceil(keep * whole.length));
        const outcome: Image | Error = await decodeImage(cut, { pixels: 2 ** 20 }).catch((error) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(BadFileError);
        else expect(outcome.data.length).toBe(outcome.height * outcome.width * 3);
      }),
      { numRuns: 300 },
    );
  });
});

it("takes a view of a larger buffer", async () => {
  const file = golden("rgb.png");
  const larger = new Uint8Array(file.length + 20);
  larger.set(file, 10);
  const image = await decodeImage(larger.subarray(10, 10 + file.length));
  expect(image.data).toEqual((await decodeImage(file)).data);
});

it("what sharp encodes losslessly comes back", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      async (h, w, seed) => {
        const data = Uint8Array.from({ length: h * w * 3 }, (_, i) => (i * 97 + seed) % 256);
        const raw = sharp(data, { raw: { width: w, height: h, channels: 3 } });
        for (const file of [
          await raw.clone().png().toBuffer(),
          await raw.clone().webp({ lossless: true }).toBuffer(),
        ]) {
          expect(await decodeImage(file)).toEqual({ height: h, width: w, channels: 3, data });
        }
      },
    ),
    { numRuns: 20 },
  );
});
