import { Diagnostic } from "../../../base/diagnostic.ts";

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4 };

/** A number of bytes. Flink: `org.apache.flink.configuration.MemorySize`. (Flink: docs/deployment/config) */
export class MemorySize {
  private readonly bytes: number;

  /** So many bytes. */
  constructor(bytes: number) {
    this.bytes = bytes;
  }

  /** So many MiB of 1024 × 1024 bytes. */
  static ofMebiBytes(mebiBytes: number): MemorySize {
    return new MemorySize(mebiBytes * UNITS.mb);
  }

  /** A text such as "128 mb", "64 kb", "1024"; units count in 1024. @throws Diagnostic MEMORY_SIZE */
  static parse(text: string): MemorySize {
    const match = /^\s*(\d+)\s*([kmgt]?b|bytes)?\s*$/i.exec(text);
    const unit = match === null ? undefined : UNITS[(match[2] ?? "b").toLowerCase().replace("bytes", "b")];
    if (match !== null && unit !== undefined) return new MemorySize(Number(match[1]) * unit);
    throw new Diagnostic({
      code: "MEMORY_SIZE",
      phase: "graph",
      message: `Could not parse "${text}" as a memory size.`,
      found: `"${text}"`,
      expected: 'a number and a unit, e.g. "128 mb"',
    });
  }

  /** How many bytes it is. */
  getBytes(): number {
    return this.bytes;
  }
}
