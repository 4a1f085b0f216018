/**
 * The portable format of Roaring bitmaps, which BITMAP_TO_BYTES writes and BITMAP_FROM_BYTES reads.
 *
 * A bitmap here is an ascending array of unsigned 32-bit numbers. The format cuts it into containers by the upper 16 bits; each holds
 * its lower 16 bits as a sorted array, as 8 KiB of bits (above 4096 members), or as runs, whichever is smallest.
 */
export type Bitmap = readonly number[];

const COOKIE_PLAIN = 12346;
const COOKIE_RUNS = 12347;
const MAX_ARRAY = 4096;
const BITSET_BYTES = 8192;
/** With runs, smaller bitmaps carry no offsets. */
const OFFSETS_FROM = 4;

interface Container {
  readonly key: number;
  readonly members: number[];
  /** [start, length - 1] of each run, null when the other forms are smaller. */
  readonly runs: readonly (readonly [number, number])[] | null;
}

function containersOf(bitmap: Bitmap): Container[] {
  const groups = new Map<number, number[]>();
  for (const value of bitmap) {
    const key = value >>> 16;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [value & 0xffff]);
    else members.push(value & 0xffff);
  }
  return [...groups].map(([key, members]) => {
    const runs: [number, number][] = [];
    for (const member of members) {
      const last = runs[runs.length - 1];
      if (last !== undefined && last[0] + last[1] + 1 === member) last[1]++;
      else runs.push([member, 0]);
    }
    const otherBytes = members.length > MAX_ARRAY ? BITSET_BYTES : members.length * 2;
    return { key, members, runs: 2 + runs.length * 4 < otherBytes ? runs : null };
  });
}

function sizeOf({ runs, members }: Container): number {
  if (runs !== null) return 2 + runs.length * 4;
  return members.length > MAX_ARRAY ? BITSET_BYTES : members.length * 2;
}

export function encodeRoaring(bitmap: Bitmap): Uint8Array {
  const containers = containersOf(bitmap);
  const hasRuns = containers.some((container) => container.runs !== null);
  const count = containers.length;
  const flagBytes = hasRuns ? Math.ceil(count / 8) : 0;
  const hasOffsets = !hasRuns || count >= OFFSETS_FROM;
  const headerBytes = (hasRuns ? 4 + flagBytes : 8) + count * 4 + (hasOffsets ? count * 4 : 0);
  const bytes = new Uint8Array(headerBytes + containers.reduce((sum, container) => sum + sizeOf(container), 0));
  const view = new DataView(bytes.buffer);
  let at: number;
  if (hasRuns) {
    view.setUint32(0, COOKIE_RUNS | ((count - 1) << 16), true);
    containers.forEach((container, i) => {
      if (container.runs !== null) bytes[4 + (i >> 3)] |= 1 << (i & 7);
    });
    at = 4 + flagBytes;
  } else {
    view.setUint32(0, COOKIE_PLAIN, true);
    view.setUint32(4, count, true);
    at = 8;
  }
  for (const { key, members } of containers) {
    view.setUint16(at, key, true);
    view.setUint16(at + 2, members.length - 1, true);
    at += 4;
  }
  let offset = headerBytes;
  if (hasOffsets) {
    for (const container of containers) {
      view.setUint32(at, offset, true);
      at += 4;
      offset += sizeOf(container);
    }
  }
  for (const container of containers) at = writeContainer(view, at, container);
  return bytes;
}

function writeContainer(view: DataView, from: number, { runs, members }: Container): number {
  let at = from;
  if (runs !== null) {
    view.setUint16(at, runs.length, true);
    at += 2;
    for (const [start, length] of runs) {
      view.setUint16(at, start, true);
      view.setUint16(at + 2, length, true);
      at += 4;
    }
    return at;
  }
  if (members.length > MAX_ARRAY) {
    for (const member of members) view.setUint8(at + (member >> 3), view.getUint8(at + (member >> 3)) | (1 << (member & 7)));
    return at + BITSET_BYTES;
  }
  for (const member of members) {
    view.setUint16(at, member, true);
    at += 2;
  }
  return at;
}

/** Why bytes are no bitmap: of `cut` ones more were to come, of others the first four, as a number, are `cookie`. */
export type NoBitmap = { readonly kind: "cut" } | { readonly kind: "foreign"; readonly cookie: number };

/** Bytes behind the bitmap are not looked at. */
export function decodeRoaring(bytes: Uint8Array): Bitmap | NoBitmap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return decode(view);
  } catch (error) {
    if (error instanceof RangeError) return { kind: "cut" };
    throw error;
  }
}

function decode(view: DataView): Bitmap | NoBitmap {
  const cookie = view.getUint32(0, true);
  const hasRuns = (cookie & 0xffff) === COOKIE_RUNS;
  if (!hasRuns && cookie !== COOKIE_PLAIN) return { kind: "foreign", cookie: cookie | 0 };
  const count = hasRuns ? (cookie >>> 16) + 1 : view.getUint32(4, true);
  const flags = 4;
  let at = hasRuns ? 4 + Math.ceil(count / 8) : 8;
  const headers: { key: number; cardinality: number; isRun: boolean }[] = [];
  for (let i = 0; i < count; i++) {
    const isRun = hasRuns && (view.getUint8(flags + (i >> 3)) & (1 << (i & 7))) !== 0;
    headers.push({ key: view.getUint16(at, true), cardinality: view.getUint16(at + 2, true) + 1, isRun });
    at += 4;
  }
  if (!hasRuns || count >= OFFSETS_FROM) at += count * 4;
  const bitmap: number[] = [];
  for (const { key, cardinality, isRun } of headers) {
    const base = key * 65536;
    if (isRun) {
      const runs = view.getUint16(at, true);
      at += 2;
      for (let i = 0; i < runs; i++, at += 4) {
        const start = view.getUint16(at, true);
        for (let member = start; member <= start + view.getUint16(at + 2, true); member++) bitmap.push(base + member);
      }
    } else if (cardinality > MAX_ARRAY) {
      for (let member = 0; member < 65536; member++)
        if ((view.getUint8(at + (member >> 3)) & (1 << (member & 7))) !== 0) bitmap.push(base + member);
      at += BITSET_BYTES;
    } else {
      for (let i = 0; i < cardinality; i++, at += 2) bitmap.push(base + view.getUint16(at, true));
    }
  }
  return bitmap;
}
