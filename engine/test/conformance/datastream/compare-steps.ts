import type { DataStreamCase, Json, JsonObject } from "./case-format.ts";
import { keyText } from "./recorder-values.ts";

/**
 * Compares what came out at each step with the recording, under the ordering rules of the format: between keys with timers of the
 * same timestamp the order is open, inside a key it counts. Returns the first difference.
 */
export function compareSteps(testCase: DataStreamCase, actual: readonly (readonly JsonObject[])[]): string | null {
  const expected = testCase.expect.perStep ?? [];
  if (testCase.compare === "unorderedSources") return compareUnorderedSources(expected, actual);
  for (let step = 0; step < Math.max(expected.length, actual.length); step++) {
    const wanted = expected[step] ?? [];
    const got = actual[step] ?? [];
    if (equalSteps(testCase, step, wanted, got)) continue;
    return `step ${step} ${JSON.stringify(testCase.input[step])}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
  }
  return null;
}

function equalSteps(testCase: DataStreamCase, step: number, wanted: readonly JsonObject[], got: readonly JsonObject[]): boolean {
  const left = wanted.map(withoutErrorText);
  const right = got.map(withoutErrorText);
  if (canonical(left) === canonical(right)) return true;
  const input = testCase.input[step] ?? {};
  // An input that goes idle may let time go on, too.
  const timed = "watermark" in input || "processingTime" in input || "status" in input;
  const forms: ((outputs: readonly JsonObject[]) => string)[] = [];
  if (testCase.unorderedSteps?.includes(step) || openOrderOfPairs(testCase)) forms.push(multiset);
  const nameless = hasSeveralKeys(testCase);
  if (timed) forms.push((outputs) => groupedByKey(outputs, nameless));
  if (timed && windowsShareTimers(testCase)) forms.push((outputs) => groupedByWindow(outputs, nameless));
  if (iteratesMaps(testCase)) forms.push((outputs) => canonical(outputs.map((output) => withSortedTexts(output) as JsonObject)));
  if (mergesSessions(testCase)) {
    forms.push((outputs) => canonical(outputs.map(withSortedValues)));
    if (timed) forms.push((outputs) => groupedByKey(outputs.map(withSortedValues), nameless));
  }
  return forms.some((form) => form(left) === form(right));
}

/** Several old subtasks are merged in no particular order: list sizes per subtask and all elements together must agree. */
function compareUnorderedSources(expected: readonly (readonly JsonObject[])[], actual: readonly (readonly JsonObject[])[]): string | null {
  const shape = (steps: readonly (readonly JsonObject[])[]) => {
    const sizes: Json[] = [];
    const elements: Json[] = [];
    for (const output of steps.flat()) {
      for (const [name, value] of Object.entries((output["record"] ?? {}) as JsonObject)) {
        const list = Array.isArray(value) ? value : [value];
        sizes.push([output["subtask"] ?? 0, name, list.length]);
        elements.push(...list);
      }
    }
    return canonical([sizes, elements.map(canonical).sort()]);
  };
  const wanted = shape(expected);
  const got = shape(actual);
  return wanted === got ? null : `sizes and elements: expected ${wanted}, got ${got}`;
}

/**
 * Records between two watermarks are ordered by key, each key's records staying as they are.
 *
 * @param nameless true when records that do not name their key may be of different keys.
 */
function groupedByKey(outputs: readonly JsonObject[], nameless: boolean): string {
  return groupedBy(outputs, (output) => canonical([output["subtask"] ?? 0, keyIn(output, nameless)]));
}

function keyIn(output: JsonObject, nameless: boolean): Json {
  return recordOf(output)["key"] ?? (nameless ? canonical(output) : null);
}

/** The same by key and window, each window's firings staying as they are; a firing carries its window's last timestamp. */
function groupedByWindow(outputs: readonly JsonObject[], nameless: boolean): string {
  return groupedBy(outputs, (output) => canonical([output["subtask"] ?? 0, keyIn(output, nameless), output["ts"]]));
}

function groupedBy(outputs: readonly JsonObject[], keyOf: (output: JsonObject) => string): string {
  const segments: Json[] = [];
  let records: JsonObject[] = [];
  const flush = () => {
    segments.push(
      ...records
        .map((output, index) => ({ output, index, key: keyOf(output) }))
        .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : left.index - right.index))
        .map(({ output }) => output),
    );
    records = [];
  };
  for (const output of outputs) {
    if ("watermark" in output || "status" in output) {
      flush();
      segments.push(output);
    } else {
      records.push(output);
    }
  }
  flush();
  return canonical(segments);
}

function hasSeveralKeys(testCase: DataStreamCase): boolean {
  const keyed = testCase.pipeline.type !== "windowAll" && testCase.pipeline.type !== "process";
  return keyed && new Set(testCase.input.flatMap(({ record }) => (record === undefined ? [] : [keyText(record)]))).size > 1;
}

/** Maps have no order; only `mapKeysRaw` shows the one that the backend happens to have. */
function iteratesMaps(testCase: DataStreamCase): boolean {
  return JSON.stringify(testCase.pipeline).includes('"mapKeysRaw"');
}

function withSortedTexts(value: Json): Json {
  if (Array.isArray(value)) {
    const elements = value.map(withSortedTexts);
    return elements.every((element) => element === null || typeof element === "string") ? elements.sort() : elements;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, element]) => [field, withSortedTexts(element)]));
}

function multiset(outputs: readonly JsonObject[]): string {
  return canonical(outputs.map(canonical).sort());
}

function recordOf(output: JsonObject): JsonObject {
  const record = output["record"] ?? output["late"];
  return typeof record === "object" && record !== null && !Array.isArray(record) ? record : {};
}

/** Messages of errors are Flink's; only the fact counts. */
function withoutErrorText(output: JsonObject): JsonObject {
  return "error" in output ? { error: true } : output;
}

/**
 * Timers, and so firings, are ordered by timestamp only. These triggers let several windows of one key fire at the same time, in the order
 * that Flink's binary heap happens to have them in.
 */
function windowsShareTimers(testCase: DataStreamCase): boolean {
  return /"continuous|"processingTimeoutOf/.test(JSON.stringify(testCase.pipeline["trigger"] ?? null));
}

/** When existing sessions merge, Flink keeps the contents of one picked by hash order; so the order of the contents is open. */
function mergesSessions(testCase: DataStreamCase): boolean {
  const assigner = testCase.pipeline["assigner"] as JsonObject | undefined;
  return assigner?.["type"] === "session" || assigner?.["type"] === "dynamicSession";
}

/** Interval joins probe their buckets in map order, and what merged sessions hold has no order that the pairs could keep. */
function openOrderOfPairs(testCase: DataStreamCase): boolean {
  const { type } = testCase.pipeline;
  return type === "intervalJoin" || (type === "windowJoin" && mergesSessions(testCase));
}

function withSortedValues(output: JsonObject): JsonObject {
  const record = { ...recordOf(output) };
  for (const field of ["values", "left", "right"]) {
    const values = record[field];
    if (Array.isArray(values)) record[field] = [...values].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  }
  return "record" in output ? { ...output, record } : output;
}

/** Text that is equal for equal JSON, whatever the order of fields. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = value as Record<string, unknown>;
    return `{${Object.keys(fields)
      .sort()
      .map((field) => `${JSON.stringify(field)}:${canonical(fields[field])}`)
      .join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
