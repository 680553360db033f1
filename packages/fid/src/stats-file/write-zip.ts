/** Zip archives of uncompressed members, as `numpy.savez` writes them. */

import { crc32 } from "node:zlib";

export interface Member {
  name: string;
  /** One after another. */
  pieces: readonly Uint8Array[];
}

/** 1980-01-01, the earliest a zip can say: the same members always give the same bytes. */
const DATE = 0x21;
const VERSION = 20;

/**
 * An archive in pieces to write one after another. Members are expected to be smaller than 4 GiB together: no zip64.
 */
export function* zipPieces(members: readonly Member[]): Generator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, pieces } of members) {
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const crc = pieces.reduce((sum, piece) => crc32(piece, sum), 0);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(size, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name)]);

    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const made = Buffer.from([VERSION, 0]);
    directory.push(
      Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), made, common, place, Buffer.from(name)]),
    );
    yield local;
    yield* pieces;
    offset += local.length + size;
  }
  const entries = Buffer.concat(directory);
  yield entries;
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  yield end;
}
