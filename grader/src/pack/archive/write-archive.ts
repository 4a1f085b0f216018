/** Files → .zip. Deterministic: sorted by name, one time for all, no attributes; the same pack is the same bytes. */
import { crc32, deflateRawSync } from "node:zlib";

/** 1980-01-01 00:00, the format's first moment. */
const TIME = 0;
const DATE = 33;
const VERSION = 20;
const FLAG_UTF8 = 0x0800;

export function writeArchive(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(path, "utf8");
    const deflated = deflateRawSync(content, { level: 9 });
    const method = deflated.length < content.length ? 8 : 0;
    const packed = method === 8 ? deflated : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(FLAG_UTF8, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt16LE(TIME, 6);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), common, name, packed);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, VERSION, 0]), common, rest, name);
    at += 30 + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}
