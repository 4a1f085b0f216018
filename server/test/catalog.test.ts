import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { loadCatalog } from "../src/services/catalog/load-catalog.ts";
import { removeTempDirs, tempDir } from "./test-server.ts";

afterEach(removeTempDirs);

const PACK = `format: 1
id: small
title: A small pack
version: 1.2.3
licence: Apache-2.0
authors: [Someone]
engine: ">=0.1"
sections:
  - { number: 1, title: First }
`;

it("tells a folder that is not there, and serves nothing", async () => {
  const missing = join(tempDir(), "none");
  const { catalog, complaints } = await loadCatalog([missing]);
  expect(catalog.problems).toEqual([]);
  expect(complaints).toEqual([`${missing} There is no such folder of problems.`]);
});

it("tells the place of a mistake in pack.yaml and goes on with other packs", async () => {
  const dir = tempDir();
  for (const name of ["good", "bad", "no-pack"]) mkdirSync(join(dir, name));
  writeFileSync(join(dir, "good", "pack.yaml"), PACK);
  writeFileSync(join(dir, "bad", "pack.yaml"), PACK.replace("title: A", "titel: A"));
  const { catalog, complaints } = await loadCatalog([dir]);
  expect(catalog.packTitle).toBe("A small pack");
  expect(catalog.sections).toMatchObject([{ number: 1, title: "First" }]);
  expect(complaints.some((complaint) => complaint.startsWith(join(dir, "bad", "pack.yaml:3:")))).toBe(true);
});

it("leaves a broken problem out and tells where it is broken", async () => {
  const dir = join(tempDir(), "pack");
  mkdirSync(join(dir, "broken"), { recursive: true });
  writeFileSync(join(dir, "pack.yaml"), PACK);
  writeFileSync(join(dir, "broken", "problem.yaml"), "format: 1\nid: [");
  const { catalog, complaints } = await loadCatalog([dir]);
  expect(catalog.problems).toEqual([]);
  expect(complaints.length).toBeGreaterThan(0);
  for (const complaint of complaints) expect(complaint).toContain(join(dir, "broken", "problem.yaml:"));
});

it("keeps the first of two problems with one id", async () => {
  const dir = tempDir();
  mkdirSync(join(dir, "a"));
  const bundled = new URL("../../problems/flink-interview/", import.meta.url);
  cpSync(bundled, join(dir, "a"), { recursive: true });
  cpSync(bundled, join(dir, "b"), { recursive: true });
  const { catalog, complaints } = await loadCatalog([join(dir, "a"), join(dir, "b")]);
  const ids = catalog.problems.map((problem) => problem.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(complaints.filter((complaint) => complaint.includes("Another pack already has")).length).toBe(ids.length);
  // The whole pack is copied and read twice.
}, 60_000);
