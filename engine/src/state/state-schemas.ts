/**
 * What a backend's states are, by name: their kind and their types, as the program has declared them or as a snapshot remembers them.
 *
 * Three moments, as in Flink. A *snapshot* takes the descriptions along, also of states without an entry. A *restore* reads them: here it shows
 * whether the key is still of the same type, whether every class still exists and every enum still has its constants. A state that is *asked
 * for* is compared with what was restored: it is taken over as it is or rewritten at once, or refused. What nobody asks for stays as it was
 * and goes into the next snapshot.
 */
import { migrationOf } from "../types/schema-migration.ts";
import { resolveSchemaCompatibility } from "../types/schema-compatibility.ts";
import type { ClassNames, SerializerSnapshot, TypeSerializer } from "../types/type-serializer.ts";
import type { StateDescriptor } from "./descriptors.ts";
import { classMissing, enumConstantRemoved, keyTypeChanged, stateTypeChanged } from "./schema-mistakes.ts";
import type { KeyedSchema, StateSchema } from "./snapshot.ts";
import { removedConstants, missingClasses } from "./schema-checks.ts";
import { migratedPartOf, valueSerializerOf, withTtlOf } from "./state-serializers.ts";

export interface SchemaSettings {
  readonly stateBackend: "hashmap" | "rocksdb";
  readonly key: TypeSerializer;
  /** Names of the program's classes; undefined = nobody knows. */
  readonly classNames: ClassNames | undefined;
}

export class StateSchemas {
  private readonly settings: SchemaSettings;
  private readonly states = new Map<string, StateSchema>();
  private key: SerializerSnapshot;

  constructor(settings: SchemaSettings) {
    this.settings = settings;
    this.key = settings.key.snapshot;
  }

  /** @throws Diagnostic STATE_CLASS_MISSING, KEY_TYPE_CHANGED */
  restore({ key, states }: KeyedSchema): void {
    for (const serializer of [key, ...states.map((state) => state.serializer)]) this.checkReadable(serializer);
    const compatibility = resolveSchemaCompatibility(this.settings.key.snapshot, key);
    if (compatibility.kind === "incompatible" || compatibility.kind === "afterMigration") {
      throw keyTypeChanged(this.settings.key.snapshot, key, compatibility.kind === "incompatible" ? compatibility.reason : undefined);
    }
    // A program that says nothing keeps what was known.
    if (this.key.kind === "untyped") this.key = key;
    for (const state of states) this.states.set(state.stateName, state);
  }

  private checkReadable(serializer: SerializerSnapshot): void {
    const [missing] = missingClasses(serializer, this.settings.classNames);
    if (missing !== undefined) throw classMissing(missing);
  }

  /**
   * The program asks for a state: from now on it has the declared types.
   *
   * @returns how each T in it is to be rewritten; null when all may stay.
   * @throws Diagnostic STATE_TYPE_CHANGED, STATE_ENUM_CONSTANT_REMOVED
   */
  register(descriptor: StateDescriptor): ((value: unknown) => unknown) | null {
    const now = valueSerializerOf(descriptor);
    const restored = this.states.get(descriptor.name);
    const typed = now.snapshot.kind !== "untyped" || restored === undefined;
    const ttl = descriptor.getTtlConfig();
    this.states.set(descriptor.name, {
      stateName: descriptor.name,
      kind: descriptor.kind,
      serializer: typed ? now.snapshot : withTtlOf(restored.serializer, now.snapshot),
      ...(ttl?.cleanupInSnapshot === true ? { dropsExpiredAfterMs: ttl.ttlMs } : {}),
    });
    if (restored === undefined) return null;
    const before = withTtlOf(restored.serializer, now.snapshot);
    const [removed] = removedConstants(now.snapshot, before);
    if (removed !== undefined) throw enumConstantRemoved(removed.className, removed.constant);
    const compatibility = resolveSchemaCompatibility(now.snapshot, before);
    if (compatibility.kind === "incompatible") {
      const changed = { stateName: descriptor.name, now: now.snapshot, before: restored.serializer, reason: compatibility.reason };
      throw stateTypeChanged(changed, this.settings.stateBackend);
    }
    const part: TypeSerializer = { snapshot: migratedPartOf(now.snapshot), classes: now.classes };
    return migrationOf(part, migratedPartOf(before));
  }

  /** For a snapshot. @param timers the operator has timers, so there is a key even if no state was declared. */
  describe(timers: boolean): KeyedSchema | null {
    return this.states.size === 0 && !timers ? null : { key: this.key, states: [...this.states.values()] };
  }
}
