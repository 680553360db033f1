/** From the detector's grid of logits to boxes: decoded from their anchors, and of those that overlap only the best. */

import { CELL_LENGTH } from "./network.ts";

export interface Box {
  /** Of the upper left corner, in pixels of the image; a box may reach beyond the image. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Face {
  /** How sure the network is, 0 to 1. */
  score: number;
  box: Box;
}

/** Boxes of faces as wide and high as the training set had them, in cells: what the network's sizes are relative to. */
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const;

/**
 * Boxes whose score is above `threshold`, in units of the grid's side (0 to 1), in the order of rows, columns and anchors. With s the
 * logistic function, a box of cell (row, column) has centre (column + s(x), row + s(y)) and sides (anchor exp(w), anchor exp(h)), in
 * cells (YOLO9000, section 2).
 *
 * @param grid [cells, cells, 25]
 */
export function decodeBoxes(grid: Float32Array, cells: number, threshold: number): Face[] {
  const faces: Face[] = [];
  for (let cell = 0; cell < cells * cells; cell++) {
    const row = Math.floor(cell / cells);
    const column = cell % cells;
    for (const [anchor, [anchorWidth, anchorHeight]] of ANCHORS.entries()) {
      const at = cell * CELL_LENGTH + anchor * (CELL_LENGTH / ANCHORS.length);
      const score = sigmoid(grid[at + 4]!);
      if (!(score > threshold)) continue;
      const width = (Math.exp(grid[at + 2]!) * anchorWidth) / cells;
      const height = (Math.exp(grid[at + 3]!) * anchorHeight) / cells;
      const x = (column + sigmoid(grid[at]!)) / cells - width / 2;
      const y = (row + sigmoid(grid[at + 1]!)) / cells - height / 2;
      faces.push({ score, box: { x, y, width, height } });
    }
  }
  return faces;
}

/** The best of `faces`, then the best of those that do not overlap it by more than `limit`, and so on: best first. */
export function suppressOverlaps(faces: readonly Face[], limit: number): Face[] {
  const kept: Face[] = [];
  for (const face of faces.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((better) => intersectionOverUnion(better.box, face.box) <= limit)) kept.push(face);
  }
  return kept;
}

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const intersection = Math.max(width, 0) * Math.max(height, 0);
  return intersection / (a.width * a.height + b.width * b.height - intersection);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
