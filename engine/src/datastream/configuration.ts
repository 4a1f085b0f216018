/** Job settings by Flink's configuration keys, as in `flink-conf` files; given to `env.configure(…)`. */
import type { JobConfig } from "../graph/stream-graph.ts";
import { applyOptions, type ConfigValue } from "../graph/configuration/apply-options.ts";
import { type ConfigOption, parsedValue } from "../graph/configuration/config-option.ts";
import { checkKnownOption } from "../graph/configuration/known-options.ts";

/**
 * Keys and values. Keys that Flink does not know are accepted and have no effect, as there; but for those of checkpoints, state and restarts, which
 * `env.configure` refuses. (Flink: docs/deployment/config)
 */
export class Configuration {
  /** Lets rich functions of Flink 1.x say `open(parameters: Configuration)`; never set. */
  declare readonly attemptNumber: number;
  readonly #values = new Map<string, ConfigValue>();

  /** A configuration of these keys and values. */
  static fromMap(map: Readonly<Record<string, string>>): Configuration {
    const configuration = new Configuration();
    for (const [key, value] of Object.entries(map)) configuration.setString(key, value);
    return configuration;
  }

  /** Sets an option to a value of its type. */
  set<V extends ConfigValue>(option: ConfigOption<V>, value: V): this {
    this.#values.set(option.key, value);
    return this;
  }

  /** Sets a key to a value as it stands in a configuration file, such as `10 s`. */
  setString(key: string, value: string): this {
    this.#values.set(key, value);
    return this;
  }

  /** The value of a key as text, undefined when it is not set. */
  getString(key: string): string | undefined {
    const value = this.#values.get(key);
    return value === undefined ? undefined : String(value);
  }

  /**
   * The value of an option: what was set, else the option's default, else undefined.
   *
   * @throws Diagnostic JOB_BAD_CONFIG_VALUE when it was set as a text that is no such value.
   */
  get<V extends ConfigValue>(option: ConfigOption<V>): V | undefined;
  get<V extends ConfigValue>(option: ConfigOption<V>, otherwise: V): V;
  get<V extends ConfigValue>(option: ConfigOption<V>, otherwise?: V): V | undefined {
    return this.getOptional(option) ?? otherwise ?? option.defaultValue;
  }

  /** The value of an option, undefined when it is not set: the default does not count. */
  getOptional<V extends ConfigValue>(option: ConfigOption<V>): V | undefined {
    const key = [option.key, ...(option.fallbackKeys ?? [])].find((candidate) => this.#values.has(candidate));
    const value = key === undefined ? undefined : this.#values.get(key);
    return typeof value === "string" ? parsedValue(option, value) : (value as V | undefined);
  }

  /** True when the option is set. */
  contains(option: ConfigOption<never> | ConfigOption<unknown>): boolean {
    return this.#values.has(option.key);
  }

  /** True when the key is set. */
  containsKey(key: string): boolean {
    return this.#values.has(key);
  }

  /** Takes a setting back; false when there was none. */
  removeConfig(option: ConfigOption<never> | ConfigOption<unknown>): boolean {
    return this.#values.delete(option.key);
  }

  /** Takes over everything that another configuration sets. */
  addAll(other: Configuration): void {
    for (const [key, value] of other.#values) this.#values.set(key, value);
  }

  /** The keys that are set. */
  keySet(): ReadonlySet<string> {
    return new Set(this.#values.keys());
  }

  /** Keys and values as they would stand in a configuration file. */
  toMap(): Record<string, string> {
    return Object.fromEntries(
      [...this.#values].map(([key, value]) => [key, typeof value === "object" ? `${value.toMillis()} ms` : String(value)]),
    );
  }

  /** @internal */
  rawValue(key: string): ConfigValue | undefined {
    return this.#values.get(key);
  }
}

/**
 * Carries what is set in `configuration` over into a job's settings.
 *
 * @throws Diagnostic JOB_BAD_CONFIG_VALUE, JOB_UNKNOWN_OPTION
 */
export function applyConfiguration(configuration: Configuration, config: JobConfig): void {
  for (const key of configuration.keySet()) checkKnownOption(key);
  applyOptions((key) => configuration.rawValue(key), config);
}
