import type { Duration } from "../base/duration.ts";
import { Configuration } from "../datastream/configuration.ts";
import type { StreamExecutionEnvironment } from "../datastream/stream-execution-environment.ts";

/** Settings of a table environment, by Flink's keys. (Flink: docs/dev/table/config) */
export class TableConfig {
  readonly #options: Map<string, string>;
  readonly #env: StreamExecutionEnvironment;

  /** @internal */
  constructor(options: Map<string, string>, env: StreamExecutionEnvironment) {
    this.#options = options;
    this.#env = env;
  }

  /** Sets an option: `set("table.exec.state.ttl", "1 h")`. Options of the job (`parallelism.default`, `execution.checkpointing.interval` …) too. */
  set(key: string, value: string | number | boolean): this {
    this.#options.set(key, String(value));
    if (!key.startsWith("table.") && !key.startsWith("sql-client.")) this.#env.configure(new Configuration().setString(key, String(value)));
    return this;
  }

  /** The option's value as text, or the default. */
  get(key: string, defaultValue: string): string {
    return this.#options.get(key) ?? defaultValue;
  }

  /** How long state of a key is kept that nobody touches: `table.exec.state.ttl`. */
  setIdleStateRetention(duration: Duration): this {
    return this.set("table.exec.state.ttl", `${duration.toMillis()} ms`);
  }

  /** The session's time zone, such as `Europe/Berlin`: `table.local-time-zone`. */
  setLocalTimeZone(zone: string): this {
    return this.set("table.local-time-zone", zone);
  }
}
