/** `openFaceDetector(options)`: finds the faces in images. */

import * as tf from "@tensorflow/tfjs";
import { type Device, jit } from "@touchstone/jit";
import { runBatched } from "../batches.ts";
import { InvalidOptionError } from "../errors.ts";
import { drawOnto, placeWithin, RESIZE } from "../images/fit.ts";
import { type RgbImage, requireImages } from "../images/rgb-image.ts";
import { readWeights, type WeightsFile } from "../weights/read-weights.ts";
import { decodeBoxes, type Face, suppressOverlaps } from "./boxes.ts";
import { CELL, CELL_LENGTH, faceGrid, GREY } from "./network.ts";

export interface FaceDetectorOptions {
  device?: Device | "auto";
  /** Threads of one run on the CPU; default: one for each core. */
  threads?: number;
  /**
   * Side of the square that the network sees, a multiple of 32 from 32 to 1,024. Default 160, for images of one face each: with the default
   * border it has 80 pixels. Several faces in an image want as much each: 320 for two beside each other.
   */
  inputSize?: number;
  /** How sure the network must be of a face, above 0 and below 1. Default 0.65. */
  scoreThreshold?: number;
  /** Grey beyond either end of an image, as a share of its longer side, 0 to 1: tight crops want room. Default 0.5. */
  border?: number;
}

/** What its results depend on; goes beside every rate. */
export interface FaceDetectorProtocol {
  detector: string;
  version: string;
  weightsSha256: string;
  resize: string;
  inputSize: number;
  scoreThreshold: number;
  border: number;
  /** Of two boxes that overlap by more than this share of what they cover together, the better one stays. */
  iouThreshold: number;
}

export interface FaceDetector {
  readonly protocol: FaceDetectorProtocol;
  /**
   * The faces of each image, best first. Images of any sizes; calls may overlap. The same images give the same faces.
   *
   * @throws InvalidImageError; NonFiniteOutputError
   */
  detect(images: readonly RgbImage[]): Promise<Face[][]>;
  dispose(): Promise<void>;
}

export const DETECTOR_WEIGHTS: WeightsFile = {
  model: "tiny_face_detector_model",
  sha256: "b904a79965e543aa19afb143ed0d2cc4925b66a4e9428a8a4d774205a6c51cea",
};

/** Those that pass about as many images as dlib's HOG detector, the homework's: `packages/faces/scripts/choose-settings.ts`. */
const DEFAULTS = { inputSize: 160, scoreThreshold: 0.65, border: 0.5 };
/** The network was made for this one. */
const IOU_THRESHOLD = 0.4;
const BATCH = 32;

/** @throws InvalidOptionError, MissingWeightsError, CorruptWeightsError; DeviceUnavailableError at the first call */
export async function openFaceDetector(options: FaceDetectorOptions = {}): Promise<FaceDetector> {
  const { device = "cpu", threads } = options;
  const settings = {
    inputSize: options.inputSize ?? DEFAULTS.inputSize,
    scoreThreshold: options.scoreThreshold ?? DEFAULTS.scoreThreshold,
    border: options.border ?? DEFAULTS.border,
  };
  requireSettings(settings);
  const { inputSize, scoreThreshold, border } = settings;
  const params = await readWeights(DETECTOR_WEIGHTS);
  const forward = jit(
    (pixels: tf.Tensor) => {
      const images = tf.reshape(tf.cast(pixels, "float32"), [BATCH, inputSize, inputSize, 3]);
      return faceGrid(params, images as tf.Tensor4D); // [b, cells, cells, 25]
    },
    { device, ...(threads === undefined ? {} : { threads }) },
  );
  const cells = inputSize / CELL;
  const outputLength = cells * cells * CELL_LENGTH;
  const network = {
    name: "Face detector",
    batch: BATCH,
    forward,
    inputLength: inputSize ** 2 * 3,
    outputLength,
  };
  const canvas = Uint8Array.from({ length: network.inputLength }, (_, i) => GREY[i % 3]!);

  return {
    protocol: {
      detector: "face-api-tiny-face-detector",
      version: "1",
      weightsSha256: DETECTOR_WEIGHTS.sha256,
      resize: RESIZE,
      ...settings,
      iouThreshold: IOU_THRESHOLD,
    },
    async detect(images) {
      requireImages(images);
      const places = images.map((image) => placeWithin(image, inputSize, border));
      const grids = await runBatched(network, images.length, (i, into) => {
        into.set(canvas);
        drawOnto(into, inputSize, images[i]!, places[i]!);
      });
      return images.map((image, i) => {
        const grid = grids.subarray(i * outputLength, (i + 1) * outputLength);
        const faces = suppressOverlaps(decodeBoxes(grid, cells, scoreThreshold), IOU_THRESHOLD);
        const { top, left, height, width } = places[i]!;
        const [across, down] = [image.width / width, image.height / height];
        return faces.map(({ score, box }) => ({
          score,
          box: {
            x: (box.x * inputSize - left) * across,
            y: (box.y * inputSize - top) * down,
            width: box.width * inputSize * across,
            height: box.height * inputSize * down,
          },
        }));
      });
    },
    async dispose() {
      await forward.dispose();
      tf.dispose(params);
    },
  };
}

function requireSettings({ inputSize, scoreThreshold, border }: typeof DEFAULTS): void {
  if (!(inputSize % CELL === 0 && inputSize >= CELL && inputSize <= 1024)) {
    throw new InvalidOptionError("inputSize", "a multiple of 32 from 32 to 1024", inputSize);
  }
  if (!(scoreThreshold > 0 && scoreThreshold < 1)) {
    throw new InvalidOptionError("scoreThreshold", "a number above 0 and below 1", scoreThreshold);
  }
  if (!(border >= 0 && border <= 1)) throw new InvalidOptionError("border", "a share from 0 to 1", border);
}
