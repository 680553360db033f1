/** For tests: a Redis server of one's own, that can be killed. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** @param folder where it keeps what it writes */
  static async start(folder: string): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), folder);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** With what it wrote to its log of commands, unless that is to be wiped. */
  async start({ wiped = false } = {}): Promise<void> {
    const options = { port: this.port, bind: "127.0.0.1", save: "", dir: this.#folder, appendonly: "yes" };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    this.#process = spawn("redis-server", words, { stdio: "ignore" });
    const client = new Redis(this.port, "127.0.0.1", {
      maxRetriesPerRequest: null,
      retryStrategy: () => 50,
    });
    client.on("error", () => {});
    await client.ping();
    if (wiped) await client.flushall();
    client.disconnect();
  }

  async wipe(): Promise<void> {
    const client = new Redis(this.port, "127.0.0.1");
    await client.flushall();
    client.disconnect();
  }

  /** It answers nothing, and its connections stay: as of a machine that is cut off. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (!running) return;
    this.#process = undefined;
    const exit = once(running, "exit");
    running.kill("SIGKILL");
    await exit;
    await sleep(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
