/** For tests: downloads of some random content from a server of this machine into an empty folder. */

import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "@touchstone/cli";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { type DownloadOptions, download } from "../src/cache/download.ts";
import { type Answer, serve, type TestServer } from "./web-server.ts";

export const CONTENT = randomBytes(300_000);
export const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");
export const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

export let folder: string;
export let destination: string;
export let server: TestServer;

/** Gives each test of a file its own folder and ends its server. */
export function eachInItsOwnFolder(): void {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "touchstone-download-"));
    destination = join(folder, "data", "file.bin");
  });
  afterEach(async () => {
    await server?.close();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
}

/** Downloads to its end. @returns what progress there was */
export async function run(url: string, options: Partial<DownloadOptions> = {}): Promise<Progress[]> {
  const seen: Progress[] = [];
  const pin = { sha256: sha256(CONTENT), size: CONTENT.length };
  const defaults = { url, pin, destination, label: "file", stallTimeoutMs: 400, retryDelayMs: 1 };
  for await (const progress of download({ ...defaults, ...options })) seen.push(progress);
  return seen;
}

/** Starts the test's server. @returns the address of its file */
export async function from(...answers: Answer[]): Promise<string> {
  server = await serve(...answers);
  return server.url;
}

export async function expectWhole(): Promise<void> {
  expect((await readFile(destination)).equals(CONTENT)).toBe(true);
}

/** What is in the folder of the destination. */
export const left = () => readdir(join(folder, "data"));
/** A header of each request that the server got. */
export const sent = (header: string) => server.requests.map(({ headers }) => headers[header]);
