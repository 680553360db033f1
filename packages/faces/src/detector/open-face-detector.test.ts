import { resizeBilinear } from "@touchstone/datasets";
import { afterAll, describe, expect, it } from "vitest";
import { expectFaces } from "../../test/agreement.ts";
import { drawing, golden } from "../../test/golden.ts";
import {
  type Face,
  type FaceDetectorOptions,
  InvalidImageError,
  InvalidOptionError,
  openFaceDetector,
} from "../index.ts";
import { GREY } from "./network.ts";

describe("finds what face-api finds in", () => {
  it.each(Object.entries(golden.detected))("%s", async (name, expected) => {
    const image = drawing(name);
    const options = { inputSize: image.width, border: 0, scoreThreshold: golden.threshold };
    const detector = await openFaceDetector(options);
    const [found] = await detector.detect([image]);
    expectFaces(found!, expected, image.width);
    await detector.dispose();
  });
});

it("says what its results depend on", async () => {
  const detector = await openFaceDetector();
  expect(detector.protocol).toMatchObject({
    weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    resize: "pil-bilinear",
    inputSize: 160,
    scoreThreshold: 0.65,
    border: 0.5,
    iouThreshold: 0.4,
  });
  await detector.dispose();
});

describe("images", async () => {
  const detector = await openFaceDetector({ scoreThreshold: 0.3, border: 0.25 });
  afterAll(() => detector.dispose());
  const small = drawing("face-64");

  it("have the same faces among others as alone", async () => {
    const many = Array.from({ length: 40 }, (_, i) => (i % 2 ? small : drawing("ground-64")));
    const found = await detector.detect(many);
    const [alone] = await detector.detect([small]);
    expect(found.map((faces) => faces.length)).toEqual(many.map((_, i) => i % 2));
    expect(found[39]).toEqual(alone);
  });

  it("may be none", async () => {
    expect(await detector.detect([])).toEqual([]);
  });

  it.each([
    ["too few bytes", { height: 2, width: 2, data: new Uint8Array(11) }, "2 x 2 x 3 = 12 bytes, found 11"],
    [
      "no pixels",
      { height: 0, width: 2, data: new Uint8Array(0) },
      "at least 1 as height and width, found 0 x 2",
    ],
    ["a size of NaN", { height: Number.NaN, width: 2, data: new Uint8Array(0) }, "found NaN x 2"],
    ["floats", { height: 1, width: 1, data: new Float32Array(3) as never }, "a Uint8Array"],
  ])("of %s are refused", async (_, image, message) => {
    const detecting = detector.detect([small, image]);
    await expect(detecting).rejects.toThrow(InvalidImageError);
    await expect(detecting).rejects.toThrow(/^Image 1: /);
    await expect(detecting).rejects.toThrow(message);
  });
});

describe("boxes are in the image's pixels", async () => {
  const side = 160;
  const detector = await openFaceDetector({ inputSize: side, border: 0 });
  afterAll(() => detector.dispose());
  const sidesOf = (faces: Face[] | undefined) =>
    faces!.map(({ score, box }) => [score, ...Object.values(box)]);

  it("where it is smaller than the network's input", async () => {
    const small = { ...drawing("face-64"), channels: 3 as const };
    const [found, enlarged] = await detector.detect([
      small,
      resizeBilinear(small, { height: side, width: side }),
    ]);
    expect(found).toHaveLength(1);
    const shrunk = sidesOf(enlarged).map(([score, ...sides]) => [
      score!,
      ...sides.map((x) => (x * 64) / side),
    ]);
    expectFaces(found!, shrunk, 64);
  });

  it("where it is wider than high", async () => {
    const [top, height, row] = [30, 120, side * 3];
    const whole = drawing("face-160").data;
    const strip = whole.slice(top * row, (top + height) * row);
    const canvas = Uint8Array.from(whole, (_, i) => GREY[i % 3]!);
    canvas.set(strip, 20 * row);
    const images = [
      { height, width: side, data: strip },
      { height: side, width: side, data: canvas },
    ];
    const [found, framed] = await detector.detect(images);
    expect(found).toHaveLength(1);
    const raised = sidesOf(framed).map(([score, x, y, ...size]) => [score!, x!, y! - 20, ...size]);
    expectFaces(found!, raised, side);
  });
});

it.each<[FaceDetectorOptions, string]>([
  [{ inputSize: 100 }, "Option inputSize: expected a multiple of 32 from 32 to 1024, found 100."],
  [{ inputSize: 0 }, "Option inputSize"],
  [{ inputSize: 2048 }, "Option inputSize"],
  [
    { scoreThreshold: Number.NaN },
    "Option scoreThreshold: expected a number above 0 and below 1, found NaN.",
  ],
  [{ scoreThreshold: 0 }, "Option scoreThreshold"],
  [{ border: -0.1 }, "Option border: expected a share from 0 to 1, found -0.1."],
])("refuses %j", async (options, message) => {
  const opening = openFaceDetector(options);
  await expect(opening).rejects.toThrow(InvalidOptionError);
  await expect(opening).rejects.toThrow(message);
});
