/** What a figure is, wherever it is shown: on a page, or as a file by itself. */

import type { Sprite } from "../images/sprite.ts";
import type { Table } from "../table.ts";

export interface Figure {
  title: string;
  /** What a person who cannot see it is told: what is drawn, and what it shows. */
  alt: string;
  /** What a reader needs to know besides: how to read it, what was left out. */
  caption?: string;
  drawing: Drawing;
  hover?: Hover;
  /** The numbers that are drawn. */
  data?: Table;
}

export type Drawing =
  /** Colours are variables (`var(--ink)`): a page gives them values for light and dark, `standaloneSvg` those for paper. */
  | { kind: "svg"; svg: string; width: number; height: number }
  /** Drawn `scale` times as large on a page: digits are small. */
  | { kind: "png"; png: Buffer; width: number; height: number; scale: number };

/** What is shown where a mark of the drawing is pointed at, or reached with the arrow keys. */
export interface Hover {
  /** The SVG's group whose children are the marks, in the order of `marks`. */
  group: string;
  /** So many marks further is what the arrow down means. */
  columns: number;
  marks: readonly { text: string; tiles: readonly number[] }[];
  /** The images that `tiles` number; without it there are only texts. */
  sprite?: Sprite;
}
