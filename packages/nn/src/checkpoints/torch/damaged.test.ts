/** Checkpoints with bytes changed at random. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch } from "../../../test/scratch.ts";
import { checkpoint, dict, pickle, tensor, text } from "../../../test/torch-bytes.ts";
import { NnError } from "../../errors.ts";
import { readCheckpoint } from "../read-checkpoint.ts";

const FIXTURES = fileURLToPath(new URL("../../../../../fixtures/golden/checkpoints/", import.meta.url));
const { write } = scratch();

describe("damaged files", () => {
  const files = readdirSync(FIXTURES).filter((name) => /\.(pth|pt|safetensors)$/.test(name));

  /** Reading ends, in tensors that fit the file or in an error of ours; never in another error. */
  async function endsWell(content: Uint8Array): Promise<void> {
    const file = write("damaged", content);
    const result = await readCheckpoint(file).catch((error) => error);
    if (result instanceof NnError) return;
    expect(result, String(result?.stack)).not.toBeInstanceOf(Error);
  }

  it.each(files)("%s with bytes changed at random", async (name) => {
    const good = readFileSync(FIXTURES + name);
    const change = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = Buffer.from(good);
        for (const [at, byte] of changes) damaged[at] = byte;
        await endsWell(damaged);
      }),
      { numRuns: 60 },
    );
  });

  it("pickles with bytes changed at random, under the right checksum", async () => {
    const good = pickle(dict(text("w"), tensor(), text("v"), tensor({ size: [1, 2], stride: [1, 1] })));
    const change = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const damaged = Buffer.from(good);
        for (const [at, byte] of changes) damaged[at] = byte;
        await endsWell(await checkpoint(damaged));
      }),
      { numRuns: 500 },
    );
  });
});
