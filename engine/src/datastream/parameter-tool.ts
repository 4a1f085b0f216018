import { Diagnostic } from "../base/diagnostic.ts";

/** What Flink stores for a key without a value. */
const NO_VALUE = "__NO_VALUE_KEY";

/**
 * Settings of a program by name, for `env.getConfig().setGlobalJobParameters(parameters)` and for the program itself. A judged program gets no
 * arguments; `fromMap` says what it would have got. (Flink: docs/dev/datastream/application_parameters)
 */
export class ParameterTool {
  readonly #data: ReadonlyMap<string, string>;

  private constructor(data: ReadonlyMap<string, string>) {
    this.#data = data;
  }

  /** Parameters of these names and values. */
  static fromMap(map: Readonly<Record<string, string>>): ParameterTool {
    return new ParameterTool(new Map(Object.entries(map)));
  }

  /**
   * Parameters written as on a command line: `--input clicks -n 3 --verbose`.
   *
   * @throws Diagnostic JOB_BAD_PARAMETER for a value without a name in front.
   */
  static fromArgs(args: readonly string[]): ParameterTool {
    const data = new Map<string, string>();
    for (let index = 0; index < args.length; index++) {
      const key = /^--?(.*[^-\s].*)$/.exec(args[index])?.[1];
      if (key === undefined) {
        throw refusal(`Error parsing arguments '${args.join(" ")}' on '${args[index]}'. Please prefix keys with -- or -.`, args[index]);
      }
      const next: string | undefined = args[index + 1];
      // A minus in front of a digit makes a number, not a key.
      const hasValue = next !== undefined && (!next.startsWith("-") || /^-[\d.]/.test(next));
      data.set(key, hasValue ? next : NO_VALUE);
      if (hasValue) index++;
    }
    return new ParameterTool(data);
  }

  /** True when there is a parameter of this name, with a value or without. */
  has(key: string): boolean {
    return this.#data.has(key);
  }

  /** The value as text; the other value, if given, when there is none. */
  get(key: string): string | undefined;
  get(key: string, otherwise: string): string;
  get(key: string, otherwise?: string): string | undefined {
    return this.#data.get(key) ?? otherwise;
  }

  /** The value as text. @throws Diagnostic JOB_BAD_PARAMETER when there is none. */
  getRequired(key: string): string {
    const value = this.#data.get(key);
    if (value === undefined || value === NO_VALUE) throw refusal(`No data for required key '${key}'`, "nothing");
    return value;
  }

  /** The value as a whole number. @throws Diagnostic JOB_BAD_PARAMETER when there is none and no other value, or when it is no such number. */
  getInt(key: string, otherwise?: number): number {
    const value = this.#number(key, otherwise);
    if (Number.isSafeInteger(value)) return value;
    throw refusal(`For input string: "${this.#data.get(key)}"`, String(this.#data.get(key)));
  }

  /** As `getInt`; here as exact as a JavaScript number. */
  getLong(key: string, otherwise?: number): number {
    return this.getInt(key, otherwise);
  }

  /** The value as a number. @throws Diagnostic JOB_BAD_PARAMETER as `getInt`. */
  getDouble(key: string, otherwise?: number): number {
    return this.#number(key, otherwise);
  }

  /** True for the text `true`, in any case of letters; false for any other. @throws Diagnostic JOB_BAD_PARAMETER when there is none. */
  getBoolean(key: string, otherwise?: boolean): boolean {
    if (!this.has(key) && otherwise !== undefined) return otherwise;
    return this.getRequired(key).toLowerCase() === "true";
  }

  /** Names and values. */
  toMap(): Record<string, string> {
    return Object.fromEntries(this.#data);
  }

  #number(key: string, otherwise: number | undefined): number {
    if (!this.has(key) && otherwise !== undefined) return otherwise;
    const text = this.getRequired(key);
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isNaN(value)) throw refusal(`For input string: "${text}"`, text);
    return value;
  }
}

function refusal(message: string, found: string): Diagnostic {
  return new Diagnostic({ code: "JOB_BAD_PARAMETER", message, phase: "graph", found });
}
