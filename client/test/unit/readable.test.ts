/** Recordings that were made are taken as they are; of broken ones nothing is drawn, and nothing breaks. */
import { describe, expect, it } from "vitest";
import { readable } from "../../src/stage/readable.ts";
import { StageRun } from "../../src/stage/stage-run.ts";
import { sessionRecording } from "../fixtures/session-recording.ts";
import { stageSqlRun } from "../fixtures/stage-sql-run.ts";
import { stageRun } from "../fixtures/stage-run.ts";

describe("a recording", () => {
  it("of a real run is taken as it is", () => {
    for (const recording of [sessionRecording({ crash: true }), stageRun(), stageSqlRun()]) {
      const sent = JSON.parse(JSON.stringify(recording)) as unknown;
      expect(readable(sent)).toBe(sent);
    }
  });

  it("with kinds and fields that are not known yet is taken, too", () => {
    const recording = sessionRecording({ crash: false });
    const later = { ...recording, more: 1, events: [...recording.events, { kind: "dream", t: 1, of: "sheep" }] };
    expect(readable(later)).toBe(later);
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "<script>"],
    ["a number", 7],
    ["an empty object", {}],
    ["another format", { ...sessionRecording({ crash: false }), format: 2 }],
    ["no events", { ...sessionRecording({ crash: false }), events: null }],
    ["an object of events", { ...sessionRecording({ crash: false }), events: { length: 3 } }],
    ["vertices that are none", { ...sessionRecording({ crash: false }), vertices: [null] }],
    ["queues that are none", { ...sessionRecording({ crash: false }), queues: { channels: [{}], changes: [] } }],
  ])("that is %s is none", (_name, recording) => {
    expect(readable(recording)).toBeNull();
  });

  it("with any one value broken is either refused or drawn without breaking", () => {
    const recording = JSON.parse(JSON.stringify(sessionRecording({ crash: true }))) as { events: Record<string, unknown>[] };
    const kinds = new Map(recording.events.map((event, seq) => [String(event["kind"]), seq]));
    let refused = 0;
    for (const seq of kinds.values())
      for (const field of Object.keys(recording.events[seq]!))
        for (const broken of [undefined, null, "x", -1, 1e300, {}, [], true, "__proto__"]) {
          const events = recording.events.with(seq, { ...recording.events[seq], [field]: broken });
          const read = readable({ ...recording, events });
          if (read === null) refused++;
          else new StageRun(read);
        }
    expect(refused).toBeGreaterThan(200);
  });

  it("whose causes go round is refused", () => {
    const recording = sessionRecording({ crash: false });
    for (const cause of [5, 6, -1, 0.5, "4"]) {
      const events = recording.events.with(5, { ...recording.events[5]!, cause } as unknown as (typeof recording.events)[number]);
      expect(readable({ ...recording, events }), String(cause)).toBeNull();
    }
  });
});
