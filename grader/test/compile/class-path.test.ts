import { describe, expect, it } from "vitest";
import { toScript } from "../../src/compile/script.ts";
import { classPathOf } from "../../src/guest/class-path.ts";

async function classesOf(text: string) {
  const result = await toScript("solution.ts", text);
  if ("diagnostics" in result) throw new Error("compiles");
  return classPathOf([result.script], [{ Tuple2: 1 }, globalThis]);
}

describe("the class path of a program", () => {
  it("has what it declares, in whatever form, and what is brought along", async () => {
    const names = await classesOf(`
      export class Account { n = 0; }
      const Ledger = class { n = 0; };
      enum Color { RED, GREEN }
      class Größe$1 {}
      const Size = { S: "S" } as const;
      declare const Types: any;
      Types.ENUM(Size, "T-Shirt");
    `);
    for (const name of ["Account", "Ledger", "Color", "Größe$1", "T-Shirt", "Enum", "Tuple2", "Map", "Object", ""])
      expect(names.has(name), name).toBe(true);
  });

  it("does not have what it only talks about, or has renamed", async () => {
    const names = await classesOf("/* was Account */ interface Old { n: number }\nclass Ledger {}");
    expect([names.has("Account"), names.has("Old"), names.has("Ledger")]).toEqual([false, false, true]);
  });
});
