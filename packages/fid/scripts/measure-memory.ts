/**
 * Measures the memory that `pnpm fid` takes of large sets: the most that its process ever had resident.
 *
 *     npx tsx packages/fid/scripts/measure-memory.ts [--images 50000] [--inception 500,2000] [--weights FILE]
 *
 * Images of 28 x 28, names of a hundred different files; B has a tenth as many as A. The digit classifier's features, without and with
 * KID; Inception's 64 features of as many images as --inception lists (without --weights, with random ones).
 */

import { spawn } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { crc32, deflateSync } from "node:zlib";
import { seededImages, writeSeededWeights } from "../test/inception.ts";

const { values: options } = parseArgs({
  options: {
    images: { type: "string", default: "50000" },
    inception: { type: "string", default: "500,2000" },
    weights: { type: "string" },
  },
});

const SIDE = 28;
const FILES = 100;
const COMMAND = fileURLToPath(new URL("../../commands/bin/fid.mjs", import.meta.url));
/** Runs in the measured process: its last words are its peak, in KiB. */
const LAST_WORDS = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from "node:fs"; process.on("exit", () => writeSync(1, "\\npeak " + process.resourceUsage().maxRSS));`,
)}`;

const folder = mkdtempSync(join(tmpdir(), "touchstone-memory-"));
process.env.TOUCHSTONE_CACHE = join(folder, "cache");
process.on("exit", () => rmSync(folder, { recursive: true }));
makeFiles();

const many = Number(options.images);
await measure("digits, fid", many, ["--extractor", "digits", "--metrics", "fid"]);
await measure("digits, fid and kid", many, ["--extractor", "digits", "--metrics", "fid,kid"]);
const weights = options.weights ?? join(folder, "random.safetensors");
if (options.weights === undefined) await writeSeededWeights(weights);
for (const n of options.inception.split(",").map(Number)) {
  await measure("inception 64, fid", n, ["--weights", weights, "--dims", "64", "--metrics", "fid"]);
}

function makeFiles(): void {
  for (const [i, { data }] of seededImages(FILES, SIDE).entries()) {
    writeFileSync(join(folder, `${i}.png`), png(data));
  }
}

/** SIDE x SIDE, RGB. https://www.w3.org/TR/png */
function png(data: Uint8Array): Buffer {
  const row = SIDE * 3;
  const lines = Buffer.alloc(SIDE * (1 + row)); // each begins with its filter, 0 for none
  for (let y = 0; y < SIDE; y++) lines.set(data.subarray(y * row, (y + 1) * row), y * (1 + row) + 1);
  const header = Buffer.from([0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 2, 0, 0, 0]);
  const chunk = (type: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), content]);
    return Buffer.concat([bigEndian(content.length), body, bigEndian(crc32(body))]);
  };
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

async function measure(what: string, images: number, flags: string[]): Promise<void> {
  const sides = [linked("a", images), linked("b", Math.floor(images / 10))];
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", LAST_WORDS, COMMAND, ...sides, ...flags], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0) throw new Error(`pnpm fid ended with ${status}: ${output}`);
  const peak = Number(/peak (\d+)/.exec(output)?.[1]) / 1024;
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${what.padEnd(22)} ${images.toLocaleString("en").padStart(6)} images  peak ${peak.toFixed(0).padStart(5)} MiB  ` +
      `${seconds.toFixed(0)} s  load average ${loadavg()[0]!.toFixed(1)}`,
  );
  for (const side of sides) rmSync(side, { recursive: true });
}

/** A folder of hard links. */
function linked(name: string, count: number): string {
  const into = join(folder, name);
  mkdirSync(into);
  const step = name === "a" ? 1 : 3; // the sets differ
  for (let i = 0; i < count; i++) {
    linkSync(join(folder, `${Math.floor(i / step) % FILES}.png`), join(into, `${i}.png`));
  }
  return into;
}
