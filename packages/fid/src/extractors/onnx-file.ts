/** Features of any ONNX model that takes images: a network of one's own as a feature space. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { resizeBilinear } from "@touchstone/datasets";
import { type Device, type OnnxModel, openOnnx } from "@touchstone/jit";
import type { RgbImage } from "../resize/index.ts";
import { NonFiniteOutputError, UnsuitableModelError } from "./errors.ts";
import type { Extractor } from "./extractor.ts";

/** What a pixel of 0 and one of 255 become: `0..1` for the range most networks take. */
export const INPUT_RANGES = { "0..1": [0, 1], "-1..1": [-1, 1], "0..255": [0, 255] } as const;
export type InputRange = keyof typeof INPUT_RANGES;

export interface OnnxFileOptions {
  /** Name of the output that is the features; needed where there are several. */
  output?: string;
  /** Default `0..1`. */
  range?: InputRange;
  device?: Device | "auto";
  threads?: number;
}

/**
 * The model's single input is float32 `[batch, 3, height, width]` or `[batch, height, width, 3]`; images of another size are brought
 * to it with PIL's bilinear filter. Its output is `[batch, dims]`, or `[batch, dims, h, w]`, which is averaged over h and w.
 *
 * @throws UnsuitableModelError; DeviceUnavailableError
 */
export async function openOnnxFile(path: string, options: OnnxFileOptions = {}): Promise<Extractor> {
  const { range = "0..1" } = options;
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UnsuitableModelError(path, "an ONNX model", cause.code ?? cause.message, cause);
  });
  const model = await openOnnx(bytes, options).catch((cause: Error & { code?: string }) => {
    if (cause.code !== "JIT_RUNTIME") throw cause;
    throw new UnsuitableModelError(
      path,
      "an ONNX model",
      `something that cannot be run: ${cause.message}`,
      cause,
    );
  });
  try {
    const input = inputOf(path, model);
    const output = outputOf(path, model, options.output);
    // One image tells how many features there are: the model may leave it open.
    const { dims } = await run(path, model, input, output, [blank(input)], range);
    return {
      protocol: {
        extractor: `onnx:${basename(path)}:${output}`,
        version: "1",
        weightsSha256: createHash("sha256").update(bytes).digest("hex"),
        resize: `pil-bilinear, ${range}`,
        dims,
      },
      async extract(images) {
        const sizes = input.batch === 1 ? images.map((image) => [image]) : [images];
        const parts = [];
        for (const part of sizes) parts.push((await run(path, model, input, output, part, range)).features);
        const features = new Float32Array(images.length * dims);
        parts.forEach((part, i) => {
          features.set(part, i * part.length);
        });
        return { features };
      },
      dispose: () => model.release(),
    };
  } catch (error) {
    await model.release();
    throw error;
  }
}

interface ImageInput {
  name: string;
  /** 1 where the model takes no more; otherwise any number. */
  batch: 1 | "any";
  height: number;
  width: number;
  layout: "NCHW" | "NHWC";
}

function inputOf(path: string, { inputs }: OnnxModel): ImageInput {
  const expected = "a model with one input: float32 [batch, 3, height, width] or [batch, height, width, 3]";
  const found = inputs.map(({ name, dtype, shape }) => `${name}: ${dtype} [${shape.join(", ")}]`).join("; ");
  const [input] = inputs;
  if (inputs.length !== 1 || input!.dtype !== "float32" || input!.shape.length !== 4) {
    throw new UnsuitableModelError(path, expected, found || "no input");
  }
  const [batch, ...sides] = input!.shape;
  const layout = sides[0] === 3 ? "NCHW" : "NHWC";
  const [height, width] = layout === "NCHW" ? sides.slice(1) : sides;
  const channels = layout === "NCHW" ? sides[0] : sides[2];
  const isSized = Number.isInteger(height) && Number.isInteger(width) && channels === 3;
  if (!isSized || (typeof batch === "number" && batch !== 1)) {
    throw new UnsuitableModelError(path, `${expected}, with batch open or 1 and the sides given`, found);
  }
  return {
    name: input!.name,
    batch: batch === 1 ? 1 : "any",
    height: height as number,
    width: width as number,
    layout,
  };
}

function outputOf(path: string, { outputs }: OnnxModel, wanted: string | undefined): string {
  const names = outputs.map(({ name }) => name);
  if (wanted === undefined && names.length === 1) return names[0]!;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const expected =
    wanted === undefined ? "one output, or its name in --output" : `an output called ${wanted}`;
  throw new UnsuitableModelError(path, expected, names.join(", ") || "no output");
}

const blank = ({ height, width }: ImageInput): RgbImage => ({
  height,
  width,
  data: new Uint8Array(height * width * 3),
});

async function run(
  path: string,
  model: OnnxModel,
  input: ImageInput,
  output: string,
  images: readonly RgbImage[],
  range: InputRange,
): Promise<{ features: Float32Array; dims: number }> {
  const { name, height, width, layout } = input;
  const shape = layout === "NCHW" ? [images.length, 3, height, width] : [images.length, height, width, 3];
  const results = await model.run({ [name]: { data: pixels(images, input, range), shape } }, [output]);
  const { data, shape: found } = results[output]!;
  if (found[0] !== images.length || (found.length !== 2 && found.length !== 4)) {
    const expected = `output ${output} to be [batch, dims] or [batch, dims, h, w]`;
    throw new UnsuitableModelError(path, expected, `[${found.join(", ")}] of ${images.length} images`);
  }
  const features = found.length === 2 ? data : averaged(data, found as [number, number, number, number]);
  const bad = features.find((x) => !Number.isFinite(x));
  if (bad !== undefined) throw new NonFiniteOutputError(path, bad);
  return { features, dims: found[1]! };
}

/** `[b, height, width, 3]` or `[b, 3, height, width]` in `range`. */
function pixels(images: readonly RgbImage[], { height, width, layout }: ImageInput, range: InputRange) {
  const [low, high] = INPUT_RANGES[range];
  const plane = height * width;
  const out = new Float32Array(images.length * plane * 3);
  for (const [i, image] of images.entries()) {
    const isSized = image.height === height && image.width === width;
    const { data } = isSized ? image : resizeBilinear({ ...image, channels: 3 }, { height, width });
    for (let at = 0; at < plane * 3; at++) {
      const to = layout === "NHWC" ? at : (at % 3) * plane + Math.floor(at / 3);
      out[i * plane * 3 + to] = low + ((high - low) * data[at]!) / 255;
    }
  }
  return out;
}

/** Mean over the last two axes, as global average pooling has it. */
function averaged(data: Float32Array, [n, dims, h, w]: [number, number, number, number]): Float32Array {
  const plane = h * w;
  return Float32Array.from({ length: n * dims }, (_, i) => {
    let sum = 0;
    for (let at = 0; at < plane; at++) sum += data[i * plane + at]!;
    return sum / plane;
  });
}
