/** Every form of weights, whole and broken. The forms of the stem are from fixtures/golden/inception/make-inception.py. */

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { follow } from "@touchstone/cli";
import { decodeImage } from "@touchstone/datasets";
import { type HostTensor, readCheckpoint, writeSafetensors } from "@touchstone/nn";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { sharedData } from "../../../nn/test/shared-data.ts";
import { expectThinned, fixture, golden, seededImages } from "../../test/inception.ts";
import { findWeights } from "./find-weights.ts";
import { loadWeights } from "./load-weights.ts";
import type { Tap } from "./network.ts";
import { type InceptionOptions, openInception } from "./open-inception.ts";
import { GRAPH_SHA256, STATE_DICT_SHA256 } from "./original-weights.ts";

const FORMS = ["stem.pth", "stem.pb", "stem-folded.safetensors"];
const quiet = { show() {}, end() {} };

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("TOUCHSTONE_CACHE", join(folder, "cache"));
});
afterEach(() => vi.unstubAllEnvs());

const open = (options: InceptionOptions) => follow(openInception(options), quiet);
const bytesOf = (name: string) => readFileSync(fixture(name));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const copies = () =>
  readdirSync(join(folder, "cache", "inception")).map((name) => join(folder, "cache", "inception", name));

async function load(weights: string, taps: Tap[] = [64]) {
  return loadWeights(await follow(findWeights({ weights }), quiet), taps);
}

function write(name: string, content: Uint8Array | string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** The state dict of the stem with some of its tensors changed. */
async function stemWith(changes: Record<string, HostTensor | undefined>): Promise<string> {
  const { tensors } = await readCheckpoint(fixture("stem.pth"));
  const changed = Object.entries({ ...Object.fromEntries(tensors), ...changes }).filter(
    ([, tensor]) => tensor,
  );
  const path = join(folder, "changed.safetensors");
  await writeSafetensors(path, { tensors: new Map(changed as [string, HostTensor][]) });
  return path;
}

async function refusal(path: string, taps?: Tap[]): Promise<Error & { code: string }> {
  const error = await load(path, taps).catch((e) => e);
  expect(error, "it was accepted").toBeInstanceOf(Error);
  expect(error.message).toContain(path);
  expect(error.exitCode).toBe(2);
  return error;
}

describe.each(FORMS)("%s", (name) => {
  it("gives torch-fidelity's features", async () => {
    const extractor = await open({ weights: fixture(name), dims: 64, resize: "tensorflow", batchSize: 2 });
    expectThinned((await extractor.extract(seededImages(2, 64))).features, golden.stem);
    expect(extractor.protocol).toEqual({
      extractor: "inception-v3-fid",
      version: "1",
      weightsSha256: sha256(bytesOf(name)),
      resize: "tensorflow",
      dims: 64,
    });
    await extractor.dispose();
  });

  it("is converted once; the copy stands for the original, wherever it is", async () => {
    const first = await load(fixture(name));
    const [copy] = copies();
    for (const again of [
      await load(fixture(name)),
      await load(write("moved.safetensors", readFileSync(copy!))),
    ]) {
      expect(again.sha256).toBe(sha256(bytesOf(name)));
      expect(await numbers(again.params)).toEqual(await numbers(first.params));
    }
    expect(copies()).toEqual([copy]);
  });

  it.each([5, 100, 0.3, 0.9, -1])("cut off (%d) is refused by name", async (cut) => {
    const bytes = bytesOf(name);
    const end = Math.abs(cut) < 1 ? Math.floor(cut * bytes.length) : cut;
    await refusal(write(name, bytes.subarray(0, end)));
  });
});

async function numbers(params: Record<string, tf.Tensor>): Promise<Record<string, unknown>> {
  const entries = Object.entries(params).map(async ([name, value]) => [name, await value.data()]);
  return Object.fromEntries(await Promise.all(entries));
}

describe("the published state dict and TensorFlow's graph", () => {
  it("of the same weights convert to the same tensors, bit for bit", async () => {
    const [stateDict, graph] = await Promise.all([load(fixture("stem.pth")), load(fixture("stem.pb"))]);
    expect(await numbers(graph.params)).toEqual(await numbers(stateDict.params));
  });

  it("are one in fingerprints", async () => {
    // Nobody has the files here: a converted copy says which of them it is from.
    await load(fixture("stem.pth"));
    const { tensors } = await readCheckpoint(copies()[0]!);
    const protocols = [];
    for (const sourceSha256 of [STATE_DICT_SHA256, GRAPH_SHA256]) {
      const weights = join(folder, `${sourceSha256}.safetensors`);
      await writeSafetensors(weights, { tensors, metadata: { sourceSha256 } });
      const extractor = await open({ weights, dims: 64 });
      protocols.push(extractor.protocol);
      await extractor.dispose();
    }
    expect(protocols[1]).toEqual(protocols[0]);
    // The checksum that pytorch-fid and torch-fidelity put into the file's name.
    expect(protocols[0]!.weightsSha256).toMatch(/^6726825d/);
  });
});

describe("a copy", () => {
  it("that is damaged, or another's, is made anew", async () => {
    const { params } = await load(fixture("stem.pth"));
    const [copy] = copies();
    await load(fixture("stem.pb"));
    const anothers = readFileSync(copies().find((path) => path !== copy)!);
    const whole = readFileSync(copy!);
    for (const content of [whole.subarray(0, 50_000), anothers]) {
      writeFileSync(copy!, content);
      expect(await numbers((await load(fixture("stem.pth"))).params)).toEqual(await numbers(params));
      expect(readFileSync(copy!)).toEqual(whole);
    }
  });

  it("that cannot be kept is a warning", async () => {
    vi.stubEnv("TOUCHSTONE_CACHE", write("a-file", "where a folder should be"));
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    await load(fixture("stem.pth"));
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("not kept"), { code: "FID_WEIGHTS_NOT_KEPT" });
    warn.mockRestore();
  });
});

describe("weights that do not suffice", () => {
  it("are refused for what lies deeper, with what they suffice for", async () => {
    const error = await refusal(fixture("stem.pth"), [192, "logits"]);
    expect(error).toMatchObject({ code: "FID_PARTIAL_WEIGHTS" });
    expect(error.message).toMatch(
      /192 features and the logits need, found none of Conv2d_3b_1x1\.conv\.weight, .* and \d+ more\. They suffice for features of 64:/,
    );
  });

  it("are refused where a tensor of a layer is missing", async () => {
    const path = await stemWith({ "Conv2d_2b_3x3.bn.running_var": undefined });
    expect((await refusal(path)).message).toMatch(
      /none of Conv2d_2b_3x3\.conv\.weight.*Name a complete file/,
    );
  });
});

describe("a file that is something else", () => {
  const mean = { dtype: "float32", shape: [32], data: new Float32Array(32) } as const;

  it.each<[string, Record<string, HostTensor>, string]>([
    [
      "another shape",
      { "Conv2d_1a_3x3.bn.bias": { ...mean, shape: [4, 8] } },
      "bn.bias: expected [32], found [4, 8]",
    ],
    [
      "NaN",
      { "Conv2d_1a_3x3.bn.bias": { ...mean, data: mean.data.fill(Number.NaN) } },
      "finite numbers, found NaN",
    ],
    [
      "a negative variance",
      { "Conv2d_1a_3x3.bn.running_var": { ...mean, data: new Float32Array(32).fill(-1) } },
      "running_var: expected variances, found -1",
    ],
    [
      "integers",
      { "Conv2d_1a_3x3.bn.bias": { dtype: "int32", shape: [32], data: new Int32Array(32) } },
      "floating-point numbers, found int32",
    ],
  ])("%s", async (_, changes, message) => {
    expect((await refusal(await stemWith(changes))).message).toContain(message);
  });

  it("another network's weights", async () => {
    const path = join(folder, "other.safetensors");
    await writeSafetensors(path, { tensors: new Map([["net.0.weight", mean]]) });
    const error = await refusal(path);
    expect(error).toMatchObject({ code: "FID_UNKNOWN_WEIGHTS" });
    expect(error.message).toMatch(/found net\.0\.weight\. Fetch https/);
  });

  it.each([
    ["text", "not weights at all"],
    ["TensorFlow's archive", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ["a line feed", "\n"],
    ["a graph without constants", Buffer.from([10, 3, 10, 1, 97])],
  ])("%s", async (_, content) => {
    await refusal(write("strange.pb", content));
  });
});

const partial = sharedData("weights/inception-2015-12-05-folded-partial.safetensors");
const faces = sharedData("hw2_data/face/val");

describe.skipIf(partial.absent || faces.absent)(`the real weights${partial.note || faces.note}`, () => {
  const shared = mkdtempSync(join(tmpdir(), "touchstone-inception-"));
  beforeEach(() => void vi.stubEnv("TOUCHSTONE_CACHE", shared));
  afterAll(() => rmSync(shared, { recursive: true }));

  it.each([
    ["pytorch", 64, golden.faces.pytorch["64"]],
    ["pytorch", 192, golden.faces.pytorch["192"]],
    ["pytorch", 768, golden.faces.pytorch["768"]],
    ["tensorflow", 64, golden.faces.tensorflow["64"]],
    ["tensorflow", 192, golden.faces.tensorflow["192"]],
    ["tensorflow", 768, golden.faces.tensorflow["768"]],
  ] as const)("resize %s, %d features of real faces", async (resize, dims, expected) => {
    const images = golden.faces.files.map((file) => decodeImage(readFileSync(join(faces.path, file))));
    const extractor = await open({ weights: partial.path, dims, resize, batchSize: 2 });
    expectThinned((await extractor.extract(await Promise.all(images))).features, expected);
    await extractor.dispose();
  });

  it.each<[Tap[], string]>([
    [[2048], "2048 features need"],
    [[64, "logits"], "64 features and the logits need"],
  ])("lack two layers that %j needs", async (taps, message) => {
    const error = await refusal(partial.path, taps);
    expect(error).toMatchObject({ code: "FID_PARTIAL_WEIGHTS" });
    expect(error.message).toContain(message);
    expect(error.message).toContain("They suffice for features of 64, 192, 768");
    expect(error.message).toContain("Mixed_7b.branch3x3dbl_2.conv.weight");
  });
});
