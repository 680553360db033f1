/** Finished work, kept. */

export { InvalidRecordError, RecordWriteError } from "./errors.ts";
export { safeName } from "./file-names.ts";
export { type Json, recordKey } from "./key.ts";
export { type ProblemRecord, problemResult } from "./record.ts";
export { type BrokenRecord, openRecords, type Records, type Slot } from "./records.ts";
