/** A growing array of bytes to write to. `bytes` up to `length` are what was written; writing may replace the array. */
export class ByteWriter {
  bytes = new Uint8Array(64);
  length = 0;
  private view = new DataView(this.bytes.buffer);

  /** Begins anew behind the first bytes, in the same memory. */
  truncate(length: number): void {
    this.length = length;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A non-negative safe integer in base 128, least significant digit first. */
  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    if (rest <= 0x7fff_ffff) {
      while (rest >= 0x80) {
        this.bytes[this.length++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      this.bytes[this.length++] = rest;
      return;
    }
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  double(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value);
    this.length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Part of an array of bytes. */
  slice(bytes: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    const target = this.bytes;
    let at = this.length;
    // Most are short; a view for `set` would cost more than the loop.
    if (end - start > 64) target.set(bytes.subarray(start, end), at);
    else for (let from = start; from < end; from++) target[at++] = bytes[from];
    this.length += end - start;
  }

  /** UTF-8 with its length in bytes in front; lone surrogates are kept as three bytes, so every JavaScript string survives. */
  text(text: string): void {
    this.varint(utf8Length(text));
    this.reserve(text.length * 3);
    for (let index = 0; index < text.length; index++) {
      let code = text.charCodeAt(index);
      if (isPair(text, index)) {
        code = 0x1_0000 + ((code - 0xd800) << 10) + (text.charCodeAt(index + 1) - 0xdc00);
        index++;
      }
      if (code < 0x80) {
        this.bytes[this.length++] = code;
        continue;
      }
      if (code < 0x800) {
        this.bytes[this.length++] = 0xc0 | (code >> 6);
      } else {
        if (code < 0x1_0000) {
          this.bytes[this.length++] = 0xe0 | (code >> 12);
        } else {
          this.bytes[this.length++] = 0xf0 | (code >> 18);
          this.bytes[this.length++] = 0x80 | ((code >> 12) & 0x3f);
        }
        this.bytes[this.length++] = 0x80 | ((code >> 6) & 0x3f);
      }
      this.bytes[this.length++] = 0x80 | (code & 0x3f);
    }
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private reserve(extra: number): void {
    if (this.length + extra <= this.bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + extra));
    bigger.set(this.bytes);
    this.bytes = bigger;
    this.view = new DataView(bigger.buffer);
  }
}

/** Number of bytes that `ByteWriter.text` writes for the characters themselves. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (isPair(text, index)) {
      bytes += 2;
      index++;
    } else bytes += 2;
  }
  return bytes;
}

/** Number of bytes that `ByteWriter.varint` writes. */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  let bytes = 4;
  for (let limit = 2 ** 28; value >= limit; limit *= 0x80) bytes++;
  return bytes;
}

function isPair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
