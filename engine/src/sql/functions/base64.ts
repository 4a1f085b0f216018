/** Base64 of the plain alphabet. */
import { SqlRuntimeError } from "./sql-runtime-error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: ReadonlyMap<string, number> = new Map(Array.from(ALPHABET, (char, i) => [char, i]));

export function base64Encode(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    text += ALPHABET[group >> 18] + ALPHABET[(group >> 12) & 63];
    text += left > 1 ? ALPHABET[(group >> 6) & 63] : "=";
    text += left > 2 ? ALPHABET[group & 63] : "=";
  }
  return text;
}

/** Padding may be missing; anything outside the alphabet fails. */
export function base64Decode(text: string): Uint8Array {
  const bad = (message: string): never => {
    throw new SqlRuntimeError("SQL_BASE64", message);
  };
  const body = text.replace(/={1,2}$/, "");
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  if (body.length % 4 === 1)
    bad(body.length === 1 ? "Input byte[] should at least have 2 bytes for base64 bytes" : "Last unit does not have enough valid bits");
  if (body.length !== text.length && text.length % 4 !== 0) bad("Input byte array has wrong 4-byte ending unit");
  let group = 0;
  let bits = 0;
  let at = 0;
  for (const char of body) {
    const value = VALUES.get(char);
    if (value === undefined) return bad(`Illegal base64 character ${char.charCodeAt(0).toString(16)}`);
    group = ((group << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (group >> bits) & 255;
    }
  }
  return bytes;
}
