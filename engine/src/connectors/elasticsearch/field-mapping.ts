type FieldType = "number" | "boolean" | "text" | "object";

/** Dynamic mapping: the first value of a field settles its type, and later ones must fit. */
export class FieldMapping {
  private readonly types = new Map<string, FieldType>();

  /** Null, or why the document does not fit; then nothing of it is remembered. */
  accept(source: unknown): string | null {
    const found = new Map<string, FieldType>();
    const mistake = this.look(source, "", found);
    if (mistake === null) for (const [field, type] of found) this.types.set(field, type);
    return mistake;
  }

  private look(value: unknown, field: string, found: Map<string, FieldType>): string | null {
    if (value === null || value === undefined) return null;
    if (Array.isArray(value)) {
      for (const element of value) {
        const mistake = this.look(element, field, found);
        if (mistake !== null) return mistake;
      }
      return null;
    }
    const type = typeOf(value);
    if (field !== "") {
      const known = this.types.get(field) ?? found.get(field);
      if (known !== undefined && !fits(value, type, known)) return `failed to parse field [${field}] of type [${nameOf(known)}]`;
      if (known === undefined) found.set(field, type);
    }
    if (type !== "object") return null;
    for (const [name, inner] of Object.entries(value)) {
      const mistake = this.look(inner, field === "" ? name : `${field}.${name}`, found);
      if (mistake !== null) return mistake;
    }
    return null;
  }
}

function typeOf(value: unknown): FieldType {
  return typeof value === "number" || typeof value === "boolean"
    ? (typeof value as FieldType)
    : typeof value === "object"
      ? "object"
      : "text";
}

/** Texts take anything but objects; numbers and booleans also their texts. */
function fits(value: unknown, type: FieldType, known: FieldType): boolean {
  if (type === known) return true;
  if (known === "text") return type !== "object";
  if (known === "number") return type === "text" && value !== "" && Number.isFinite(Number(value));
  return known === "boolean" && (value === "true" || value === "false");
}

function nameOf(type: FieldType): string {
  return type === "number" ? "float" : type;
}
