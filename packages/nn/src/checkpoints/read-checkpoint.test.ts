/** Checkpoints that PyTorch and safetensors wrote, against what was in them: fixtures/golden/checkpoints. */

import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, symlinkSync, truncateSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { scratch } from "../../test/scratch.ts";
import { sharedData } from "../../test/shared-data.ts";
import { bytesPerElement, type HostTensor, viewAs } from "./host-tensor.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { writeSafetensors } from "./safetensors.ts";

interface Expected {
  metadata: Record<string, string>;
  tensors: Record<string, { dtype: string; shape: number[]; hex: string }>;
}

const FOLDER = fileURLToPath(new URL("../../../../fixtures/golden/checkpoints/", import.meta.url));
const readJson = (file: string) => JSON.parse(readFileSync(FOLDER + file, "utf8"));
const expected = readJson("expected.json") as Record<string, Expected>;
const { path, write } = scratch();

const W_ENTRY = { dtype: "U8", shape: [1], data_offsets: [0, 1] };
const bytesOf = ({ data }: HostTensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("fixtures", () => {
  it.each(Object.entries(expected))("%s", async (file, { tensors, metadata }) => {
    const checkpoint = await readCheckpoint(FOLDER + file);
    const found = Array.from(checkpoint.tensors, ([name, tensor]) => {
      const { dtype, shape } = tensor;
      return [name, { dtype, shape, hex: bytesOf(tensor).toString("hex") }];
    });
    expect(Object.fromEntries(found)).toEqual(tensors);
    expect(checkpoint.metadata).toEqual(metadata);
    expect(checkpoint.sha256).toBe(sha256(readFileSync(FOLDER + file)));
    const legacy = file.includes("legacy") ? "torch-legacy" : "torch-zip";
    expect(checkpoint.format).toBe(file.endsWith(".safetensors") ? "safetensors" : legacy);
  });

  it("gives tensors that share a storage arrays of their own", async () => {
    const { tensors } = await readCheckpoint(`${FOLDER}views.pth`);
    const buffers = Array.from(tensors.values(), ({ data }) => data.buffer);
    expect(new Set(buffers).size).toBe(buffers.length);
    for (const { dtype, data } of tensors.values()) {
      expect(data.buffer.byteLength).toBe(data.length * bytesPerElement(dtype));
      expect(viewAs(dtype, bytesOf({ dtype, shape: [], data }))).toEqual(data);
    }
  });
});

describe("which state dict", () => {
  it("is asked for where there are several", async () => {
    await expect(readCheckpoint(`${FOLDER}two-models.pth`)).rejects.toThrow(
      expect.objectContaining({ code: "NN_CHECKPOINT_STATE_DICT", candidates: ["G", "D"], exitCode: 2 }),
    );
    const { tensors } = await readCheckpoint(`${FOLDER}two-models.pth`, { stateDict: "D" });
    expect(Array.from(tensors.get("w")!.data as Float32Array)).toEqual([0, 0, 0]);
  });

  it("may be named: by a path, or a dot for the outermost dict", async () => {
    const whole = await readCheckpoint(`${FOLDER}training.pth`, { stateDict: "." });
    expect([...whole.tensors.keys()]).toEqual(["accuracy"]);
    const nested = await readCheckpoint(`${FOLDER}nested.pth`, { stateDict: "model.state_dict" });
    expect([...nested.tensors.keys()]).toEqual(Object.keys(expected["nested.pth"]!.tensors));
  });

  it.each([
    ["training.pth", "ema", /no state dict "ema".*one of \., model_state_dict/],
    ["tensor.pth", undefined, /expected a dict of tensors, found a tensor/],
    ["dtypes.safetensors", "model", /a safetensors file is a single one/],
  ])("of %s is not %s", async (file, stateDict, message) => {
    const options = stateDict === undefined ? {} : { stateDict };
    await expect(readCheckpoint(FOLDER + file, options)).rejects.toThrow(message);
  });
});

describe("files that are no checkpoints", () => {
  it.each([
    ["whole-model.pth", "NN_CHECKPOINT_UNSAFE", /refused "torch\.nn\.modules.*save\(model\.state_dict/],
    ["sparse.pth", "NN_CHECKPOINT_UNSAFE", /refused "torch\.(_utils\._rebuild_sparse|serialization)/],
    ["torchscript.pt", "NN_CHECKPOINT_UNSUPPORTED", /TorchScript/],
    ["expected.json", "NN_CHECKPOINT_UNSUPPORTED", /begins with the bytes 7b0a/],
    ["no-such-file.pth", "NN_CHECKPOINT_FILE", /no file there/],
    ["", "NN_CHECKPOINT_FILE", /a folder/],
  ])("%s", async (file, code, message) => {
    const error = await readCheckpoint(FOLDER + file).catch((error) => error);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.message).toContain(FOLDER + file);
  });

  it.each([
    ["git-lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", /Git LFS pointer/],
    ["page", "<!DOCTYPE html><html>Sign in</html>", /a web page/],
    ["hdf5", "\x89HDF\r\n\x1a\n", /HDF5/],
    ["npy", "\x93NUMPY\x01", /NumPy/],
    ["gzip", "\x1f\x8b\x08", /gzip/],
    ["tar", `${"a".repeat(257)}ustar`, /a tar archive/],
    ["short", "PK", /begins with the bytes 504b/],
  ])("%s", async (name, content, message) => {
    const file = write(name, Buffer.from(content, "latin1"));
    await expect(readCheckpoint(file)).rejects.toThrow(message);
  });

  it("an empty file, a device, a broken link", async () => {
    await expect(readCheckpoint(write("empty", ""))).rejects.toThrow(/an empty file/);
    await expect(readCheckpoint("/dev/null")).rejects.toThrow(/not a regular file/);
    symlinkSync("nowhere", path("broken"));
    await expect(readCheckpoint(path("broken"))).rejects.toThrow(/no file there/);
  });

  it("a tensor larger than any memory, in a file with a hole", async () => {
    const header = JSON.stringify({ w: { dtype: "U8", shape: [2 ** 42], data_offsets: [0, 2 ** 42] } });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const file = write("hole", Buffer.concat([length, Buffer.from(header)]));
    truncateSync(file, 8 + header.length + 2 ** 42);
    await expect(readCheckpoint(file)).rejects.toThrow(
      /the tensor "w": found 4398046511104 bytes\. Free memory/,
    );
  });

  it("but a safetensors file is read though its header's length begins as a pickle does", async () => {
    const tensors = new Map([["w", { dtype: "uint8" as const, shape: [1], data: Uint8Array.of(1) }]]);
    const filler = "x".repeat(0x280 - JSON.stringify({ __metadata__: { a: "" }, w: W_ENTRY }).length);
    await writeSafetensors(path("looks-like-a-pickle"), { tensors, metadata: { a: filler } });
    expect(readFileSync(path("looks-like-a-pickle")).subarray(0, 2)).toEqual(Buffer.of(0x80, 2));
    expect((await readCheckpoint(path("looks-like-a-pickle"))).format).toBe("safetensors");
  });

  it("but a link to one, under a name that says something else, is read", async () => {
    copyFileSync(`${FOLDER}dtypes.safetensors`, path("weights.pth"));
    symlinkSync("weights.pth", path("link.pt"));
    expect((await readCheckpoint(path("link.pt"))).format).toBe("safetensors");
  });
});

describe("real files", () => {
  const classifier = sharedData("weights/Classifier.pth");
  it.skipIf(classifier.absent)(`the digit classifier${classifier.note}`, async () => {
    const { tensors } = await readCheckpoint(classifier.path);
    const digests = Array.from(tensors, ([name, tensor]) => [name, sha256(bytesOf(tensor))]);
    expect(Object.fromEntries(digests)).toEqual(readJson("shared-classifier.json"));
    const count = Array.from(tensors.values(), ({ data }) => data.length).reduce((a, b) => a + b);
    expect(count).toBe(44_674);
  });

  const inception = sharedData("weights/inception-2015-12-05-folded-partial.safetensors");
  it.skipIf(inception.absent)(`Inception, 75 MB${inception.note}`, async () => {
    const { tensors, metadata } = await readCheckpoint(inception.path);
    expect(metadata.layout).toBe("OHWI");
    expect(tensors.get("conv_4.weight")!.shape).toEqual([192, 3, 3, 80]);
    const finite = Array.from(tensors.values(), ({ data }) => (data as Float32Array).every(Number.isFinite));
    expect(finite.every(Boolean)).toBe(true);
  });
});
