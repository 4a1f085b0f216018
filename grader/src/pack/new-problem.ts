/** `millrace pack new`: a complete problem of a kind, small and green, to be changed step by step (problems/README.md). */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ProblemKind } from "./problem.ts";

const TEMPLATES = join(import.meta.dirname, "../../templates");
const NAME = /^[a-z0-9][a-z0-9-]*$/;

/** Copies a kind's template to `dir`, whose name becomes the id, and makes the folder above it a pack when it is none. Gives what it made; throws an Error with a sentence. */
export function newProblem(dir: string, kind: ProblemKind): string[] {
  const target = resolve(dir);
  const id = basename(target);
  if (!NAME.test(id)) throw new Error(`${id}: a problem is called by small letters, digits and hyphens.`);
  if (existsSync(target)) throw new Error(`${dir} is there already.`);
  const made: string[] = [];
  const packFile = join(dirname(target), "pack.yaml");
  mkdirSync(dirname(target), { recursive: true });
  if (!existsSync(packFile)) {
    const name =
      basename(dirname(target))
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "") || "pack";
    writeFileSync(packFile, packYaml(name));
    made.push(packFile);
  }
  const section = /number:\s*(\d+)/.exec(readFileSync(packFile, "utf8"))?.[1] ?? "1";
  cpSync(join(TEMPLATES, kind), target, { recursive: true });
  const problemFile = join(target, "problem.yaml");
  const yaml = readFileSync(problemFile, "utf8")
    .replace(/^id: .*$/m, `id: ${id}`)
    .replace(/^title: .*$/m, `title: ${titleOf(id)}`)
    .replace(/^section: .*$/m, `section: ${section}`);
  writeFileSync(problemFile, yaml);
  made.push(target);
  return made;
}

function titleOf(id: string): string {
  const words = id.replaceAll("-", " ");
  return JSON.stringify(words.charAt(0).toUpperCase() + words.slice(1));
}

function packYaml(name: string): string {
  return `format: 1
id: ${name}
title: ${titleOf(name)}
version: 0.1.0
licence: CC-BY-4.0
authors: [Somebody]
engine: ">=0.1"
sections:
  - { number: 1, title: First steps }
`;
}
