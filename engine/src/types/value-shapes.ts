/**
 * The kinds of objects that a store of bytes holds: a class and its fields, known by a number.
 *
 * Objects that serve as dictionaries have as many shapes as contents. So a class gets a limited number of shapes, of limited length; whatever goes beyond is written
 * with the names of its fields ("open").
 *
 * An object is then its number and the values of its fields, as Flink's POJO serializer has it, and comes back as an instance of its class. A table
 * only grows, so bytes written with it stay readable; a store that continues from another's bytes begins with a copy of its table.
 */

const MAX_SHAPES_PER_CLASS = 32;
const MAX_FIELDS = 64;

/** A class (null = none) and the fields of its instances that are stored, in their order. */
export class ValueShape {
  readonly id: number;
  readonly prototype: object | null;
  readonly fields: readonly string[];
  private readonly derived: readonly string[] | null;

  constructor(id: number, prototype: object | null, fields: readonly string[]) {
    this.id = id;
    this.prototype = prototype;
    this.fields = fields;
    this.derived = derivedFieldsOf(prototype);
  }

  /** Whether the object has these fields in this order. Its class is not looked at. */
  fits(value: object): boolean {
    const { fields, derived } = this;
    let index = 0;
    for (const field in value) {
      if (derived?.includes(field)) continue;
      if (field !== fields[index]) return false;
      index++;
    }
    return index === fields.length;
  }

  /** An object of this class without fields yet. */
  create(): Record<string, unknown> {
    return this.prototype === Object.prototype ? {} : (Object.create(this.prototype) as Record<string, unknown>);
  }
}

/** Classes name in `derivedFields` what only remembers a result that follows from other fields; it is not stored. */
interface WithDerivedFields {
  readonly derivedFields?: readonly string[];
}

function derivedFieldsOf(prototype: object | null): readonly string[] | null {
  return (prototype as WithDerivedFields | null)?.derivedFields ?? null;
}

export class ValueShapes {
  private readonly all: ValueShape[] = [];
  private readonly byPrototype = new Map<object | null, ValueShape[]>();
  private readonly byFieldSet = new Map<string, ValueShape>();
  private last: ValueShape | null = null;
  private lastKey: ValueShape | null = null;

  get size(): number {
    return this.all.length;
  }

  at(id: number): ValueShape {
    const shape = this.all[id];
    if (shape === undefined) throw new RangeError(`unknown shape ${id} in encoded value`);
    return shape;
  }

  /** The shape of an object, a new one if need be; null = its class has too many, or it has too many fields. */
  of(value: object): ValueShape | null {
    const prototype: object | null = Object.getPrototypeOf(value);
    const { last } = this;
    if (last !== null && last.prototype === prototype && last.fits(value)) return last;
    return this.find(value, prototype);
  }

  /**
   * The shape of an object that is (part of) a key. Keys are equal by their fields in any order, whatever their class, and fields that are undefined
   * do not count: equal keys have one shape, that of the first, or none.
   */
  ofKey(value: object): ValueShape | null {
    const { lastKey } = this;
    if (lastKey?.fits(value) && allDefined(value, lastKey.fields)) return lastKey;
    const fields = storedFields(value, Object.getPrototypeOf(value) as object | null).filter(
      (field) => (value as Record<string, unknown>)[field] !== undefined,
    );
    const id = JSON.stringify([...fields].sort());
    let shape = this.byFieldSet.get(id);
    if (shape === undefined) {
      if (fields.length > MAX_FIELDS || this.byFieldSet.size >= MAX_SHAPES_PER_CLASS) return null;
      shape = this.add(Object.getPrototypeOf(value) as object | null, fields);
      this.byFieldSet.set(id, shape);
    }
    this.lastKey = shape;
    return shape;
  }

  /** Stands for the class of an object that is written with the names of its fields: the shape without any. */
  openOf(value: object): ValueShape {
    const prototype = Object.getPrototypeOf(value) as object | null;
    return this.byPrototype.get(prototype)?.find(({ fields }) => fields.length === 0) ?? this.add(prototype, []);
  }

  /** Names of the fields of an object that are stored, in their order. */
  fieldsOf(value: object): string[] {
    return storedFields(value, Object.getPrototypeOf(value) as object | null);
  }

  /** Takes over the first shapes of another table; this one must be empty. */
  copyFrom(other: ValueShapes, count: number): void {
    for (const { prototype, fields } of other.all.slice(0, count)) this.add(prototype, fields);
    for (const [fieldSet, { id }] of other.byFieldSet) if (id < count) this.byFieldSet.set(fieldSet, this.all[id]);
  }

  /** Whether what was written when `other` had its first `count` shapes reads the same with this table. */
  agreesWith(other: ValueShapes, count: number): boolean {
    if (this === other) return true;
    if (this.all.length < count) return false;
    for (let id = 0; id < count; id++) {
      const mine = this.all[id];
      const its = other.all[id];
      if (mine.prototype !== its.prototype || mine.fields.length !== its.fields.length) return false;
      for (let index = 0; index < mine.fields.length; index++) if (mine.fields[index] !== its.fields[index]) return false;
    }
    // Keys must find the same shapes in both.
    for (const [fieldSet, shape] of other.byFieldSet) if (shape.id < count && this.byFieldSet.get(fieldSet)?.id !== shape.id) return false;
    return true;
  }

  private find(value: object, prototype: object | null): ValueShape | null {
    const known = this.byPrototype.get(prototype);
    if (known !== undefined) {
      for (const shape of known) {
        if (!shape.fits(value)) continue;
        this.last = shape;
        return shape;
      }
    }
    if (known !== undefined && known.length >= MAX_SHAPES_PER_CLASS) return null;
    const fields = storedFields(value, prototype);
    if (fields.length > MAX_FIELDS) return null;
    this.last = this.add(prototype, fields);
    return this.last;
  }

  private add(prototype: object | null, fields: readonly string[]): ValueShape {
    const shape = new ValueShape(this.all.length, prototype, fields);
    this.all.push(shape);
    const known = this.byPrototype.get(prototype);
    if (known === undefined) this.byPrototype.set(prototype, [shape]);
    else known.push(shape);
    return shape;
  }
}

function storedFields(value: object, prototype: object | null): string[] {
  const derived = derivedFieldsOf(prototype);
  return Object.keys(value).filter((field) => derived === null || !derived.includes(field));
}

function allDefined(value: object, fields: readonly string[]): boolean {
  for (const field of fields) if ((value as Record<string, unknown>)[field] === undefined) return false;
  return true;
}
