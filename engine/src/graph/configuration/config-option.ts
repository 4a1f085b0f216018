/**
 * A configuration option: key, older keys, type and default, for `new Configuration().set(option, value)`. Flink's own stand beside this file by
 * family, under the names of its Java constants. (Flink: docs/deployment/config)
 */
import { Duration } from "../../base/duration.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { parseMemorySize } from "./memory-size.ts";
import { parseTimeText } from "./time-like.ts";

/** A length of time, as `Duration`s and the old `Time`s give it. */
interface Milliseconds {
  /** Whole milliseconds. */
  toMillis(): number;
}

/** A configuration key with the type of its value, and perhaps a default. (Flink: docs/deployment/config) */
export interface ConfigOption<V> {
  /** Flink's name of the option, such as `parallelism.default`. */
  readonly key: string;
  /** Older keys, looked at in this order when the first is not set. */
  readonly fallbackKeys?: readonly string[];
  /** What counts when nobody sets it; absent = nothing. */
  readonly defaultValue?: V;
  /** Reads the value from the text of a configuration file; undefined when it is none. Absent = any text. */
  readonly parse?: (text: string) => V | undefined;
  /** Only carries the value's type; never set. */
  readonly valueType?: V;
}

/** The second half of `ConfigOptions.key("…").intType()`: the default, or none. (Flink: docs/deployment/config) */
export class TypedConfigOptionBuilder<V> {
  private readonly keys: Pick<ConfigOption<V>, "key" | "fallbackKeys">;
  private readonly parse: (text: string) => V | undefined;

  /** @internal */
  constructor(keys: Pick<ConfigOption<V>, "key" | "fallbackKeys">, parse: (text: string) => V | undefined) {
    this.keys = keys;
    this.parse = parse;
  }

  /** The option, with what counts when nobody sets it. */
  defaultValue(value: V): ConfigOption<V> {
    return { ...this.keys, defaultValue: value, parse: this.parse };
  }

  /** The option; nothing counts when nobody sets it. */
  noDefaultValue(): ConfigOption<V> {
    return { ...this.keys, parse: this.parse };
  }
}

/** The first half of `ConfigOptions.key("…")`: the type. (Flink: docs/deployment/config) */
export class ConfigOptionBuilder {
  private readonly keys: { readonly key: string; readonly fallbackKeys?: readonly string[] };

  /** @internal */
  constructor(key: string, fallbackKeys?: readonly string[]) {
    this.keys = fallbackKeys === undefined ? { key } : { key, fallbackKeys };
  }

  /** Older keys of the same option. (In Flink a method of the finished option.) */
  withFallbackKeys(...fallbackKeys: readonly string[]): ConfigOptionBuilder {
    return new ConfigOptionBuilder(this.keys.key, fallbackKeys);
  }

  /** Any text. */
  stringType(): TypedConfigOptionBuilder<string> {
    return new TypedConfigOptionBuilder(this.keys, (text) => text);
  }

  /** A whole number. */
  intType(): TypedConfigOptionBuilder<number> {
    return new TypedConfigOptionBuilder(this.keys, wholeNumberOf);
  }

  /** A whole number; here as exact as a JavaScript number. */
  longType(): TypedConfigOptionBuilder<number> {
    return new TypedConfigOptionBuilder(this.keys, wholeNumberOf);
  }

  /** A number. */
  doubleType(): TypedConfigOptionBuilder<number> {
    return new TypedConfigOptionBuilder(this.keys, numberOf);
  }

  /** `true` or `false`, in any case of letters. */
  booleanType(): TypedConfigOptionBuilder<boolean> {
    return new TypedConfigOptionBuilder(this.keys, booleanOf);
  }

  /** A length of time, written `10 s`, `500 ms`, `1 min`; without a unit milliseconds. */
  durationType(): TypedConfigOptionBuilder<Milliseconds> {
    return new TypedConfigOptionBuilder<Milliseconds>(this.keys, durationOf);
  }

  /** A size, written `20 kb`, `64mb`; without a unit bytes. The value stays text. */
  memoryType(): TypedConfigOptionBuilder<string> {
    return new TypedConfigOptionBuilder(this.keys, (text) => (parseMemorySize(text) === undefined ? undefined : text));
  }
}

/**
 * Makes options for a program's own settings: `ConfigOptions.key("clicks.gap").durationType().defaultValue(Duration.ofMinutes(5))`.
 * (Flink: docs/deployment/config)
 */
export const ConfigOptions = {
  key: (key: string): ConfigOptionBuilder => new ConfigOptionBuilder(key),
} as const;

/**
 * The value of an option read from text.
 *
 * @throws Diagnostic JOB_BAD_CONFIG_VALUE
 * @internal
 */
export function parsedValue<V>(option: ConfigOption<V>, text: string): V {
  const value = option.parse === undefined ? (text as V) : option.parse(text);
  if (value !== undefined) return value;
  throw new Diagnostic({
    code: "JOB_BAD_CONFIG_VALUE",
    message: `Could not parse value "${text}" for key "${option.key}".`,
    phase: "graph",
    found: text,
  });
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

function wholeNumberOf(text: string): number | undefined {
  const number = numberOf(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

function booleanOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

function durationOf(text: string): Milliseconds | undefined {
  const millis = parseTimeText(text);
  return millis === undefined ? undefined : Duration.ofMillis(millis);
}
