/** SAV-8: a savepoint as a file: everything comes back, and nothing else is taken for one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Diagnostic } from "../../src/base/diagnostic.ts";
import { Tuple2 } from "../../src/index.ts";
import { TimeWindow } from "../../src/operators/windowing/window.ts";
import { type JobPhase, readSavepoint, runUpgrade, runWorld, type Savepoint, writeSavepoint } from "../../src/sim.ts";
import { valueFromJson, valueToJson } from "../../src/sim/savepoint-values.ts";
import { clicking, countingJob } from "./counting-job.ts";

function savepointOf(parallelism = 2): Savepoint {
  const world = clicking({ end: { kind: "stop", atMs: 1950 } });
  return runWorld(countingJob({ parallelism }), world, { keepSavepoint: true }).savepoint as Savepoint;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof Diagnostic) return error.data.code;
    throw error;
  }
  return "accepted";
}

describe("SAV-8 a savepoint as a file", () => {
  it("is written the same way every time, and read back whole", () => {
    const text = writeSavepoint(savepointOf());
    expect(writeSavepoint(savepointOf())).toBe(text);
    expect(writeSavepoint(readSavepoint(text))).toBe(text);
  });

  it("takes a job over as the savepoint itself does", () => {
    const first = savepointOf();
    const go = (startFrom: Savepoint) => {
      const phase: JobPhase = { program: countingJob({ parallelism: 3 }), startFrom };
      return runUpgrade([phase], clicking()).outcome.topics;
    };
    expect(go(readSavepoint(writeSavepoint(first)))).toEqual(go(first));
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, text.length / 2), "SAVEPOINT_FILE_CORRUPTED"],
    ["no text of ours at all", () => "once upon a time", "SAVEPOINT_FILE_CORRUPTED"],
    ["a changed number", (text: string) => text.replace('"parallelism":2', '"parallelism":3'), "SAVEPOINT_FILE_CORRUPTED"],
    ["another checksum", (text: string) => text.replace(/"checksum":"./, '"checksum":"_'), "SAVEPOINT_FILE_CORRUPTED"],
    ["a list", () => "[]", "SAVEPOINT_FILE_FOREIGN"],
    ["a recording", () => '{"format":1,"events":[]}', "SAVEPOINT_FILE_FOREIGN"],
    ["a later version", (text: string) => text.replace('"version":1', '"version":2'), "SAVEPOINT_FILE_VERSION"],
  ])("refuses %s, by its cause", (_what, damage, code) => {
    expect(refusal(() => readSavepoint(damage(writeSavepoint(savepointOf()))))).toBe(code);
  });
});

describe("values as JSON", () => {
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, undefined, true, -0, Number.NaN, Number.POSITIVE_INFINITY, 2n ** 70n, new Date(5), new Uint8Array([0, 255])),
      fc.double(),
      fc.string(),
      fc.array(tie("value")),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$map", "$date", "__proto__")), tie("value"), { noNullPrototype: true }),
      fc.array(fc.tuple(fc.string(), tie("value"))).map((entries) => new Map(entries)),
      fc.array(fc.integer()).map((elements) => new Set(elements)),
    ),
  })).value;

  it("come back as they were", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(valueFromJson(JSON.parse(JSON.stringify(valueToJson(value))))).toEqual(value);
      }),
    );
  });

  it("windows and tuples come back as such", () => {
    const back = valueFromJson(valueToJson([new TimeWindow(1, 5), Tuple2.of("a", 1)])) as [TimeWindow, Tuple2<string, number>];
    expect(back[0].maxTimestamp()).toBe(4);
    expect(back[1]).toBeInstanceOf(Tuple2);
    expect(String(back[1])).toBe("(a,1)");
  });
});
