import { expect, it } from "vitest";
import { resultsOf } from "../../test/small-class.ts";
import { moved, newBoard, secondsLeft } from "./board.ts";
import { boardLines, summary } from "./board-lines.ts";
import { boardRenderer } from "./board-renderer.ts";

const running = (student: string) => ({ kind: "running", student, tries: 1, worker: "w:1" }) as const;
const done = (student: string, results = resultsOf(1)) => ({ kind: "done", student, results }) as const;
const failed = resultsOf(1, { status: "failed", reasons: ["Ended with exit code 7."] });

it("counts who waits, runs and is done, and how long the rest takes", () => {
  const events = [running("a"), running("b"), done("a", failed), done("nobody")];
  const board = events.reduce(moved, newBoard(["a", "b", "c", "d"]));
  expect(secondsLeft(board, 60)).toBe(180);
  expect(summary(board, 60)).toBe(
    "class  [######------------------] 25 %, 1 of 4 done, 3 min 00 s left: 0 graded, 1 failed, 1 running, 2 waiting",
  );
});

it("names cannot steer a terminal, and many that run take no more lines than there are", () => {
  const ids = Array.from({ length: 30 }, (_, i) => `s${i}\u001b[2J`);
  const board = ids.map(running).reduce(moved, newBoard(ids));
  const lines = boardLines(board, { nameOf: () => "\u202eeve\n", seconds: 1, height: 5 });
  expect(lines).toHaveLength(5);
  expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(lines.at(-1)).toBe("  and 27 more are running");
});

function shown(isTTY: boolean, columns = 40) {
  const texts: string[] = [];
  let time = 0;
  const output = { isTTY, columns, rows: 10, write: (text: string) => texts.push(text) };
  const renderer = boardRenderer({ ids: ["a", "b"], nameOf: () => "王小明", output, now: () => time });
  return { renderer, texts, wait: () => (time += 200) };
}

it("plain lines where there is no terminal", () => {
  const { renderer, texts } = shown(false);
  for (const event of [running("a"), done("a"), running("b"), done("b", failed)]) renderer.show(event);
  renderer.end();
  expect(texts.slice(0, 4)).toEqual([
    "a 王小明: running\n",
    "a 王小明: graded, 0 / 0\n",
    "b 王小明: running\n",
    "b 王小明: failed, 0 / 0: Ended with exit code 7.\n",
  ]);
  expect(texts.join("")).not.toContain("\u001b");
});

it("a terminal's lines are rewritten, cut to its width, and left alone after the end", () => {
  const { renderer, texts, wait } = shown(true);
  renderer.show(running("a"));
  wait();
  renderer.show({ kind: "notice", message: "no worker \u001b[2J" });
  renderer.end();
  const before = texts.length;
  renderer.show(done("a"));
  renderer.end();
  expect(texts).toHaveLength(before);
  expect(texts[1]).toBe("\u001b[2A\r\u001b[0J");
  expect(texts.join("")).toContain("no worker \\u{1b}[2J\n");
  const lines = texts
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("class"));
  expect(lines.length).toBeGreaterThan(0);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(40);
});
