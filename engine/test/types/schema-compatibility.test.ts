/** SAV-5: what may change about a type, case by case, and why the rest may not. */
import { describe, expect, it } from "vitest";
import { type TypeInformation, Types } from "../../src/index.ts";
import { resolveSchemaCompatibility } from "../../src/types/schema-compatibility.ts";
import { migrationOf } from "../../src/types/schema-migration.ts";
import { serializerOf } from "../../src/types/type-serializer.ts";

class Account {
  owner = "";
  balance = 0;
}

class WithArguments {
  readonly owner: string;
  constructor(owner: string) {
    this.owner = owner;
  }
}

/** Another version of a class: the same name, other fields. */
function version(name: string, fields: Readonly<Record<string, unknown>>): new () => object {
  return {
    [name]: class {
      constructor() {
        Object.assign(this, fields);
      }
    },
  }[name];
}

const pojo = (fields: Readonly<Record<string, unknown>>, name = "Account") => Types.POJO(version(name, fields));
const snapshotOf = (type: TypeInformation<never> | TypeInformation<unknown>) => serializerOf(type).snapshot;

type Change = readonly [what: string, before: unknown, now: unknown, outcome: string];

const CHANGES: readonly Change[] = [
  ["nothing", Types.INT, Types.INT, "asIs"],
  ["Integer to Long", Types.INT, Types.LONG, "incompatible: it was Integer, is now Long"],
  ["a field's type", pojo({ n: 0 }), pojo({ n: "" }), 'incompatible: "n" was Number, is now String'],
  ["a field added", pojo({ n: 0 }), pojo({ n: 0, m: 0 }), "afterMigration"],
  ["a field removed", pojo({ n: 0, m: 0 }), pojo({ n: 0 }), "afterMigration"],
  ["fields in another order", pojo({ n: 0, m: "" }), pojo({ m: "", n: 0 }), "asIs"],
  ["a class renamed", pojo({ n: 0 }), pojo({ n: 0 }, "Konto"), "incompatible: it was Account(n: Number), is now Konto(n: Number)"],
  [
    "a POJO made generic",
    pojo({ n: 0 }),
    Types.GENERIC(version("Account", { n: 0 })),
    "incompatible: it was Account(n: Number), is now GenericType<Account>",
  ],
  ["a constant added", Types.ENUM({ A: "A" }, "E"), Types.ENUM({ A: "A", B: "B" }, "E"), "reconfigured"],
  ["constants in another order", Types.ENUM({ A: 0, B: 1 }, "E"), Types.ENUM({ B: 0, A: 1 }, "E"), "reconfigured"],
  [
    "the arity of a tuple",
    Types.TUPLE(Types.INT),
    Types.TUPLE(Types.INT, Types.INT),
    "incompatible: it was Tuple1<Integer>, is now Tuple2<Integer, Integer>",
  ],
  [
    "a field of a tuple",
    Types.TUPLE(Types.STRING, Types.INT),
    Types.TUPLE(Types.STRING, Types.LONG),
    'incompatible: "f1" was Integer, is now Long',
  ],
  [
    "a name of a row",
    Types.ROW_NAMED(["a"], Types.INT),
    Types.ROW_NAMED(["b"], Types.INT),
    "incompatible: it was Row(a: Integer), is now Row(b: Integer)",
  ],
  ["elements, by a field added", Types.LIST(pojo({ n: 0 })), Types.LIST(pojo({ n: 0, m: 0 })), "afterMigration"],
  [
    "a map's values",
    Types.MAP(Types.STRING, Types.INT),
    Types.MAP(Types.STRING, Types.STRING),
    'incompatible: "value" was Integer, is now String',
  ],
  [
    "a list to a map",
    Types.LIST(Types.INT),
    Types.MAP(Types.INT, Types.INT),
    "incompatible: it was List<Integer>, is now Map<Integer, Integer>",
  ],
  ["nothing was declared", undefined, Types.INT, "asIs"],
  ["nothing is declared any more", Types.INT, undefined, "asIs"],
  [
    "a class that shows its numbers only by values",
    Types.POJO(Account),
    Types.POJO(Account, { owner: Types.STRING, balance: Types.LONG }),
    "asIs",
  ],
];

describe("SAV-5 compatibility", () => {
  it.each(CHANGES)("%s", (_what, before, now, outcome) => {
    const compatibility = resolveSchemaCompatibility(serializerOf(now).snapshot, serializerOf(before).snapshot);
    const text = compatibility.kind === "incompatible" ? `incompatible: ${compatibility.reason}` : compatibility.kind;
    expect(text).toBe(outcome);
  });

  it("a class without visible fields is generic, as in Flink", () => {
    expect(snapshotOf(Types.POJO(WithArguments))).toEqual({ kind: "generic", className: "WithArguments", fields: null });
    expect(snapshotOf(Types.POJO(Account)).kind).toBe("pojo");
    expect(snapshotOf(Types.POJO(WithArguments, { owner: Types.STRING })).kind).toBe("pojo");
  });
});

describe("SAV-5 migration", () => {
  const migrated = (now: TypeInformation<object>, before: TypeInformation<object>, value: unknown) =>
    migrationOf(serializerOf(now), serializerOf(before).snapshot)?.(value) ?? value;

  it("new fields have what the class gives them, or the default of their type; old ones go; what no type knows stays", () => {
    const before = Types.POJO(version("Account", {}), { old: Types.INT, kept: Types.INT } as never);
    const Now = version("Account", { level: "basic" });
    const types = { kept: Types.INT, level: Types.STRING, visits: Types.LONG, vip: Types.BOOLEAN, note: Types.STRING };
    const value = migrated(Types.POJO(Now, types as never), before, { old: 1, kept: 2, extra: "e" });
    expect(value).toEqual(Object.assign(new Now(), { kept: 2, level: "basic", visits: 0, vip: false, note: null, extra: "e" }));
    expect(value).toBeInstanceOf(Now);
  });

  it("a value of an enum is its constant, whatever number that has now", () => {
    const change = migrationOf(serializerOf(Types.ENUM({ B: 0, A: 1 }, "E")), serializerOf(Types.ENUM({ A: 0, B: 1 }, "E")).snapshot);
    expect([0, 1].map((value) => change?.(value))).toEqual([1, 0]);
  });

  it("a generic type keeps its fields, or loses those at the end; anything else cannot be read back", () => {
    const generic = (fields: Readonly<Record<string, number>>) => Types.GENERIC(version("G", fields));
    expect(migrated(generic({ a: 0 }), generic({ a: 0, b: 0 }), { a: 1, b: 2 })).toEqual({ a: 1 });
    expect(() => migrated(generic({ a: 0, b: 0 }), generic({ a: 0 }), { a: 1 })).toThrow("Buffer underflow");
  });
});
