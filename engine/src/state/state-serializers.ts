/** The types in a state's value, as a snapshot remembers them: what the descriptor declares, in the form that its kind of state keeps. */
import { composed, type SerializerSnapshot, serializerOf, type TypeSerializer } from "../types/type-serializer.ts";
import type { ListStateDescriptor, MapStateDescriptor, StateDescriptor } from "./descriptors.ts";

/** Of what the state holds for one key and namespace. */
export function valueSerializerOf(descriptor: StateDescriptor): TypeSerializer {
  const ttl = descriptor.getTtlConfig() !== undefined;
  const aged = (value: SerializerSnapshot): SerializerSnapshot => (ttl ? { kind: "ttl", value } : value);
  switch (descriptor.kind) {
    case "list": {
      const element = elementSerializerOf(descriptor as unknown as ListStateDescriptor<unknown>);
      return composed([element], { kind: "list", element: aged(element.snapshot) });
    }
    case "map": {
      const { key, value } = entrySerializersOf(descriptor as unknown as MapStateDescriptor<unknown, unknown>);
      return composed([key, value], { kind: "map", key: key.snapshot, value: aged(value.snapshot) });
    }
    default: {
      const serializer = serializerOf((descriptor as unknown as { readonly typeInfo: unknown }).typeInfo);
      return composed([serializer], aged(serializer.snapshot));
    }
  }
}

export function elementSerializerOf({ elementTypeInfo }: ListStateDescriptor<unknown>): TypeSerializer {
  return serializerOf(elementTypeInfo);
}

export function entrySerializersOf({ keyTypeInfo, valueTypeInfo }: MapStateDescriptor<unknown, unknown>): {
  readonly key: TypeSerializer;
  readonly value: TypeSerializer;
} {
  return { key: serializerOf(keyTypeInfo), value: serializerOf(valueTypeInfo) };
}

/** What migrates one by one: the T of a value, the elements of a list, the values of a map; each without its time. */
export function migratedPartOf(serializer: SerializerSnapshot): SerializerSnapshot {
  const part = serializer.kind === "list" ? serializer.element : serializer.kind === "map" ? serializer.value : serializer;
  return part.kind === "ttl" ? part.value : part;
}

/** As it would be with (or without) time to live: switching that on or off is no change of type. */
export function withTtlOf(serializer: SerializerSnapshot, other: SerializerSnapshot): SerializerSnapshot {
  const change = (part: SerializerSnapshot, like: SerializerSnapshot): SerializerSnapshot => {
    const bare = part.kind === "ttl" ? part.value : part;
    return like.kind === "ttl" ? { kind: "ttl", value: bare } : bare;
  };
  if (serializer.kind === "list")
    return other.kind === "list" ? { ...serializer, element: change(serializer.element, other.element) } : serializer;
  if (serializer.kind === "map") return other.kind === "map" ? { ...serializer, value: change(serializer.value, other.value) } : serializer;
  return change(serializer, other);
}
