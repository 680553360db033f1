export { checkFile, type Pin } from "./checksum.ts";
export { type DownloadOptions, download } from "./download.ts";
export { ChecksumError, DownloadError, StorageError } from "./errors.ts";
export { cacheFolder } from "./folder.ts";
