// One t-SNE program on points in a file, in a process of its own, timed: tsne-suite.ts starts it.
import { readFileSync, writeFileSync } from "node:fs";
import { TSNE as KeckeltTsne } from "@keckelt/tsne";
import { TSNE as DruidTsne } from "@saehrimnir/druidjs";
import { follow } from "@touchstone/cli";
import { generatorFromSeed } from "@touchstone/nn";
import { type Points, tsne } from "@touchstone/tsne";
import type { TsneRun } from "./tsne-suite.ts";

const [program, source, count, iterations, perplexity, target] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const settings = { iterations: Number(iterations), perplexity: Number(perplexity) };
const EXAGGERATION = 12;
const learningRate = Math.max(Number(count) / EXAGGERATION / 4, 50);

interface Done {
  embedding: Float32Array;
  iterations: number;
}

/** All with the same learning rate; each with its own momentum and exaggeration, where it has no option for them. */
const PROGRAMS: Record<string, (points: Points) => Promise<Done>> = {
  async touchstone(points) {
    return await follow(tsne(points, { generator: generatorFromSeed(0), ...settings }), {
      show() {},
      end() {},
    });
  },
  async "@saehrimnir/druidjs"(points) {
    const model = new DruidTsne(rows(points), {
      perplexity: settings.perplexity,
      epsilon: learningRate,
      seed: 0,
    });
    return done(model.transform(settings.iterations), settings.iterations);
  },
  async "@keckelt/tsne"(points) {
    const model = new KeckeltTsne({ perplexity: settings.perplexity, epsilon: learningRate, dim: 2 });
    model.initDataRaw(rows(points));
    for (let i = 0; i < settings.iterations; i++) model.step();
    return done(model.getSolution(), settings.iterations);
  },
};

const rows = ({ data, count, dims }: Points) =>
  Array.from({ length: count }, (_, i) => [...data.subarray(i * dims, (i + 1) * dims)]);
const done = (embedding: number[][], iterations: number) => ({
  embedding: Float32Array.from(embedding.flatMap((row) => [...row])),
  iterations,
});

const bytes = readFileSync(source);
const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const start = performance.now();
const before = process.cpuUsage();
const result = await PROGRAMS[program]!({
  data: data.slice(),
  count: Number(count),
  dims: data.length / Number(count),
});
const used = process.cpuUsage(before);
const run: TsneRun = {
  seconds: (performance.now() - start) / 1000,
  cpu: (used.user + used.system) / 1e6,
  iterations: result.iterations,
};
writeFileSync(target, result.embedding);
console.log(JSON.stringify(run));
