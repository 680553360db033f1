/**
 * How far the Frechet distance in float32 is from the one in float64, and how long both take.
 *
 *     npx tsx packages/fid/scripts/measure-float32.ts [--device cpu] [--dims 2048] [--threads 2]
 *
 * Seeded features whose deviations fall by ten halvings, of as many images as the rows say.
 */

import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { follow, table } from "@touchstone/cli";
import type { Device } from "@touchstone/jit";
import { goldenFeatures } from "../../../fixtures/golden/frechet/features.ts";
import { frechetDistance, frechetDistanceFloat32 } from "../src/frechet/index.ts";
import { type Statistics, statisticsOf } from "../src/statistics/index.ts";

const { values: options } = parseArgs({
  options: {
    device: { type: "string", default: "cpu" },
    dims: { type: "string", default: "2048" },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});
const dims = Number(options.dims);
const threads = Number(options.threads);

interface Row {
  images: string;
  distance: number;
  seconds: number;
  float32: number;
  float32Seconds: number;
}

function features(seed: number, n: number): Statistics {
  return statisticsOf({ data: Float32Array.from(goldenFeatures({ seed, n, d: dims, halvings: 10 })), dims });
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}

async function measure(images: string, a: Statistics, b: Statistics): Promise<Row> {
  const [{ distance }, seconds] = await timed(() => frechetDistance(a, b, { threads }));
  const device = options.device as Device;
  const [float32, float32Seconds] = await timed(() =>
    follow(frechetDistanceFloat32(a, b, { device, threads }), { show() {}, end() {} }),
  );
  return {
    images,
    distance,
    seconds,
    float32: float32.distance - distance,
    float32Seconds,
  };
}

const rows = [
  await measure("10 and 10", features(1, 10), features(2, 10)),
  await measure("1,000 and 2,025", features(1, 1000), features(2, 2025)),
  await measure("1,000 and 5,000", features(1, 1000), features(2, 5000)),
  await measure("3,000 and 5,000", features(1, 3000), features(2, 5000)),
  await measure("3,000 and the same", features(1, 3000), features(1, 3000)),
];
console.log(
  table(
    [
      { title: "images", cell: ({ images }) => images, align: "left" },
      { title: "float64", cell: ({ distance }) => distance.toPrecision(9) },
      { title: "s", cell: ({ seconds }) => seconds.toFixed(1) },
      { title: "float32 off by", cell: ({ float32 }) => float32.toExponential(1) },
      { title: "s", cell: ({ float32Seconds }) => float32Seconds.toFixed(1) },
    ],
    rows,
  ),
);
console.log(
  `${dims} features; ${cpus()[0]?.model}, ${options.device}, ${threads} threads, load average ${loadavg()[0]!.toFixed(1)}`,
);
