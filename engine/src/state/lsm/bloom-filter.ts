/** Says of an address that it is certainly not in a table; wrong in about 1 of 100 cases with 10 bits per key, and then only "perhaps". */
export class BloomFilter {
  private readonly bits: Uint32Array;
  private readonly probes: number;

  constructor(keys: number, bitsPerKey: number) {
    this.bits = new Uint32Array(Math.max(2, Math.ceil((keys * bitsPerKey) / 32)));
    this.probes = Math.max(1, Math.min(30, Math.round(bitsPerKey * 0.69)));
  }

  get sizeBytes(): number {
    return this.bits.byteLength;
  }

  add(hash: number): void {
    const { bits } = this;
    const size = bits.length * 32;
    const step = (hash >>> 17) | (hash << 15) | 1;
    for (let probe = 0, at = hash; probe < this.probes; probe++, at = (at + step) | 0) {
      const bit = (at >>> 0) % size;
      bits[bit >>> 5] |= 1 << (bit & 31);
    }
  }

  mayContain(hash: number): boolean {
    const { bits } = this;
    const size = bits.length * 32;
    const step = (hash >>> 17) | (hash << 15) | 1;
    for (let probe = 0, at = hash; probe < this.probes; probe++, at = (at + step) | 0) {
      const bit = (at >>> 0) % size;
      if ((bits[bit >>> 5] & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}
