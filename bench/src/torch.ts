// Drives peers/torch_bench.py: a PyTorch process that runs one iteration whenever it is asked to.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Row } from "./rows/row.ts";

export const LAYOUTS = ["default", "channels_last"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** The same variable as `pnpm tensorflow:build` reads. npx puts the folder of node first, and a python3 there with it. */
const PYTHON = process.env.PYTHON || "python3";
const SCRIPT = fileURLToPath(new URL("../peers/torch_bench.py", import.meta.url));

export class TorchPeer {
  readonly version: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    process: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
    version: string,
  ) {
    this.#process = process;
    this.#lines = lines;
    this.version = version;
  }

  /** @throws Error with the reason if Python or PyTorch is missing */
  static async start(device: "cpu" | "cuda", threads: number): Promise<TorchPeer> {
    const args = ["-B", SCRIPT, "--serve", "--device", device, "--threads", String(threads)];
    const peer = spawn(PYTHON, args);
    let complaint = "";
    peer.stderr.on("data", (text) => {
      complaint = `${complaint}${text}`.slice(-4000);
    });
    await new Promise((resolve, reject) => peer.once("spawn", resolve).once("error", reject)); // no such program
    peer.stdin.on("error", () => {}); // a dead peer is told by the missing answer
    const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
    const hello = await lines.next();
    if (hello.done) {
      const reason = complaint.trim().split("\n").at(-1) || "no answer";
      throw new Error(`${PYTHON}: ${reason}; PYTHON=... names another interpreter`);
    }
    return new TorchPeer(peer, lines, JSON.parse(hello.value).torch);
  }

  /** Milliseconds of one more iteration; the first of a row and layout also builds and warms up, untimed. */
  async iterate(row: Row, layout: Layout): Promise<number> {
    this.#process.stdin.write(`${JSON.stringify({ row: row.id, layout, batch: row.batch })}\n`);
    const answer = await this.#lines.next();
    if (answer.done) throw new Error("the PyTorch process ended");
    const reply: { ms: number } | { error: string } = JSON.parse(answer.value);
    if ("error" in reply) throw new Error(reply.error);
    return reply.ms;
  }

  close(): void {
    this.#process.stdin.end();
  }
}
