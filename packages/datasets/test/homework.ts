/** For tests: small data sets in the homework's layout, and a cache that vanishes with the test. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { ARCHIVES, type Archive } from "../src/named/archives.ts";
import { SPLITS } from "../src/named/splits.ts";
import { png, temporaryFolder } from "./image-files.ts";

/** Points TOUCHSTONE_CACHE to an empty folder, and TOUCHSTONE_DATA and TOUCHSTONE_MIRROR to nothing. */
export function emptyCache(): string {
  const folder = temporaryFolder();
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("TOUCHSTONE_CACHE", folder);
  vi.stubEnv("TOUCHSTONE_DATA", undefined);
  vi.stubEnv("TOUCHSTONE_MIRROR", undefined);
  return folder;
}

export function writeFiles(folder: string, files: Record<string, Uint8Array | string>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** `digits/<set>/<split>/<i>.png` of one gray each, `value + i`, and its table with the labels 0, 1, 2, ... */
export async function digitFiles(part: string, count: number, size: number, value = 10) {
  const files: Record<string, Uint8Array | string> = {};
  const rows = ["image_name,label"];
  for (let i = 0; i < count; i++) {
    files[`digits/${part}/0000${i}.png`] = await png(value + i, size, size);
    rows.push(`0000${i}.png,${i}`);
  }
  files[`digits/${part}.csv`] = `${rows.join("\n")}\n`;
  return files;
}

/** Makes splits expect as many images as a test has, until the test ends. */
export function expectCounts(counts: Record<string, number>): void {
  for (const [name, count] of Object.entries(counts)) {
    const split = SPLITS[name]!;
    const before = split.count!;
    split.count = count;
    onTestFinished(() => {
      split.count = before;
    });
  }
}

/** Makes an archive expect the content that a test has, until the test ends. */
export function pin(archive: keyof typeof ARCHIVES, md5: string, url?: string): void {
  const target: Archive = ARCHIVES[archive];
  const before = { ...target };
  Object.assign(target, { pin: { md5 }, ...(url !== undefined && { url }) });
  onTestFinished(() => void Object.assign(target, before));
}
