/**
 * A savepoint as text, to be kept between runs: one JSON object with a version and a checksum over its content. Whatever else is handed over in
 * its place (a file that was cut off, one of another kind, of a newer version) is refused, and the refusal says which.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { Fingerprint } from "../base/hash.ts";
import type { OperatorCheckpoint } from "../runtime/checkpoint/completed-checkpoint.ts";
import type { Savepoint } from "../runtime/checkpoint/savepoint.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../state/namespace.ts";
import type { KeyedSnapshot, KeyedStateSnapshot, KeyGroupSnapshot, OperatorSnapshot, TimerServiceSnapshot } from "../state/snapshot.ts";
import { type Json, valueFromJson, valueToJson } from "./savepoint-values.ts";

const KIND = "millrace-savepoint";
const VERSION = 1;

/** The savepoint as text. Equal savepoints give equal texts. */
export function writeSavepoint(savepoint: Savepoint): string {
  const content = JSON.stringify(contentOf(savepoint));
  return `{"kind":"${KIND}","version":${VERSION},"checksum":"${checksumOf(content)}","content":${content}}\n`;
}

/**
 * The savepoint that `writeSavepoint` has written.
 *
 * @throws Diagnostic SAVEPOINT_FILE_CORRUPTED, SAVEPOINT_FILE_FOREIGN, SAVEPOINT_FILE_VERSION
 */
export function readSavepoint(text: string): Savepoint {
  const file = parsed(text);
  if (file["kind"] !== KIND) {
    throw refused("SAVEPOINT_FILE_FOREIGN", "This is no savepoint.", `a JSON file of kind ${JSON.stringify(file["kind"] ?? null)}`);
  }
  if (file["version"] !== VERSION) {
    throw refused(
      "SAVEPOINT_FILE_VERSION",
      "The savepoint was written by another version of Millrace.",
      `version ${String(file["version"])}`,
    );
  }
  const checksum = checksumOf(JSON.stringify(file["content"]));
  if (checksum !== file["checksum"]) {
    throw refused("SAVEPOINT_FILE_CORRUPTED", "The savepoint was changed or damaged: its checksum is wrong.", `checksum ${checksum}`);
  }
  return savepointOf(file["content"] as unknown as Content);
}

function parsed(text: string): Record<string, unknown> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw refused("SAVEPOINT_FILE_CORRUPTED", "The savepoint cannot be read: it is cut off or no JSON.", (error as Error).message);
  }
  if (typeof file === "object" && file !== null && !Array.isArray(file)) return file as Record<string, unknown>;
  throw refused("SAVEPOINT_FILE_FOREIGN", "This is no savepoint.", `${Array.isArray(file) ? "a list" : typeof file}`);
}

function refused(code: string, message: string, found: string): Diagnostic {
  return new Diagnostic({
    code,
    phase: "runtime",
    message,
    found,
    expected: `a savepoint as "millrace run --savepoint" writes it, version ${VERSION}`,
    hint: "Take the savepoint anew. Nothing has been restored.",
  });
}

function checksumOf(content: string): string {
  const fingerprint = new Fingerprint();
  fingerprint.add(content);
  return fingerprint.hex();
}

interface Content {
  readonly format: Savepoint["format"];
  readonly stateBackend: Savepoint["stateBackend"];
  readonly jobName: string;
  readonly checkpoint: { readonly id: number; readonly completedAtMs: number; readonly bytes: number };
  readonly operators: readonly OperatorContent[];
  readonly enumerators: readonly (readonly [string, Json])[];
}

interface OperatorContent extends Omit<OperatorCheckpoint, "subtasks" | "uid"> {
  readonly id: string;
  readonly uid: string | null;
  readonly subtasks: readonly Json[];
}

function contentOf({ format, stateBackend, jobName, checkpoint }: Savepoint): Content {
  const { id, completedAtMs, bytes } = checkpoint;
  const operators = [...checkpoint.operators].map(([operatorId, { name, uid, parallelism, maxParallelism, subtasks }]) => {
    return { id: operatorId, name, uid: uid ?? null, parallelism, maxParallelism, subtasks: subtasks.map(snapshotToJson) };
  });
  const enumerators = [...checkpoint.enumerators].map(([operatorId, state]) => [operatorId, valueToJson(state)] as const);
  return { format, stateBackend, jobName, checkpoint: { id, completedAtMs, bytes }, operators, enumerators };
}

function savepointOf({ format, stateBackend, jobName, checkpoint, operators, enumerators }: Content): Savepoint {
  const restored = operators.map(({ id, uid, subtasks, ...operator }) => {
    return [id, { ...operator, uid: uid ?? undefined, subtasks: subtasks.map(snapshotFromJson) }] as const;
  });
  const states = enumerators.map(([id, state]) => [id, valueFromJson(state)] as const);
  return {
    format,
    stateBackend,
    jobName,
    checkpoint: { ...checkpoint, operators: new Map(restored), enumerators: new Map(states), channels: [] },
  };
}

function snapshotToJson({ keyed, operatorState, bytes, keyedSchema }: OperatorSnapshot): Json {
  const groups = keyed === null ? null : [...keyed.groups].map(([keyGroup, group]) => [keyGroup, groupWith(group, namespaceToJson)]);
  const keyedContent = keyed === null ? null : { maxParallelism: keyed.maxParallelism, groups };
  return valueToJson({ keyed: keyedContent, operatorState, bytes, keyedSchema: keyedSchema ?? null });
}

function snapshotFromJson(json: Json): OperatorSnapshot {
  const { keyed, ...snapshot } = valueFromJson(json) as OperatorSnapshot & { readonly keyed: StoredKeyed | null };
  return { ...snapshot, keyed: keyed === null ? null : keyedFrom(keyed) };
}

interface StoredKeyed {
  readonly maxParallelism: number;
  readonly groups: readonly (readonly [number, KeyGroupSnapshot])[];
}

function keyedFrom({ maxParallelism, groups }: StoredKeyed): KeyedSnapshot {
  return { maxParallelism, groups: new Map(groups.map(([keyGroup, group]) => [keyGroup, groupWith(group, namespaceFromJson)])) };
}

function groupWith({ states, timers }: KeyGroupSnapshot, change: (namespace: unknown) => unknown): KeyGroupSnapshot {
  const changed = <E extends { readonly namespace: unknown }>(entry: E): E => ({ ...entry, namespace: change(entry.namespace) });
  return {
    states: states.map((state): KeyedStateSnapshot => ({ ...state, entries: state.entries.map(changed) })),
    timers: timers.map(
      (service): TimerServiceSnapshot => ({ ...service, event: service.event.map(changed), processing: service.processing.map(changed) }),
    ),
  };
}

/** Windows are values; other namespaces are known by their key. */
function namespaceToJson(namespace: unknown): unknown {
  if (typeof namespace === "number") return namespace;
  const { namespaceKey } = namespace as StateNamespace;
  if (namespaceKey === VOID_NAMESPACE.namespaceKey) return null;
  return Object.getPrototypeOf(namespace) === Object.prototype ? { namespaceKey } : namespace;
}

function namespaceFromJson(stored: unknown): unknown {
  return stored ?? VOID_NAMESPACE;
}
