import { Diagnostic } from "../base/diagnostic.ts";
import type { Configuration } from "../datastream/configuration.ts";

/** How a table environment works; here always in streaming mode. (Flink: docs/dev/table/common, "Create a TableEnvironment") */
export class EnvironmentSettings {
  /** @internal */
  readonly configuration: Configuration | null;

  private constructor(configuration: Configuration | null) {
    this.configuration = configuration;
  }

  /** Streaming mode. */
  static inStreamingMode(): EnvironmentSettings {
    return new EnvironmentSettings(null);
  }

  /** Batch mode is not available. @throws Diagnostic TABLE_NOT_AVAILABLE */
  static inBatchMode(): EnvironmentSettings {
    throw new Diagnostic({
      code: "TABLE_NOT_AVAILABLE",
      phase: "graph",
      message: "Tables in batch mode are not available.",
      expected: "EnvironmentSettings.inStreamingMode()",
    });
  }

  /** Settings in the making. */
  static newInstance(): EnvironmentSettingsBuilder {
    return new EnvironmentSettingsBuilder((configuration) => new EnvironmentSettings(configuration));
  }
}

/** Settings in the making. (Flink: docs/dev/table/common, "Create a TableEnvironment") */
export class EnvironmentSettingsBuilder {
  readonly #create: (configuration: Configuration | null) => EnvironmentSettings;
  #configuration: Configuration | null = null;

  /** @internal */
  constructor(create: (configuration: Configuration | null) => EnvironmentSettings) {
    this.#create = create;
  }

  /** The default. */
  inStreamingMode(): this {
    return this;
  }

  /** Not available. @throws Diagnostic TABLE_NOT_AVAILABLE */
  inBatchMode(): this {
    EnvironmentSettings.inBatchMode();
    return this;
  }

  /** Settings by Flink's configuration keys. */
  withConfiguration(configuration: Configuration): this {
    this.#configuration = configuration;
    return this;
  }

  /** The settings. */
  build(): EnvironmentSettings {
    return this.#create(this.#configuration);
  }
}
