import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { follow, type Progress } from "@touchstone/cli";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { serve, status, whole } from "../../../datasets/test/web-server.ts";
import { type FindWeightsOptions, findWeights, type Published } from "./find-weights.ts";
import { openInception } from "./open-inception.ts";

const CONTENT = Buffer.from("weights, let us say");
const sha256 = createHash("sha256").update(CONTENT).digest("hex");
const published: Published = {
  url: "http://127.0.0.1:1/none",
  name: "published.pth",
  otherName: "other.pth",
  pin: { sha256, size: CONTENT.length },
};

let folder: string;
let ours: string;
let hub: string;

beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("TOUCHSTONE_CACHE", join(folder, "cache"));
  vi.stubEnv("TORCH_HOME", join(folder, "torch"));
  vi.stubEnv("TOUCHSTONE_INCEPTION", "");
  vi.stubEnv("TOUCHSTONE_MIRROR", "");
  ours = join(folder, "cache", "inception", "published.pth");
  hub = join(folder, "torch", "hub", "checkpoints");
});
afterEach(() => vi.unstubAllEnvs());

function put(path: string, content: Buffer = CONTENT): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const find = (options: FindWeightsOptions = {}, file = published, seen: Progress[] = []) =>
  follow(findWeights(options, file), { show: (progress) => seen.push(progress), end() {} });

describe("weights are looked for", () => {
  it("in the file that is named, then TOUCHSTONE_INCEPTION, our cache, PyTorch's, by either name", async () => {
    const other = put(join(hub, "other.pth"));
    expect(await find({ offline: true })).toEqual({ path: other, sha256 });
    const torch = put(join(hub, "published.pth"));
    expect((await find({ offline: true })).path).toBe(torch);
    put(ours);
    expect((await find()).path).toBe(ours);

    const mine = put(join(folder, "mine.pth"), Buffer.from("other weights"));
    vi.stubEnv("TOUCHSTONE_INCEPTION", mine);
    const found = await find();
    expect(found.path).toBe(mine);
    expect(found.sha256).toBe(createHash("sha256").update("other weights").digest("hex"));
    expect((await find({ weights: ours })).path).toBe(ours);
  });

  it("in PyTorch's cache where XDG_CACHE_HOME puts it", async () => {
    vi.stubEnv("TORCH_HOME", "");
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "xdg"));
    const path = put(join(folder, "xdg", "torch", "hub", "checkpoints", "published.pth"));
    expect((await find({ offline: true })).path).toBe(path);
  });

  it("and damaged or foreign files in caches are passed over", async () => {
    put(ours, Buffer.from("of the same length!"));
    put(join(hub, "published.pth"), CONTENT.subarray(5));
    const other = put(join(hub, "other.pth"));
    expect((await find()).path).toBe(other);
  });

  it("offline: the error lists every place, and how to get the file", async () => {
    put(ours, CONTENT.subarray(5));
    const error = await find({ offline: true }).catch((e) => e);
    expect(error).toMatchObject({ code: "FID_WEIGHTS_NOT_FOUND", exitCode: 4 });
    expect(error.message.split("\n").slice(1)).toEqual([
      "  --weights: not given",
      "  TOUCHSTONE_INCEPTION: not set",
      `  ${ours}: a damaged file, or another one`,
      `  ${join(hub, "published.pth")}: nothing`,
      `  ${join(hub, "other.pth")}: nothing`,
    ]);
    expect(error.message).toMatch(/Fetch https:\/\/github\.com\/mseitzer\/pytorch-fid.*--weights.*--offline/);
    await expect(follow(openInception({ offline: true }), { show() {}, end() {} })).rejects.toMatchObject({
      code: "FID_WEIGHTS_NOT_FOUND",
    });
  });
});

describe("a download", () => {
  it("goes to our cache, with progress, and is not repeated", async () => {
    put(ours, Buffer.from("of the same length!"));
    const server = await serve(whole(CONTENT));
    const seen: Progress[] = [];
    expect(await find({}, { ...published, url: server.url }, seen)).toEqual({ path: ours, sha256 });
    await find({}, { ...published, url: server.url });
    await server.close();
    expect(server.requests.length).toBe(1);
    expect(readFileSync(ours)).toEqual(CONTENT);
    expect(seen.at(-1)).toMatchObject({ unit: "bytes", done: CONTENT.length, total: CONTENT.length });
  });

  it("comes from TOUCHSTONE_MIRROR where that is set", async () => {
    const server = await serve(whole(CONTENT));
    vi.stubEnv("TOUCHSTONE_MIRROR", `${new URL(server.url).origin}/mirror/`);
    await find();
    await server.close();
    expect(server.requests[0]!.url).toBe("/mirror/inception/published.pth");
  });

  it("that fails is an error that says so", async () => {
    const server = await serve(status(404));
    await expect(find({}, { ...published, url: server.url })).rejects.toMatchObject({
      code: "FID_WEIGHTS_NOT_FOUND",
      exitCode: 4,
      message: expect.stringMatching(
        /^.*name it with --weights.*(.|\n)*TOUCHSTONE_INCEPTION: not set(.|\n)*: .*404/,
      ),
    });
    await server.close();
  });
});

it("looking can be interrupted", async () => {
  const signal = AbortSignal.abort();
  put(ours);
  await expect(find({ signal })).rejects.toMatchObject({ name: "AbortError" });
  await expect(find({ signal, weights: ours })).rejects.toMatchObject({ name: "AbortError" });
});

describe("a named file", () => {
  const refusal = (weights: string) => find({ weights }).catch((error) => error);

  it("that is not there names where its name came from", async () => {
    vi.stubEnv("TOUCHSTONE_INCEPTION", join(folder, "absent.pth"));
    await expect(find()).rejects.toThrow(/absent\.pth \(from TOUCHSTONE_INCEPTION\): .*found nothing there/);
    expect(await refusal("no/such\u001bfile")).toMatchObject({
      code: "FID_UNREADABLE_WEIGHTS",
      exitCode: 2,
      message: expect.stringMatching(/^no\/such\\u\{1b\}file \(from --weights\): .*found nothing there/),
    });
  });

  it("must be a regular file of a sensible size", async () => {
    const huge = put(join(folder, "huge"));
    truncateSync(huge, 2 ** 30);
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect((await refusal(folder)).message).toContain("found a folder");
    expect((await refusal(pipe)).message).toContain("not a regular file");
    expect((await refusal(put(join(folder, "empty"), Buffer.alloc(0)))).message).toContain("an empty file");
    expect((await refusal(huge)).message).toContain("1073741824 bytes");
  });
});
