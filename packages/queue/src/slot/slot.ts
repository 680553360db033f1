/** A slot: a child process that grades one job at a time, kept from one to the next, and replaced when it has died. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Progress } from "@touchstone/cli";
import type { ProblemResult } from "@touchstone/grader";
import { SlotDiedError, SlotRefusedError } from "../errors.ts";
import type { GradingTask } from "../task.ts";
import type { Order, Report } from "./protocol.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/slot.mjs", import.meta.url));
/** For one that was told to stop; then it is killed. */
const PATIENCE_MS = 20_000;
/** Kept of what it says on standard error: its last words. */
const KEPT_LETTERS = 2000;
/** For what it said last to arrive. */
const DRAIN_MS = 500;

export interface Watch {
  signal: AbortSignal;
  show(progress: Progress): void;
}

/** Something on our side keeps the job from being graded, and will the next time. */
export interface NoResult {
  because: string;
}

export class Slot {
  readonly #program: string;
  #child: Child | undefined;

  /** @param program another one for tests */
  constructor(program = PROGRAM) {
    this.#program = program;
  }

  /** @throws SlotDiedError; SlotRefusedError; the signal's reason */
  async grade(task: GradingTask, job: number, { signal, show }: Watch): Promise<ProblemResult | NoResult> {
    signal.throwIfAborted();
    this.#child ??= new Child(this.#program);
    const child = this.#child;
    child.send({ kind: "grade", task, job });
    let killer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.send({ kind: "stop" });
      killer = setTimeout(() => child.kill(), PATIENCE_MS);
    };
    signal.addEventListener("abort", stop);
    try {
      for (;;) {
        const report = await child.next();
        if (report.kind === "progress") show(report.progress);
        else if (report.kind === "result") return report.result;
        else if (report.kind === "error") return { because: report.message };
        else if (report.kind === "refused") throw new SlotRefusedError(report.message);
        else throw signal.reason;
      }
    } catch (error) {
      if (!(error instanceof SlotDiedError)) throw error;
      this.#child = undefined;
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(killer);
      signal.removeEventListener("abort", stop);
    }
  }

  /** Ends the child process. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await child?.end();
  }
}

/** What a slot says, in order, and its death. */
class Child {
  readonly #process: ChildProcess;
  readonly #reports: Report[] = [];
  #death: SlotDiedError | undefined;
  #wake = () => {};
  #said = "";
  readonly #exit: Promise<void>;

  constructor(program: string) {
    this.#process = fork(program, { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.#process.on("message", (report: Report) => {
      this.#reports.push(report);
      this.#wake();
    });
    const stderr = this.#process.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-KEPT_LETTERS);
    });
    const said = once(stderr, "close");
    this.#exit = new Promise((resolve) => {
      const die = (how: string) => {
        this.#death ??= new SlotDiedError(`${how}${lastLine(this.#said)}`);
        this.#wake();
        resolve();
      };
      // Not `close`, which a channel that we closed keeps from coming (Node 20).
      this.#process.on("exit", async (code, signal) => {
        await Promise.race([said, sleep(DRAIN_MS)]);
        die(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`);
      });
      this.#process.on("error", ({ message }) => die(`it could not be reached: ${message}`));
    });
  }

  send(order: Order): void {
    // One that is dead says so by its `close`.
    if (this.#process.connected) this.#process.send(order, () => {});
  }

  /** @throws SlotDiedError */
  async next(): Promise<Report> {
    for (;;) {
      const report = this.#reports.shift();
      if (report) return report;
      if (this.#death) throw this.#death;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  async end(): Promise<void> {
    const killer = setTimeout(() => this.kill(), PATIENCE_MS);
    if (this.#process.connected) this.#process.disconnect();
    await this.#exit;
    clearTimeout(killer);
  }
}

function lastLine(text: string): string {
  const line = text.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : `; its last words: ${line.slice(0, 300)}`;
}
