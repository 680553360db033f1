/**
 * The store of results: a folder to which files are only ever added, one for each result, so that a crash loses nothing that was finished
 * and several graders can write at once.
 *
 *     DIR/records/<submission>/<problem>--<variant>--<column>/<time>-<key>-<random>.json
 */

import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { replaceFile } from "@touchstone/nn";
import type { ProblemResult } from "../results/results.ts";
import { isOf } from "../results/slot.ts";
import { InvalidRecordError, RecordWriteError } from "./errors.ts";
import { safeName } from "./file-names.ts";
import { decodeRecord, encodeRecord, type ProblemRecord } from "./record.ts";

/** What a record is about. */
export type Slot = { submission: string } & Pick<ProblemResult, "problem" | "variant" | "column">;

export interface BrokenRecord {
  file: string;
  /** What was found. */
  problem: string;
}

export interface Records {
  /**
   * The newest finished result of a slot with this key. One that could not be graded is not finished: what stood in its way may be gone.
   */
  find(slot: Slot, key: string): Promise<ProblemRecord | undefined>;
  /** The newest finished result of a slot whose run has this key, whatever it was scored by. */
  findRun(slot: Slot, runKey: string): Promise<ProblemRecord | undefined>;
  /**
   * Adds a record.
   *
   * @returns its file  @throws RecordWriteError, InvalidRecordError
   */
  save(record: ProblemRecord): Promise<string>;
  /** All records, of one submission or of all, the oldest first; and the files that are none. */
  list(submission?: string): Promise<{ records: ProblemRecord[]; broken: BrokenRecord[] }>;
}

const LARGEST = 64 * 2 ** 20;

/** @param folder is made when the first record is saved */
export function openRecords(folder: string): Records {
  const root = join(folder, "records");
  const folderOf = ({ submission, problem, variant, column = "" }: Slot) =>
    join(root, safeName(submission), [problem, variant, column].map(safeName).join("--"));

  return {
    async find(slot, key) {
      const isNamedSo = (name: string) => name.includes(`-${key.slice(0, KEY_LETTERS)}-`);
      const { records } = await readFolder(folderOf(slot), isNamedSo);
      return records.findLast((record) => isFinished(record, slot) && record.result.key === key);
    },
    async findRun(slot, runKey) {
      const { records } = await readFolder(folderOf(slot));
      return records.findLast((record) => isFinished(record, slot) && record.result.runKey === runKey);
    },
    async save(record) {
      const { submission, result } = record;
      const encoded = encodeRecord(record);
      if ("problem" in encoded) {
        throw new InvalidRecordError("Record", "a result that can be read back", encoded.problem);
      }
      const file = join(folderOf({ submission, ...result }), fileName(result));
      try {
        await mkdir(dirname(file), { recursive: true });
        await replaceFile(file, [Buffer.from(encoded.text)]); // Its name is new: there is nothing to replace.
      } catch (cause) {
        throw new RecordWriteError(file, cause);
      }
      return file;
    },
    async list(submission) {
      const owners = submission === undefined ? await namesIn(root) : [safeName(submission)];
      const found = { records: [] as ProblemRecord[], broken: [] as BrokenRecord[] };
      for (const owner of owners) {
        for (const slot of await namesIn(join(root, owner))) {
          const { records, broken } = await readFolder(join(root, owner, slot));
          found.records.push(
            ...records.filter((record) => submission === undefined || record.submission === submission),
          );
          found.broken.push(...broken);
        }
      }
      found.records.sort((a, b) => compare(a.result.gradedAt, b.result.gradedAt));
      return found;
    },
  };
}

const isFinished = ({ submission, result }: ProblemRecord, slot: Slot) =>
  submission === slot.submission && isOf(result, slot) && result.status !== "not-gradable";

const KEY_LETTERS = 8;

/** Names sort by time. */
function fileName({ gradedAt, key }: ProblemResult): string {
  const time = new Date(gradedAt).toISOString().replaceAll(/[-:]/g, "");
  return `${time}-${key.slice(0, KEY_LETTERS)}-${randomBytes(4).toString("hex")}.json`;
}

/** The records of a folder in the order of their names, which is that of time. */
async function readFolder(folder: string, isWanted: (name: string) => boolean = () => true) {
  const records: ProblemRecord[] = [];
  const broken: BrokenRecord[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(".json") || !isWanted(name)) continue;
    const file = join(folder, name);
    const read = await readRecord(file);
    if ("problem" in read) broken.push({ file, ...read });
    else records.push(read);
  }
  return { records, broken };
}

async function readRecord(file: string): Promise<ProblemRecord | { problem: string }> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) return { problem: "something that is no file" };
    if (stats.size > LARGEST) return { problem: `${stats.size} bytes, more than any record has` };
    return decodeRecord(await readFile(file, "utf8"));
  } catch (error) {
    return { problem: `${(error as NodeJS.ErrnoException).code ?? error}` };
  }
}

/** Without the temporary files of a grader that is writing, or was killed; none where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  return names.filter((name) => !name.startsWith(".")).sort();
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
