/** The program's `console`: a bounded list of lines. */

const MAX_LINES = 200;
const MAX_LINE_CHARS = 500;
const stringify = JSON.stringify;

export class GuestConsole {
  #lines: string[] = [];
  #left = 0;

  /** The object that programs see. */
  readonly facade: Readonly<Record<string, (...values: unknown[]) => void>>;

  constructor() {
    const write = (...values: unknown[]) => this.#write(values);
    this.facade = Object.freeze({ log: write, info: write, warn: write, error: write, debug: write });
  }

  /** Lines since the last call. */
  take(): string[] {
    const lines = this.#left === 0 ? this.#lines : [...this.#lines, `… ${this.#left} more lines`];
    this.#lines = [];
    this.#left = 0;
    return lines;
  }

  #write(values: readonly unknown[]): void {
    if (this.#lines.length >= MAX_LINES) {
      this.#left++;
      return;
    }
    let line = "";
    for (const value of values) {
      if (line.length > MAX_LINE_CHARS) break;
      line += `${line === "" ? "" : " "}${show(value)}`;
    }
    this.#lines.push(line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS)}…` : line);
  }
}

function show(value: unknown): string {
  if (typeof value === "string") return value.slice(0, MAX_LINE_CHARS + 1);
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner)) ?? "undefined";
  } catch {
    // Cyclic, or a toJSON of the program's own that throws: what is shown is the program's affair.
    return "[object]";
  }
}
