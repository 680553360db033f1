/** For tests: image files with known pixels, folders that vanish with the test, and zips. */

import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { onTestFinished } from "vitest";
import yazl from "yazl";

const GOLDEN = new URL("../../../fixtures/golden/images/", import.meta.url);

/** A file of `fixtures/golden/images`. */
export function golden(file: string): Uint8Array {
  return readFileSync(new URL(file, GOLDEN));
}

export function goldenCases<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(file, GOLDEN), "utf8")).cases;
}

/** A PNG of one colour, by default 3 wide and 2 high. */
export function png(value: number, width = 3, height = 2): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background: { r: value, g: value, b: value } } })
    .png()
    .toBuffer();
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "touchstone-images-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function folderOf(files: Record<string, Uint8Array | string>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export interface PackedFile {
  name: string;
  content: Uint8Array | string;
  mode?: number;
}

/** A zip of `files`, in which `patch` may change bytes. */
export async function zipOf(
  files: PackedFile[],
  patch: (zip: Buffer) => Buffer = (zip) => zip,
): Promise<string> {
  const zip = new yazl.ZipFile();
  for (const { name, content, mode = 0o100644 } of files) {
    zip.addBuffer(Buffer.from(content), name, { mode, mtime: new Date(0) });
  }
  zip.end();
  const path = join(temporaryFolder(), "images.zip");
  writeFileSync(path, patch(await buffer(zip.outputStream)));
  return path;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
