/**
 * Which partition a record without an explicit one goes to, as in Kafka's client: by the murmur2 hash of the key's UTF-8 bytes, so that
 * equal keys share a partition in any program that writes with the default partitioner. Records without a key go round the partitions
 * one by one, beginning at the writer's own subtask (Kafka: round robin in batches of unpredictable size).
 */
export class KafkaPartitioner {
  private next: number;

  constructor(subtaskIndex: number) {
    this.next = subtaskIndex;
  }

  partitionFor(key: string | null, partitions: number): number {
    if (key !== null) return (murmur2(utf8Bytes(key)) & 0x7fffffff) % partitions;
    const partition = this.next % partitions;
    this.next = partition + 1;
    return partition;
  }
}

/** Kafka's `Utils.murmur2` (32 bits, signed). */
export function murmur2(data: readonly number[]): number {
  const length = data.length;
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ length;
  const blocks = length >> 2;
  for (let block = 0; block < blocks; block++) {
    const i = block * 4;
    let k = data[i] | (data[i + 1] << 8) | (data[i + 2] << 16) | (data[i + 3] << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const tail = blocks * 4;
  const rest = length - tail;
  if (rest === 3) h ^= data[tail + 2] << 16;
  if (rest >= 2) h ^= data[tail + 1] << 8;
  if (rest >= 1) {
    h ^= data[tail];
    h = Math.imul(h, m);
  }
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

/** UTF-8 of a text; lone surrogates become U+FFFD. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return bytes;
}
