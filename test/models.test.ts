/** `pnpm sample` and `pnpm predict` with small networks that never learnt anything: names, counts and sizes of what they write. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { dannSpecs, generatorSpecs, unetSpecs } from "@touchstone/models";
import { generatorFromSeed, initialize, type ParamSpecs, saveParams } from "@touchstone/nn";
import sharp from "sharp";
import { expect, it } from "vitest";
import { command, temporaryFolder } from "./command.ts";

async function untrained(specs: ParamSpecs): Promise<string> {
  const path = join(temporaryFolder(), "untrained.safetensors");
  const params = initialize(specs, generatorFromSeed(0));
  await saveParams(path, params);
  tf.dispose(params);
  return path;
}

const bytes = (folder: string) => readdirSync(folder).map((name) => readFileSync(join(folder, name)));

it("pnpm sample dcgan: as many 64 x 64 PNGs as asked for, the same for the same seed", async () => {
  const checkpoint = await untrained(generatorSpecs({ width: 4, latent: 10 }));
  const [a, b, c] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const sample = (out: string, ...args: string[]) =>
    command("sample", ["dcgan", "--checkpoint", checkpoint, "--out", out, ...args]);
  expect(await sample(a, "--count", "70")).toMatchObject({ code: 0, stdout: `${a}: 70 images\n` });
  await sample(b, "--count", "20");
  await sample(c, "--count", "20", "--seed", "1");
  expect(readdirSync(a).slice(0, 2)).toEqual(["00000.png", "00001.png"]);
  expect(await sharp(join(a, "00069.png")).metadata()).toMatchObject({ width: 64, height: 64, channels: 3 });
  expect(bytes(a).slice(0, 20)).toEqual(bytes(b));
  expect(bytes(c)).not.toEqual(bytes(b));
});

it("pnpm sample diffusion: the homework's names", async () => {
  const checkpoint = await untrained(unetSpecs({ width: 8 }));
  const out = temporaryFolder();
  const args = ["diffusion", "--checkpoint", checkpoint, "--out", out, "--per-digit", "2", "--steps", "2"];
  expect(await command("sample", args)).toMatchObject({ code: 0, stdout: `${out}: 20 images\n` });
  const names = readdirSync(out).sort();
  expect([names.length, names[0], names.at(-1)]).toEqual([20, "0_001.png", "9_002.png"]);
  expect(await sharp(join(out, "9_002.png")).metadata()).toMatchObject({
    width: 28,
    height: 28,
    channels: 3,
  });
});

/** Waits until there are files, which are written only when a batch is ready. */
async function someFiles(folder: string): Promise<void> {
  while (!existsSync(folder) || readdirSync(folder).length === 0) await setTimeout(5);
}

it.each([
  ["dcgan", generatorSpecs({ width: 8, latent: 10 }), ["--count", "384"], 64],
  ["diffusion", unetSpecs({ width: 4 }), ["--per-digit", "8", "--steps", "10"], 20],
])(
  "pnpm sample %s: Ctrl-C keeps what is made, and the same command makes the others",
  async (model, specs, options, batch) => {
    const checkpoint = await untrained(specs);
    const [whole, out] = [temporaryFolder(), join(temporaryFolder(), "out")];
    const sample = (out: string, ...more: string[]) =>
      command("sample", [model, "--checkpoint", checkpoint, "--out", out, ...options, ...more]);
    await sample(whole);
    const total = readdirSync(whole).length;

    const running = sample(out);
    await someFiles(out);
    running.kill("SIGINT");
    const { code, stdout } = await running;
    const made = readdirSync(out).length;
    expect([made % batch, made < total]).toEqual([0, true]);
    expect({ code, stdout }).toEqual({
      code: 130,
      stdout: `${out}: ${made} of ${total} images; the same command makes the others.\n`,
    });

    const other = await sample(out, "--seed", "1");
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /png: expected nothing, or an image of the same .* found one with seed 0, not 1\./,
    );
    expect((await sample(out)).stdout).toBe(`${out}: ${total} images, ${made} of them from before\n`);
    expect(readdirSync(out)).toEqual(readdirSync(whole));
    expect(bytes(out)).toEqual(bytes(whole));
  },
  120_000,
);

it("pnpm predict dann: a row for each image that can be read, and an exit code for the others", async () => {
  const checkpoint = await untrained(dannSpecs);
  const images = temporaryFolder();
  for (const name of ["10.png", "9.png"]) {
    await sharp({ create: { width: 16, height: 16, channels: 3, background: "gray" } }).toFile(
      join(images, name),
    );
  }
  const out = join(temporaryFolder(), "labels.csv");
  const args = ["dann", "--checkpoint", checkpoint, "--images", images, "--out", out];
  expect((await command("predict", args)).code).toBe(0);
  expect(readFileSync(out, "utf8")).toMatch(/^image_name,label\n9\.png,\d\n10\.png,\d\n$/);

  writeFileSync(join(images, "11.png"), "not a picture");
  const { code, stderr } = await command("predict", args);
  expect(code).toBe(3);
  expect(stderr).toContain("11.png: expected PNG, JPEG or WebP");
});

it("without weights: exit 2, and how to get some", async () => {
  const out = join(temporaryFolder(), "out.csv");
  const neither = await command("predict", ["dann", "--images", ".", "--out", out]);
  expect(neither).toMatchObject({ code: 2, stdout: "" });
  expect(neither.stderr).toContain("--checkpoint and --target: expected one of the two, found neither.");
});

it("a checkpoint of another architecture is named, with what differs", async () => {
  const checkpoint = await untrained(unetSpecs({ width: 8 }));
  const args = ["dcgan", "--checkpoint", checkpoint, "--out", temporaryFolder()];
  const { code, stderr } = await command("sample", args);
  expect(code).toBe(2);
  expect(stderr).toContain("net.0.weight: expected [100, 512, 4, 4], found no such tensor");
});

it.each([
  [["dann", "--out", "x", "--target", "mnist"], '--target: expected svhn or usps, found "mnist"'],
  [["dcgan", "--out", "x", "--device", "tpu", "--data", "."], "Allowed choices are cpu, webgpu, cuda, auto"],
])("pnpm train %j exits with 2", async (args, message) => {
  const { code, stderr } = await command("train", args);
  expect({ code, named: stderr.includes(message) }).toEqual({ code: 2, named: true });
});
