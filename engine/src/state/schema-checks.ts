/** What keeps a restored type from being read at all. */
import { type ClassNames, classNamesIn, type SerializerSnapshot } from "../types/type-serializer.ts";

/** Classes of the type that the program does not have. @param classNames undefined = nobody knows, so none is missing. */
export function missingClasses(serializer: SerializerSnapshot, classNames: ClassNames | undefined): readonly string[] {
  return classNames === undefined ? [] : classNamesIn(serializer).filter((name) => !classNames.has(name));
}

export interface RemovedConstant {
  readonly className: string;
  readonly constant: string;
}

/** Constants of enums that the declared type does not have any more. */
export function removedConstants(now: SerializerSnapshot, before: SerializerSnapshot): readonly RemovedConstant[] {
  switch (before.kind) {
    case "enum": {
      if (now.kind !== "enum" || now.className !== before.className) return [];
      const names = new Set(now.constants.map(([name]) => name));
      return before.constants.filter(([name]) => !names.has(name)).map(([constant]) => ({ className: before.className, constant }));
    }
    case "pojo":
    case "row": {
      if (now.kind !== before.kind) return [];
      const types = new Map(now.fields.map(({ name, type }) => [name, type]));
      return before.fields.flatMap(({ name, type }) => removedConstants(types.get(name) ?? type, type));
    }
    case "tuple":
      return now.kind === "tuple" ? before.fields.flatMap((type, index) => removedConstants(now.fields[index] ?? type, type)) : [];
    case "list":
      return now.kind === "list" ? removedConstants(now.element, before.element) : [];
    case "map":
      return now.kind === "map" ? [...removedConstants(now.key, before.key), ...removedConstants(now.value, before.value)] : [];
    case "ttl":
      return now.kind === "ttl" ? removedConstants(now.value, before.value) : [];
    default:
      return [];
  }
}
