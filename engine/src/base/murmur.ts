/** MurmurHash3 of one 32-bit integer, made non-negative (Flink: `MathUtils.murmurHash`). Spreads Java hash codes over key groups. */
export function murmurHash(hashCode: number): number {
  let code = Math.imul(hashCode, 0xcc9e_2d51);
  code = (code << 15) | (code >>> 17);
  code = Math.imul(code, 0x1b87_3593);
  code = (code << 13) | (code >>> 19);
  code = (Math.imul(code, 5) + 0xe654_6b64) | 0;
  code ^= 4;
  code = bitMix(code);
  if (code >= 0) return code;
  return code === -0x8000_0000 ? 0 : -code;
}

/** Murmur's finaliser (Flink: `MathUtils.bitMix`). */
export function bitMix(input: number): number {
  let mixed = input ^ (input >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
