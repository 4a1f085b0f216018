/** How FileSink names its part files: `<prefix>-<uid>-<counter><suffix>`. (Flink: docs/connectors/datastream/filesystem) */
export class OutputFileConfig {
  private readonly prefix: string;
  private readonly suffix: string;

  /** Beginning and end of the names. */
  constructor(partPrefix: string, partSuffix: string) {
    this.prefix = partPrefix;
    this.suffix = partSuffix;
  }

  /** Starts building. */
  static builder(): OutputFileConfigBuilder {
    return new OutputFileConfigBuilder();
  }

  /** Default "part". */
  getPartPrefix(): string {
    return this.prefix;
  }

  /** Default "". */
  getPartSuffix(): string {
    return this.suffix;
  }
}

/** Builds an `OutputFileConfig`. (Flink: docs/connectors/datastream/filesystem) */
export class OutputFileConfigBuilder {
  #prefix = "part";
  #suffix = "";

  /** Default "part". */
  withPartPrefix(prefix: string): this {
    this.#prefix = prefix;
    return this;
  }

  /** Default "", e.g. ".json". */
  withPartSuffix(suffix: string): this {
    this.#suffix = suffix;
    return this;
  }

  /** The configuration. */
  build(): OutputFileConfig {
    return new OutputFileConfig(this.#prefix, this.#suffix);
  }
}
