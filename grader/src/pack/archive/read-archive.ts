/** The files of a packed pack, checked and unpacked in memory: sizes are bounded before a byte is decompressed, and what comes out is held to what was announced. */
import { crc32, inflateRawSync } from "node:zlib";
import { ArchiveFault } from "./archive-fault.ts";
import { entryPath } from "./entry-path.ts";
import { type ZipEntry, zipEntries } from "./zip-entries.ts";

export const MAX_ARCHIVE_BYTES = 32 * 1024 * 1024;
const MAX_FILES = 5000;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_TOTAL_BYTES = 128 * 1024 * 1024;
/** Text packs to a tenth; a hundredth is a bomb, but for files so small that it does not matter. */
const MAX_RATIO = 100;
const RATIO_MATTERS_FROM_BYTES = 64 * 1024;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;

/** Path → content, the archive's one top folder left away. Throws an ArchiveFault. */
export function readArchive(archive: Buffer): ReadonlyMap<string, Buffer> {
  if (archive.length > MAX_ARCHIVE_BYTES) throw new ArchiveFault(`it is larger than ${MAX_ARCHIVE_BYTES / 1024 / 1024} MB`);
  const entries = zipEntries(archive);
  if (entries.length > MAX_FILES) throw new ArchiveFault(`it has ${entries.length} entries; ${MAX_FILES} are allowed`);
  const files = new Map<string, ZipEntry>();
  const folded = new Set<string>();
  let total = 0;
  for (const entry of entries) {
    refuseSpecial(entry);
    const path = entryPath(entry.name);
    if (path.kind !== "file") continue;
    // On many systems a.ts and A.ts are one file, as are two spellings of one accent.
    const same = path.path.normalize("NFC").toLowerCase();
    if (folded.has(same)) throw new ArchiveFault(`${path.path} is there twice, or in two spellings that are one file elsewhere`);
    folded.add(same);
    files.set(path.path, entry);
    total += entry.bytes;
    refuseSize(path.path, entry);
  }
  if (total > MAX_TOTAL_BYTES) throw new ArchiveFault(`its files are larger than ${MAX_TOTAL_BYTES / 1024 / 1024} MB together`);
  refuseFilesAsFolders(folded);
  return new Map([...withoutTopFolder(files)].map(([path, entry]) => [path, unpack(archive, path, entry)]));
}

function refuseSpecial({ name, unixMode }: ZipEntry): void {
  const type = unixMode & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== FOLDER) throw new ArchiveFault(`${name} is no plain file (a link or a device)`);
}

function refuseSize(path: string, { bytes, packedBytes }: ZipEntry): void {
  if (bytes > MAX_FILE_BYTES) throw new ArchiveFault(`${path} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB`);
  if (bytes > RATIO_MATTERS_FROM_BYTES && bytes > packedBytes * MAX_RATIO)
    throw new ArchiveFault(`${path} is packed more than ${MAX_RATIO} to 1`);
}

function refuseFilesAsFolders(paths: ReadonlySet<string>): void {
  for (const path of paths) {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      if (paths.has(path.slice(0, slash))) throw new ArchiveFault(`${path.slice(0, slash)} is a file and a folder`);
    }
  }
}

/** A pack lies at the top, or in the only folder there. */
function withoutTopFolder(files: ReadonlyMap<string, ZipEntry>): ReadonlyMap<string, ZipEntry> {
  if (files.has("pack.yaml")) return files;
  const tops = new Set([...files.keys()].map((path) => path.slice(0, path.indexOf("/") + 1)));
  const [top = ""] = tops;
  if (tops.size !== 1 || top === "" || !files.has(`${top}pack.yaml`)) throw new ArchiveFault("it has no pack.yaml");
  return new Map([...files].map(([path, entry]) => [path.slice(top.length), entry]));
}

function unpack(archive: Buffer, path: string, { method, at, packedBytes, bytes, crc }: ZipEntry): Buffer {
  const packed = archive.subarray(at, at + packedBytes);
  let content: Buffer;
  try {
    content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch {
    throw new ArchiveFault(`${path} is damaged, or larger than it says`);
  }
  if (content.length !== bytes || crc32(content) !== crc) throw new ArchiveFault(`${path} is not what the directory says`);
  return content;
}
