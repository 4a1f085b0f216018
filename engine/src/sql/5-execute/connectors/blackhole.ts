/** `'connector' = 'blackhole'`: takes everything and keeps nothing. (Flink: docs/connectors/table/blackhole) */
import { DiscardingSink } from "../../../connectors/discarding-sink.ts";
import type { Connector } from "./connector.ts";

export const BLACKHOLE: Connector = {
  identifier: "blackhole",
  options: [],
  sinkMode: () => "upsert",
  sink: () => ({ sink: new DiscardingSink<unknown>() }),
};
