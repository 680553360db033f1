/** Shows a board: lines that are rewritten on a terminal, a plain line for each student anywhere else. */

import { type Output, printable } from "@touchstone/cli";
import type { TaskEvent } from "@touchstone/queue";
import { type Board, moved, newBoard } from "./board.ts";
import { boardLines, entry, summary } from "./board-lines.ts";

const INTERVAL_MS = 100;
/** A plain line about the whole comes with so many of students. */
const PLAIN_EVERY = 10;
const MOST_LINES = 20;

export interface BoardRenderer {
  show(event: TaskEvent): void;
  /** Leaves what is shown where it is. Nothing is shown afterwards. */
  end(): void;
}

export interface BoardOptions {
  /** Of all tasks. */
  ids: readonly string[];
  nameOf(id: string): string;
  output: Output & { rows?: number };
  /** Milliseconds, from a clock that never goes back. */
  now?: () => number;
}

export function boardRenderer({
  ids,
  nameOf,
  output,
  now = () => performance.now(),
}: BoardOptions): BoardRenderer {
  const start = now();
  let board = newBoard(ids);
  let drawn = 0;
  let shownAt = Number.NEGATIVE_INFINITY;
  let isOver = false;
  const seconds = () => (now() - start) / 1000;

  const erase = () => {
    // Up to the first line of ours, and everything from there on is cleared.
    if (drawn > 0) output.write(`\u001b[${drawn}A\r\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    erase();
    const height = Math.max(2, Math.min(MOST_LINES, (output.rows ?? 24) - 2));
    const lines = boardLines(board, { nameOf, seconds: seconds(), height });
    // A line that is wider than the terminal would be two.
    output.write(lines.map((line) => `${cut(line, (output.columns ?? 80) - 1)}\n`).join(""));
    drawn = lines.length;
    shownAt = now();
  };
  const plain = (before: Board, event: TaskEvent) => {
    if (event.kind !== "running" && event.kind !== "done") return;
    if (!board.places.has(event.student)) return;
    output.write(
      `${entry(event.student, nameOf(event.student), board.places.get(event.student)!).trimStart()}\n`,
    );
    const isRound = board.done.length % PLAIN_EVERY === 0 || board.done.length === board.places.size;
    if (board.done.length > before.done.length && isRound) output.write(`${summary(board, seconds())}\n`);
  };

  return {
    show(event) {
      if (isOver) return;
      const before = board;
      board = moved(board, event);
      if (event.kind === "notice") {
        erase();
        output.write(`${printable(event.message)}\n`);
      }
      if (!output.isTTY) plain(before, event);
      else if (now() - shownAt >= INTERVAL_MS || event.kind === "notice") draw();
    },
    end() {
      if (isOver) return;
      if (output.isTTY) draw();
      isOver = true;
    },
  };
}

/** To so many columns at most, counting each character as two that may be: too short does no harm. */
function cut(text: string, columns: number): string {
  let width = 0;
  let kept = "";
  for (const character of text) {
    width += /^[\u0020-\u024f]$/.test(character) ? 1 : 2;
    if (width > columns) return kept;
    kept += character;
  }
  return kept;
}
