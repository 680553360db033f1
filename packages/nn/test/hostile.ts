/** Reading a file that was made to harm must end in an error of ours that names the file. */

import { expect } from "vitest";
import { readCheckpoint } from "../src/checkpoints/read-checkpoint.ts";
import { NnError } from "../src/errors.ts";
import { type Scratch, scratch } from "./scratch.ts";
import { checkpoint, dict, pickle, type TensorParts, tensor, text } from "./torch-bytes.ts";

export interface Hostile extends Scratch {
  /** The error of reading a file with these bytes. */
  refusal(content: Uint8Array): Promise<NnError>;
  /** The error of reading a checkpoint whose pickle holds this value. */
  refusalOf(value: Uint8Array): Promise<NnError>;
}

export function hostile(): Hostile {
  const files = scratch();
  const refusal = async (content: Uint8Array): Promise<NnError> => {
    const file = files.write("hostile.pth", content);
    const result = await readCheckpoint(file).catch((error) => error);
    expect(result, "the file was read").toBeInstanceOf(NnError);
    expect(result.message).toContain(file);
    return result;
  };
  return { ...files, refusal, refusalOf: async (value) => refusal(await checkpoint(pickle(value))) };
}

/** The pickled value { "w": a tensor }. */
export const withTensor = (parts: TensorParts): Buffer => dict(text("w"), tensor(parts));
