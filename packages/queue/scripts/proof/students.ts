/** The proof's students: of every sort that a class has, and some that it should not have. */

import { fileURLToPath } from "node:url";
import { labels, PICTURES, type Scripts } from "../../test/small-class.ts";

/** In the arguments of what submissions start, to see whether any of it is left. */
export const MARK = "0.7310";

/** Kills the process that grades it: what no containment of ours keeps from doing so must not take the class with it. */
const POISON = "kill -9 $(cut -d ' ' -f 4 /proc/$PPID/stat)\n";

const SORTS: ((i: number) => Scripts)[] = [
  () => ({}),
  (i) => ({ labels: labels(i % 9) }),
  (i) => ({ labels: `sleep 1${MARK.slice(1)}\n${labels((i + 4) % 9)}` }),
  () => ({ pictures: "echo no torch >&2; exit 3\n" }),
  () => ({ pictures: 'cp one.png "$1/1.png"\n', labels: "echo name,class > $1\n" }),
  (i) => ({ labels: `${labels(i % 9)}sleep 90${MARK.slice(1)} & setsid sleep 91${MARK.slice(1)} &\n` }),
  () => ({ pictures: 'for i in $(seq 200); do cp one.png "$1/$i.png"; done\n' }),
  () => ({ labels: `sleep 92${MARK.slice(1)}\n` }),
  (i) => ({ labels: labels((i + 2) % 9), pictures: `${PICTURES}sleep 0${MARK.slice(1)}\n` }),
  () => ({ labels: 'a=x; while :; do a="$a$a"; done\n' }),
];

/** This repository, whose models are among the submissions. */
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

const builtin = (command: string, words: string) =>
  `exec '${process.execPath}' '${ROOT}packages/commands/bin/${command}.mjs' ${words}\n`;

const DANN = [
  "source-only",
  ...["svhn", "usps"].flatMap((target) =>
    ["source-only", "dann", "target-trained"].map((mode) => `${mode}-${target}`),
  ),
];

/** Our own models: diffusion of another seed and number of steps each, DANN of other weights. */
const MODELS: ((i: number) => Scripts)[] = [
  (i) => ({
    digits: builtin(
      "sample",
      `diffusion --per-digit 1 --seed ${i} --steps ${2 + (i % 4)} --guidance 1 --out "$1"`,
    ),
  }),
  (i) => {
    const weights = `'${ROOT}packages/models/checkpoints/${DANN[i % DANN.length]}.safetensors'`;
    return { adapted: builtin("predict", `dann --checkpoint ${weights} --images "$1" --out "$2"`) };
  },
];

export interface Student {
  scripts: Scripts;
  /** Ids. */
  problems: readonly string[];
  /** Its grading never comes to an end. */
  isPoison: boolean;
}

/** @param count of which one in twenty is poison, and two in twenty are our own models */
export function students(count: number): Record<string, Student> {
  const entries = Array.from({ length: count }, (_, i) => [`s${String(i).padStart(4, "0")}`, student(i)]);
  return Object.fromEntries(entries);
}

function student(i: number): Student {
  const round = Math.floor(i / 20);
  const model = MODELS[[5, 16].indexOf(i % 20)];
  if (model) {
    const scripts = model(round);
    return { scripts, problems: Object.keys(scripts), isPoison: false };
  }
  const isPoison = i % 20 === 13;
  const sort = SORTS[i % SORTS.length]!;
  const scripts = isPoison ? { labels: POISON } : sort(Math.floor(i / SORTS.length) + i);
  return { scripts, problems: ["labels", "pictures"], isPoison };
}

export function sleepers(count: number, seconds: number): Record<string, Student> {
  const scripts = { labels: `sleep ${seconds}\n${labels(8)}` };
  const entries = Array.from({ length: count }, (_, i): [string, Student] => [
    `z${i}`,
    { scripts, problems: ["labels"], isPoison: false },
  ]);
  return Object.fromEntries(entries);
}
