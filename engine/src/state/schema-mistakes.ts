/** Why state of another program is refused: what a task finds while it restores. The sentences are Flink's. */
import { Diagnostic } from "../base/diagnostic.ts";
import { type SerializerSnapshot, serializerName, typeText } from "../types/type-serializer.ts";

export interface ChangedType {
  readonly stateName: string;
  readonly now: SerializerSnapshot;
  readonly before: SerializerSnapshot;
  readonly reason: string;
}

export function stateTypeChanged({ stateName, now, before, reason }: ChangedType, stateBackend: "hashmap" | "rocksdb"): Diagnostic {
  const where = stateBackend === "hashmap" ? "For heap backends, the new" : "The new";
  return new Diagnostic({
    code: "STATE_TYPE_CHANGED",
    phase: "runtime",
    message:
      `${where} state serializer (${serializerName(now)}) must not be incompatible with the old state serializer (${serializerName(before)}): ` +
      `in state "${stateName}" ${reason}.`,
    found: `${typeText(now)} for state "${stateName}"`,
    expected: `${typeText(before)}, as in the savepoint`,
    hint: "Fields of a POJO may be added and removed, types may not change. Keep the type, or use a new state name and fill it from the old one.",
  });
}

export function keyTypeChanged(now: SerializerSnapshot, before: SerializerSnapshot, reason: string | undefined): Diagnostic {
  return new Diagnostic({
    code: "KEY_TYPE_CHANGED",
    phase: "runtime",
    message:
      `The new key serializer (${serializerName(now)}) must be compatible with the previous key serializer (${serializerName(before)})` +
      `${reason === undefined ? "" : `: ${reason}`}.`,
    found: `a key of type ${typeText(now)}`,
    expected: `${typeText(before)}, as in the savepoint`,
    hint: "Keyed state lies where its key's hash says, so keys never migrate. Keep the key's type, or start without this operator's state.",
  });
}

export function classMissing(className: string): Diagnostic {
  return new Diagnostic({
    code: "STATE_CLASS_MISSING",
    phase: "runtime",
    message: `Could not find class '${className}' in classpath: state in the savepoint is made of it.`,
    found: `no class ${className} in the program`,
    hint: "State knows its classes by name, so a class may not be renamed or removed while there is state of it.",
  });
}

export function enumConstantRemoved(className: string, constant: string): Diagnostic {
  return new Diagnostic({
    code: "STATE_ENUM_CONSTANT_REMOVED",
    phase: "runtime",
    message: `Could not create a restore serializer for enum class ${className}. Probably because an enum value was removed: ${constant}.`,
    found: `no constant ${constant} in ${className}`,
    hint: "Constants may be added and reordered. One that state may hold must stay.",
  });
}

export function operatorStateTypeChanged(stateName: string, part: "" | "key " | "value ", reason: string): Diagnostic {
  return new Diagnostic({
    code: "OPERATOR_STATE_TYPE_CHANGED",
    phase: "runtime",
    message: `The new ${part}typeSerializer for ${part === "" ? "operator" : "broadcast"} state must not be incompatible: in state "${stateName}" ${reason}.`,
    hint: "Fields of a POJO may be added and removed, types may not change. Keep the type, or use a new state name.",
  });
}

export function nativeToAnotherBackend(stateBackend: "hashmap" | "rocksdb", nativeTo: "hashmap" | "rocksdb"): Diagnostic {
  return new Diagnostic({
    code: "SAVEPOINT_NATIVE_TO_ANOTHER_BACKEND",
    phase: "runtime",
    message:
      "Unexpected state handle type: the savepoint was taken in the native format. This can mostly happen when a different StateBackend from the " +
      "one that was used for taking a checkpoint/savepoint is used when restoring.",
    found: `state backend ${stateBackend}`,
    expected: `state backend ${nativeTo}, which wrote the savepoint`,
    hint: "Take a savepoint in the canonical format to change the state backend.",
  });
}
