/**
 * Pictures to stand in for photographs where there are none: drawn, not taken, with what photographs have in common. Neighbours are
 * alike at every scale (a 1/f spectrum); things hide each other behind sharp edges, small ones more often than large ones (dead
 * leaves: Lee, Mumford and Huang, "Occlusion models for natural images", 2001); surfaces are plain, rough, shaded or striped; and the
 * three channels mostly go together.
 */

import type { Generator } from "@touchstone/nn";
import type { Image } from "../types.ts";
import type { Backgrounds } from "./mnist-m.ts";

const COUNT = 200;
const SIZE = 160;

/** The same pictures for the same generator. */
export function proceduralTextures(generator: Generator): Backgrounds {
  const images = Array.from({ length: COUNT }, (_, i) => drawPicture(draws(generator.split(i))));
  return { name: "procedural textures", images };
}

/** Draws a number in [low, high), for code that decides by single numbers. */
type Draw = (low: number, high: number) => number;
type Color = readonly [red: number, green: number, blue: number];
/** Roughly -1 to 1, `[SIZE, SIZE]`. */
type Field = Float32Array;

function draws(generator: Generator): Draw {
  let numbers: Float32Array = new Float32Array(0);
  let next = 0;
  return (low, high) => {
    if (next === numbers.length) {
      numbers = generator.uniform(1024);
      next = 0;
    }
    return low + (high - low) * numbers[next++]!;
  };
}

function drawPicture(draw: Draw): Image {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw(0, from.length))]!;
  const palette = drawPalette(draw);
  const grain = roughness(draw);
  const rough = roughness(draw);
  const fields = [grain, rough, shading(draw), stripes(draw, rough)];
  const data = new Uint8ClampedArray(SIZE * SIZE * 3);

  const paint = (covers: Shape) => {
    const color = pick(palette);
    const other = pick(palette);
    const [lighter, nearer] = [draw(-40, 40), draw(0, 0.5)];
    const light = color.map((v, channel) => lighter + nearer * (other[channel]! - v));
    const field = pick(fields);
    const grains = 90 * draw(0, 1) ** 2;
    covers((at) => {
      for (let channel = 0; channel < 3; channel++) {
        data[3 * at + channel] = color[channel]! + field[at]! * light[channel]! + grains * grain[at]!;
      }
    });
  };
  paint(everywhere);
  const things = Math.round(draw(0, 10) ** 2);
  for (let i = 0; i < things; i++) paint(drawShape(draw));
  return { height: SIZE, width: SIZE, channels: 3, data: new Uint8Array(data.buffer) };
}

/** Grays of any lightness with a tint from yellow to blue, which daylight spreads most, and a weaker one from green to purple. */
function drawPalette(draw: Draw): Color[] {
  return Array.from({ length: Math.round(draw(3, 7)) }, () => {
    const lightness = 255 * draw(0, 1) ** 1.4;
    const strength = draw(0, 1) < 0.35 ? 110 : 40;
    const [blue, green] = [draw(-strength, strength), draw(-strength, strength) / 2];
    return [lightness - blue, lightness + green, lightness + blue] as const;
  });
}

/** Smooth noise of one octave after another, each with half the wavelength and a share of the strength. */
function roughness(draw: Draw): Field {
  const field = new Float32Array(SIZE * SIZE);
  const share = draw(0.5, 1);
  let strength = 1;
  let power = 0;
  for (let wavelength = 64; wavelength >= 2; wavelength /= 2) {
    addNoise(field, wavelength, strength, draw);
    power += strength ** 2;
    strength *= share;
  }
  const scale = 2 / Math.sqrt(power);
  return field.map((v) => v * scale);
}

/** Random values on a grid, joined by cubic curves. */
function addNoise(field: Field, wavelength: number, strength: number, draw: Draw): void {
  const columns = Math.ceil(SIZE / wavelength) + 1;
  const grid = Float32Array.from({ length: columns ** 2 }, () => draw(-strength, strength));
  const ease = (t: number) => t * t * (3 - 2 * t);
  for (let y = 0, at = 0; y < SIZE; y++) {
    const row = Math.floor(y / wavelength);
    const down = ease(y / wavelength - row);
    for (let x = 0; x < SIZE; x++, at++) {
      const column = Math.floor(x / wavelength);
      const right = ease(x / wavelength - column);
      const corner = row * columns + column;
      const above = grid[corner]! + right * (grid[corner + 1]! - grid[corner]!);
      const below = grid[corner + columns]! + right * (grid[corner + columns + 1]! - grid[corner + columns]!);
      field[at]! += above + down * (below - above);
    }
  }
}

/** Light that falls off in one direction. */
function shading(draw: Draw): Field {
  const angle = draw(0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  return fieldOf((x, y) => ((x - SIZE / 2) * dx + (y - SIZE / 2) * dy) / (SIZE / 2));
}

/** Waves whose crests bend: grass, cloth, water, bricks seen from far. */
function stripes(draw: Draw, bend: Field): Field {
  const angle = draw(0, Math.PI);
  const [fx, fy] = [Math.cos(angle), Math.sin(angle)].map((v) => (v * 2 * Math.PI) / 4 / draw(1, 6));
  const amount = draw(0, 6);
  const sharpness = draw(1, 5);
  return fieldOf((x, y, at) => {
    const wave = sharpness * Math.sin(fx! * x + fy! * y + amount * bend[at]!);
    return Math.min(Math.max(wave, -1), 1);
  });
}

function fieldOf(value: (x: number, y: number, at: number) => number): Field {
  return Float32Array.from({ length: SIZE * SIZE }, (_, at) => value(at % SIZE, Math.floor(at / SIZE), at));
}

/** Calls back with the position of each pixel that it covers. */
type Shape = (pixel: (at: number) => void) => void;

const everywhere: Shape = (pixel) => {
  for (let at = 0; at < SIZE * SIZE; at++) pixel(at);
};

/** A turned ellipse or rectangle; the density of radii falls with their cube, as that of things at all distances does. */
function drawShape(draw: Draw): Shape {
  const [smallest, largest] = [3, 80];
  const u = draw(0, 1);
  const radius = 1 / Math.sqrt((1 - u) / smallest ** 2 + u / largest ** 2);
  const [centerX, centerY, angle] = [draw(0, SIZE), draw(0, SIZE), draw(0, Math.PI)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const slimness = draw(1, 4);
  const isRound = draw(0, 1) < 0.6;
  return (pixel) => {
    const [left, right] = [
      Math.max(Math.ceil(centerX - 1.5 * radius), 0),
      Math.min(centerX + 1.5 * radius, SIZE - 1),
    ];
    const [top, bottom] = [
      Math.max(Math.ceil(centerY - 1.5 * radius), 0),
      Math.min(centerY + 1.5 * radius, SIZE - 1),
    ];
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const along = Math.abs((x - centerX) * cos + (y - centerY) * sin) / radius;
        const across = (Math.abs((y - centerY) * cos - (x - centerX) * sin) / radius) * slimness;
        if ((isRound ? along ** 2 + across ** 2 : Math.max(along, across)) <= 1) pixel(y * SIZE + x);
      }
    }
  };
}
