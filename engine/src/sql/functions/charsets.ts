/** The character sets that every Java has, by their names there. Characters outside a set become `?`, malformed bytes U+FFFD. */
import { utf8Decode, utf8Encode } from "./utf8.ts";

export interface Charset {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

function singleByte(limit: number): Charset {
  return {
    encode: (text) => Uint8Array.from(Array.from(text), (char) => (char.codePointAt(0)! < limit ? char.codePointAt(0)! : 0x3f)),
    decode: (bytes) => {
      let text = "";
      for (const byte of bytes) text += byte < limit ? String.fromCharCode(byte) : "\ufffd";
      return text;
    },
  };
}

function utf16(littleEndian: boolean, mark: boolean): Charset {
  return {
    encode: (text) => {
      const bytes = new Uint8Array((text.length + (mark ? 1 : 0)) * 2);
      const view = new DataView(bytes.buffer);
      if (mark) view.setUint16(0, 0xfeff, littleEndian);
      for (let i = 0; i < text.length; i++) view.setUint16((i + (mark ? 1 : 0)) * 2, text.charCodeAt(i), littleEndian);
      return bytes;
    },
    decode: (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      let little = littleEndian;
      let from = 0;
      if (mark && bytes.length >= 2) {
        const first = view.getUint16(0);
        if (first === 0xfffe) little = true;
        if (first === 0xfffe || first === 0xfeff) from = 2;
      }
      let text = "";
      for (let i = from; i + 1 < bytes.length; i += 2) text += String.fromCharCode(view.getUint16(i, little));
      return bytes.length % 2 === 1 ? `${text}\ufffd` : text;
    },
  };
}

const UTF_8: Charset = { encode: utf8Encode, decode: utf8Decode };

const CHARSETS: ReadonlyMap<string, Charset> = new Map<string, Charset>([
  ["UTF-8", UTF_8],
  ["UTF8", UTF_8],
  ["US-ASCII", singleByte(0x80)],
  ["ASCII", singleByte(0x80)],
  ["ISO-8859-1", singleByte(0x100)],
  ["LATIN1", singleByte(0x100)],
  ["UTF-16BE", utf16(false, false)],
  ["UTF-16LE", utf16(true, false)],
  ["UTF-16", utf16(false, true)],
]);

/** null for a name that is not known. */
export function charsetOf(name: string): Charset | null {
  return CHARSETS.get(name.toUpperCase()) ?? null;
}
