/** Archives of packs: what is built is taken in again; what an attacker makes, byte by byte, is refused with a sentence and leaves nothing behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPack } from "../../src/pack/archive/build-pack.ts";
import { importPack } from "../../src/pack/archive/import-pack.ts";
import { readArchive } from "../../src/pack/archive/read-archive.ts";
import { writeArchive } from "../../src/pack/archive/write-archive.ts";

const HELLO = join(import.meta.dirname, "hello-pack");
let dir = "";

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "millrace-archive-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** An entry as the attacker wants it; what is left out is as it should be. */
interface Forged {
  readonly name: string | Buffer;
  readonly content?: Buffer;
  readonly localName?: string;
  readonly flags?: number;
  readonly method?: number;
  readonly bytes?: number;
  readonly crc?: number;
  readonly unixMode?: number;
  /** Shares the data of the entry before. */
  readonly again?: boolean;
}

function forge(entries: readonly Forged[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  let last = 0;
  for (const entry of entries) {
    const { content = Buffer.from("format: 1\n"), flags = 0x0800, method = 8, unixMode = 0o100644 } = entry;
    const name = Buffer.from(entry.name);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const packed = method === 8 ? deflateRawSync(content) : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(entry.crc ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.bytes ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.from(common);
    local.writeUInt16LE(localName.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(unixMode * 0x10000, 6);
    if (entry.again !== true) last = at;
    rest.writeUInt32LE(last, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), common, rest, name);
    if (entry.again === true) continue;
    parts.push(Buffer.from([0x50, 0x4b, 3, 4]), local, localName, packed);
    at += 30 + localName.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

const PACK: Forged = { name: "pack.yaml" };
const zeros = (bytes: number) => Buffer.alloc(bytes);

const ATTACKS: readonly (readonly [string, () => Buffer, RegExp])[] = [
  ["no archive at all", () => Buffer.from("not a zip, but long enough to be looked at"), /it is no \.zip/],
  ["cut off", () => forge([PACK]).subarray(0, -5), /it is no \.zip/],
  ["something in front", () => Buffer.concat([Buffer.from("#!/bin/sh\n"), forge([PACK])]), /bytes around its directory/],
  ["something behind", () => Buffer.concat([forge([PACK]), Buffer.from("x")]), /it is no \.zip/],
  ["the folder above", () => forge([PACK, { name: "../evil.yaml" }]), /leads out of the archive/],
  ["the folder above, deeper", () => forge([PACK, { name: "a/../../evil.yaml" }]), /leads out of the archive/],
  ["an absolute path", () => forge([PACK, { name: "/etc/evil.yaml" }]), /is an absolute path/],
  ["a drive", () => forge([PACK, { name: "C:evil.yaml" }]), /names a drive/],
  ["backslashes", () => forge([PACK, { name: "..\\evil.yaml" }]), /has a backslash/],
  ["NUL in a name", () => forge([PACK, { name: "evil.yaml\u0000.ts" }]), /control characters/],
  ["an empty part", () => forge([PACK, { name: "a//evil.yaml" }]), /empty part/],
  ["a device of Windows", () => forge([PACK, { name: "a/nul.yaml" }]), /not every system can write/],
  ["a stream of NTFS", () => forge([PACK, { name: "a.yaml:evil.ts" }]), /not every system can write/],
  ["a dot at the end", () => forge([PACK, { name: "a./evil.yaml" }]), /not every system can write/],
  ["too long a name", () => forge([PACK, { name: `${"x".repeat(300)}.yaml` }]), /more than 200 characters/],
  ["too deep", () => forge([PACK, { name: `${"a/".repeat(20)}x.yaml` }]), /lies too deep/],
  ["the same file twice", () => forge([PACK, { name: "a.ts" }, { name: "a.ts" }]), /is there twice/],
  ["one file in two cases", () => forge([PACK, { name: "a.ts" }, { name: "A.ts" }]), /is there twice, or in two spellings/],
  ["one accent in two spellings", () => forge([PACK, { name: "\u00e9.ts" }, { name: "e\u0301.ts" }]), /in two spellings/],
  ["a file that is a folder too", () => forge([PACK, { name: "a.ts" }, { name: "a.ts/b.ts" }]), /is a file and a folder/],
  ["a symbolic link", () => forge([PACK, { name: "a.ts", content: Buffer.from("/etc/passwd"), unixMode: 0o120777 }]), /a link or a device/],
  ["a device", () => forge([PACK, { name: "a.ts", unixMode: 0o020666 }]), /a link or a device/],
  ["encryption", () => forge([PACK, { name: "a.ts", flags: 0x0801 }]), /is encrypted/],
  ["another method", () => forge([PACK, { name: "a.ts", method: 14 }]), /packed by method 14/],
  [
    "a name in no known encoding",
    () => forge([PACK, { name: Buffer.from([0xe9, 0x2e, 0x74, 0x73]), flags: 0 }]),
    /neither ASCII nor marked as UTF-8/,
  ],
  ["a name that is no UTF-8", () => forge([PACK, { name: Buffer.from([0xff, 0x2e, 0x74, 0x73]) }]), /a name is no UTF-8/],
  ["two names for one entry", () => forge([PACK, { name: "a.ts", localName: "b.ts" }]), /has two names/],
  ["one content for many names", () => forge([PACK, { name: "a.ts" }, { name: "a.ts", again: true }]), /overlap/],
  ["a bomb", () => forge([PACK, { name: "a.json", content: zeros(3_000_000) }]), /packed more than 100 to 1/],
  [
    "a bomb that lies about its size",
    () => forge([PACK, { name: "a.json", content: zeros(3_000_000), bytes: 100 }]),
    /larger than it says/,
  ],
  ["a file beyond all use", () => forge([PACK, { name: "a.json", content: zeros(5_000_000), method: 0 }]), /larger than 4 MB/],
  ["a wrong checksum", () => forge([PACK, { name: "a.ts", crc: 1 }]), /is not what the directory says/],
  ["too many entries", () => forge([PACK, ...Array.from({ length: 5001 }, (_, index) => ({ name: `${index}.ts` }))]), /5002 entries/],
  ["a program", () => forge([PACK, { name: "a.exe" }]), /is no file of a pack/],
  ["a page", () => forge([PACK, { name: "a.html" }]), /is no file of a pack/],
  ["no pack", () => forge([{ name: "a/problem.yaml" }]), /it has no pack\.yaml/],
];

describe("importing", () => {
  it.each(ATTACKS)("refuses %s", async (_, make, message) => {
    const file = join(dir, "attack.zip");
    writeFileSync(file, make());
    const into = join(dir, "into");
    await expect(importPack(file, into)).rejects.toThrow(message);
    expect(readdirSync(dir)).toEqual(expect.not.arrayContaining(["evil.yaml"]));
    rmSync(into, { recursive: true, force: true });
  });

  it("leaves out what file managers add, and archives in archives", () => {
    const files = readArchive(
      forge([PACK, { name: "__MACOSX/._pack.yaml" }, { name: "a/.DS_Store" }, { name: "a/inner.zip" }, { name: "a/" }]),
    );
    expect([...files.keys()]).toEqual(["pack.yaml"]);
  });

  it("takes in what is built, once, and builds the same bytes again", async () => {
    const archive = buildPack(HELLO);
    expect(buildPack(HELLO).equals(archive)).toBe(true);
    const file = join(dir, "hello.zip");
    writeFileSync(file, archive);
    const into = join(dir, "packs");
    const imported = await importPack(file, into);
    expect(imported.diagnostics).toEqual([]);
    expect(imported.dir).toBe(join(into, "hello-pack"));
    const problem = readFileSync(join(into, "hello-pack/hello-filter/problem.yaml"), "utf8");
    expect(problem).toBe(readFileSync(join(HELLO, "hello-filter/problem.yaml"), "utf8"));
    expect(buildPack(imported.dir!).equals(archive)).toBe(true);
    await expect(importPack(file, into)).rejects.toThrow(/is there already/);
    expect(readdirSync(into)).toEqual(["hello-pack"]);
  });

  it("takes in a pack inside of one folder, and tells the mistakes of one that cannot be read", async () => {
    const file = join(dir, "broken.zip");
    writeFileSync(file, writeArchive(new Map([["my-pack/pack.yaml", Buffer.from("format: 2\n")]])));
    const into = join(dir, "broken");
    const { dir: taken, diagnostics } = await importPack(file, into);
    expect(taken).toBeNull();
    expect(diagnostics[0]?.file).toBe("pack.yaml");
    expect(readdirSync(into)).toEqual([]);
  });
});
