/** What images are once they are read: uint8 RGB, height by width by channel, as PIL's `convert("RGB")` gives them. */

/** One decoded image. */
export interface Image {
  height: number;
  width: number;
  channels: 3;
  /** `[height, width, 3]`, 0 to 255. */
  data: Uint8Array;
}

export interface Size {
  height: number;
  width: number;
}

/** Images of one size, in memory. */
export interface ImageArray extends Size {
  /** `[count, height, width, 3]`, 0 to 255. */
  images: Uint8Array;
  count: number;
  channels: 3;
  /** Name of each image, if they have any. */
  names?: string[];
}

/** A data set in memory: MNIST and its like. */
export interface LabeledImages extends ImageArray {
  /** What a message calls the set: "MNIST test". */
  name: string;
  /** Class of each image, `[count]`, 0 to classes - 1. */
  labels: Int32Array;
}

/** Some images of a set, in the order in which they were asked for. */
export interface Batch extends ImageArray {
  /** Position in the set of each image, `[count]`. */
  indices: Int32Array;
  names: string[];
  /** Class of each image, `[count]`, where the set has labels. */
  labels?: Int32Array;
}
