/** Points of a map such as t-SNE's, coloured by class or by domain; pointing at one shows its image. */

import type { Image } from "@touchstone/datasets";
import { FigureDataError } from "../errors.ts";
import { type Sprite, sprite } from "../images/sprite.ts";
import { oneLine } from "../text.ts";
import { draw, INK, PAPER } from "./draw.ts";
import type { Figure } from "./figure.ts";
import { seriesColour } from "./palette.ts";

export interface Point {
  x: number;
  y: number;
  /** `3`. */
  class: string;
  /** `mnistm`. */
  domain: string;
  image?: Image;
}

const SIDE = 380;
const SHAPES = ["circle", "triangle-up", "square", "diamond"];

/**
 * The same points twice, by class and by domain. The images are in one sprite, which both share.
 *
 * @param title `DANN, SVHN`  @param note how the map was made, for the captions
 * @throws FigureDataError
 */
export async function scatters(
  points: readonly Point[],
  title: string,
  note?: string,
): Promise<[Figure, Figure]> {
  requirePoints(points);
  const images = points.flatMap(({ image }) => image ?? []);
  const shared = images.length > 0 ? await sprite(images) : undefined;
  const drawn = async (by: "class" | "domain"): Promise<Figure> => {
    const figure = await scatter(points, by, title, shared);
    const caption = [note, figure.caption].filter((text) => text !== undefined).join(" ");
    return caption === "" ? figure : { ...figure, caption };
  };
  return [await drawn("class"), await drawn("domain")];
}

async function scatter(
  points: readonly Point[],
  by: "class" | "domain",
  title: string,
  shared?: Sprite,
): Promise<Figure> {
  const groups = [...new Set(points.map((point) => point[by]))].sort(compare);
  const names = groups.map((group) => oneLine(group, 30));
  const values = points.map((point) => ({ x: point.x, y: point.y, group: names[groups.indexOf(point[by])] }));
  const middles =
    by === "class"
      ? names.map((group) => ({ group, ...middle(values.filter((value) => value.group === group)) }))
      : [];
  const x = { field: "x", type: "quantitative", axis: null, scale: { zero: false } } as const;
  const y = { field: "y", type: "quantitative", axis: null, scale: { zero: false } } as const;
  const scale = { domain: names, range: names.map((_, i) => seriesColour(i)) };
  const drawing = await draw({
    width: SIDE,
    height: SIDE,
    layer: [
      {
        name: GROUP,
        data: { values },
        mark: { type: "point", filled: true, size: 22, opacity: 0.75 },
        encoding: {
          x,
          y,
          color: { field: "group", type: "nominal", sort: null, scale, legend: { title: by } },
          shape: {
            field: "group",
            type: "nominal",
            sort: null,
            scale: {
              domain: names,
              range: names.map((_, i) => (by === "domain" ? SHAPES[i % SHAPES.length]! : "circle")),
            },
          },
        },
      },
      // The classes' names where they are: colours alone do not tell ten apart.
      ...[PAPER, INK].map((colour, i) => ({
        data: { values: middles },
        mark: {
          type: "text",
          fontSize: 15,
          fontWeight: "bold",
          ...(i === 0 ? { stroke: colour, strokeWidth: 4 } : {}),
          color: colour,
        } as const,
        encoding: { x, y, text: { field: "group" } } as const,
      })),
    ],
  });
  let tile = 0;
  const marks = points.map((point) => ({
    text: `class ${oneLine(point.class, 30)}, ${oneLine(point.domain, 30)}`,
    tiles: point.image ? [tile++] : [],
  }));
  return {
    title: `${title}, by ${by}`,
    alt: `Map of ${points.length} points, coloured by ${by}: ${names.map((name, i) => `${name} (${points.filter((point) => point[by] === groups[i]).length})`).join(", ")}.`,
    ...(shared ? { caption: "Point at a mark, or move with the arrow keys, to see its image." } : {}),
    drawing,
    hover: { group: `${GROUP}_marks`, columns: 10, marks, ...(shared ? { sprite: shared } : {}) },
  };
}

const GROUP = "points";

/** The median point. */
function middle(points: readonly { x: number; y: number }[]) {
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return { x: median(points.map(({ x }) => x)), y: median(points.map(({ y }) => y)) };
}

const compare = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });

function requirePoints(points: readonly Point[]): void {
  if (points.length === 0) throw new FigureDataError("Map", "at least one point", "none");
  const bad = points.findIndex(({ x, y }) => !Number.isFinite(x) || !Number.isFinite(y));
  if (bad >= 0)
    throw new FigureDataError(
      `Point ${bad} of a map`,
      "finite coordinates",
      `${points[bad]!.x}, ${points[bad]!.y}`,
    );
}
