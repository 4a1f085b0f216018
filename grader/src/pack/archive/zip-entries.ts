/**
 * A .zip as a list of entries, nothing decompressed yet. Strict on purpose: a reader that forgives disagrees with the next one about what an archive holds. Refused are
 * everything that only an attacker or a damaged disk makes (overlapping entries, names that differ between the two headers, bytes around the archive) and what packs
 * never need (zip64, several disks, encryption, methods other than store and deflate).
 */
import { ArchiveFault } from "./archive-fault.ts";

export interface ZipEntry {
  readonly name: string;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Offset of the packed data. */
  readonly at: number;
  /** File type and permissions, 0 when the archive was not made on a Unix. */
  readonly unixMode: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const UNIX = 3;
const FLAG_ENCRYPTED = 0x0001;
const FLAG_UTF8 = 0x0800;
const FLAG_MASKED = 0x2040;

/** Throws an ArchiveFault at the first thing that is wrong. */
export function zipEntries(archive: Buffer): ZipEntry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  const size = archive.readUInt32LE(end + 12);
  const start = archive.readUInt32LE(end + 16);
  if (archive.readUInt16LE(end + 4) !== 0 || archive.readUInt16LE(end + 6) !== 0) throw new ArchiveFault("it is spread over several disks");
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) throw new ArchiveFault("it is a zip64, which no pack needs");
  if (start + size !== end) throw new ArchiveFault("there are bytes around its directory that belong to nothing");
  const entries: ZipEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || archive.readUInt32LE(at) !== CENTRAL) throw new ArchiveFault("its directory is damaged");
    entries.push(entryAt(archive, at, start));
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  if (at !== end) throw new ArchiveFault("its directory is longer than it says");
  refuseOverlaps(entries);
  return entries;
}

function findEnd(archive: Buffer): number {
  for (let at = archive.length - END_BYTES; at >= Math.max(0, archive.length - END_BYTES - MAX_COMMENT_BYTES); at--) {
    if (archive.readUInt32LE(at) === END && at + END_BYTES + archive.readUInt16LE(at + 20) === archive.length) return at;
  }
  throw new ArchiveFault("it is no .zip, or not all of it is there");
}

function entryAt(archive: Buffer, at: number, directoryStart: number): ZipEntry {
  const flags = archive.readUInt16LE(at + 8);
  const method = archive.readUInt16LE(at + 10);
  const nameBytes = archive.subarray(at + 46, at + 46 + archive.readUInt16LE(at + 28));
  const name = nameOf(nameBytes, (flags & FLAG_UTF8) !== 0);
  if ((flags & FLAG_ENCRYPTED) !== 0 || (flags & FLAG_MASKED) !== 0) throw new ArchiveFault(`${name} is encrypted`);
  if (method !== 0 && method !== 8) throw new ArchiveFault(`${name} is packed by method ${method}; store and deflate are known`);
  const packedBytes = archive.readUInt32LE(at + 20);
  const bytes = archive.readUInt32LE(at + 24);
  const local = archive.readUInt32LE(at + 42);
  if (local + 30 > directoryStart || archive.readUInt32LE(local) !== LOCAL)
    throw new ArchiveFault(`${name} is not where the directory says`);
  const localName = archive.subarray(local + 30, local + 30 + archive.readUInt16LE(local + 26));
  if (!localName.equals(nameBytes)) throw new ArchiveFault(`${name} has two names`);
  const dataAt = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  if (dataAt + packedBytes > directoryStart) throw new ArchiveFault(`${name} reaches into the directory`);
  if (method === 0 && packedBytes !== bytes) throw new ArchiveFault(`${name} is stored, but not in its size`);
  const unixMode = archive.readUInt8(at + 5) === UNIX ? archive.readUInt32LE(at + 38) >>> 16 : 0;
  return { name, method, crc: archive.readUInt32LE(at + 16), packedBytes, bytes, at: dataAt, unixMode };
}

/** UTF-8 and said so, or ASCII. */
function nameOf(bytes: Buffer, isUtf8: boolean): string {
  if (!isUtf8 && bytes.some((byte) => byte > 0x7e)) throw new ArchiveFault("a name is neither ASCII nor marked as UTF-8");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ArchiveFault("a name is no UTF-8");
  }
}

/** One piece of data under many names is how a small archive becomes petabytes. */
function refuseOverlaps(entries: readonly ZipEntry[]): void {
  const inOrder = [...entries].sort((a, b) => a.at - b.at);
  for (const [index, entry] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (next !== undefined && entry.at + entry.packedBytes > next.at - 30) throw new ArchiveFault(`${entry.name} and ${next.name} overlap`);
  }
}
