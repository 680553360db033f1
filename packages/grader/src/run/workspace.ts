/** The private folder of one run, and the pipes that its output comes through. */

import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeOwnFolder, removeStale } from "../files/own-folder.ts";
import { removeFolder } from "../files/remove-folder.ts";
import { RunStartError } from "./errors.ts";

interface Pipe {
  reader: Socket;
  writer: number;
}

/** Of the folder's name. */
const PREFIX = "touchstone-run-";

/** Removes those whose grader was killed. */
export const removeStaleWorkspaces = () => removeStale(tmpdir(), PREFIX);

export class Workspace {
  readonly #folder: string;
  readonly #pipes: readonly Pipe[];
  #writersOpen = true;

  private constructor(folder: string, pipes: readonly Pipe[]) {
    this.#folder = folder;
    this.#pipes = pipes;
  }

  /** @throws RunStartError if the temporary folder cannot be written */
  static async open(): Promise<Workspace> {
    let folder: string | undefined;
    try {
      folder = await makeOwnFolder(tmpdir(), PREFIX);
      await mkdir(scratchOf(folder));
      return new Workspace(folder, await openPipes(folder));
    } catch (error) {
      if (folder !== undefined) await removeFolder(folder);
      throw new RunStartError((error as Error).message, { cause: error });
    }
  }

  /** The submission's home and its folder for temporary files. */
  get scratch(): string {
    return scratchOf(this.#folder);
  }

  /** Standard output and standard error. Each ends when the last process that could write has gone. */
  get readers(): readonly Socket[] {
    return this.#pipes.map(({ reader }) => reader);
  }

  /** Their other sides: for the process, and to be closed here once it has them. */
  get writers(): readonly number[] {
    return this.#pipes.map(({ writer }) => writer);
  }

  closeWriters(): void {
    if (this.#writersOpen) for (const writer of this.writers) closeSync(writer);
    this.#writersOpen = false;
  }

  async remove(): Promise<void> {
    this.closeWriters();
    for (const reader of this.readers) reader.destroy();
    await removeFolder(this.#folder);
  }
}

const scratchOf = (folder: string) => join(folder, "tmp");

/** Real pipes: Node's own are sockets, and a script that writes to /dev/stderr cannot open a socket. */
async function openPipes(folder: string): Promise<Pipe[]> {
  const paths = ["stdout", "stderr"].map((name) => join(folder, name));
  await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
  return paths.map((path) => {
    // The reader first: to open for writing waits for one.
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    return { reader: new Socket({ fd: reader, readable: true, writable: false }), writer };
  });
}
