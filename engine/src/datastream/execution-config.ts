import type { JobConfig } from "../graph/stream-graph.ts";
import { type TimeLike, timeMs } from "./time-like.ts";

/** Settings of the running job; from `env.getConfig()`. */
export class ExecutionConfig {
  private readonly config: JobConfig;

  /** @internal */
  constructor(config: JobConfig) {
    this.config = config;
  }

  /** How often periodic watermarks are emitted, in processing time. Default 200 ms; 0 switches them off. */
  setAutoWatermarkInterval(interval: TimeLike): this {
    this.config.autoWatermarkIntervalMs = timeMs(interval, "The auto watermark interval");
    return this;
  }

  /** Milliseconds. */
  getAutoWatermarkInterval(): number {
    return this.config.autoWatermarkIntervalMs;
  }

  /** Lets chained operators hand objects on without copying. Off by default. */
  enableObjectReuse(): this {
    this.config.objectReuse = true;
    return this;
  }

  disableObjectReuse(): this {
    this.config.objectReuse = false;
    return this;
  }

  isObjectReuseEnabled(): boolean {
    return this.config.objectReuse;
  }
}
