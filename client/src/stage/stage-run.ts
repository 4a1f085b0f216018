/** A recording with everything that the stage makes of it. */
import type { Recording } from "@millrace/engine/sim";
import { type PlaneModel, planeModel } from "../visuals/plane-model.ts";
import { keyLabel, keyReader } from "../visuals/record-key.ts";
import { type StageFacts, stageFacts } from "./stage-facts.ts";
import { QueueIndex } from "./queue-index.ts";
import { StageIndex } from "./stage-index.ts";

/** Keys offered to choose from; more would not be a list any more. */
const MAX_KEYS = 500;

export class StageRun {
  readonly index: StageIndex;
  readonly facts: StageFacts;
  readonly queues: QueueIndex;
  /** Watermark lines, bands, barriers and downtimes of the plane. */
  readonly plane: PlaneModel;
  /** Keys that state, windows or timers are kept for. */
  readonly keys: readonly string[];
  readonly keepsState: boolean;
  /** Reads a record's key out of its value; null = no field of the records holds the keys. */
  readonly keyOf: ((value: unknown) => string | null) | null;

  constructor(recording: Recording) {
    this.index = new StageIndex(recording);
    this.facts = stageFacts(recording);
    this.queues = new QueueIndex(recording);
    this.plane = planeModel(recording, { maxMarks: 1_000_000 });
    const keys = new Set<string>();
    let keepsState = false;
    for (const event of recording.events) {
      if (event.kind === "state") keepsState = true;
      if (keys.size < MAX_KEYS && (event.kind === "state" || event.kind === "timerSet" || event.kind === "window"))
        keys.add(keyLabel(event.key));
    }
    this.keys = [...keys].sort();
    this.keyOf = keyReader(recording, this.keys);
    this.keepsState = keepsState;
  }
}
