/** Joins of many inputs by one common key. */
import type { Hints, MultiJoin as LogicalMultiJoin, Rel } from "../2-analyze/rel.ts";
import { commonKeyFields, keyPairs } from "../2-analyze/multi-join-keys.ts";
import { byKeys, INSERTS } from "./build.ts";
import { stateTtlTexts } from "./hints.ts";
import { durationMs } from "../catalog/options.ts";
import type { MultiJoin } from "./physical.ts";
import { inputSpec } from "./plan-join.ts";
import type { Planner } from "./planner.ts";
import { uniqueKeys } from "./unique-keys.ts";

export function planMultiJoin(planner: Planner, rel: LogicalMultiJoin, hints: Hints): MultiJoin {
  const planned = rel.inputs.map((input) => planner.plan(input));
  const commonKeys = commonKeyFields(rel);
  const texts = stateTtlTexts([...(rel.hints as readonly never[]), ...(hints as readonly never[])]);
  const ttlTexts = rel.inputs.map((input) => ttlOf(input, texts));
  return {
    kind: "MultiJoin",
    inputs: planned.map((input, i) => byKeys(input, commonKeys[i])),
    types: rel.types,
    conditions: rel.conditions,
    commonKeys,
    keyPairs: keyPairs(rel),
    specs: planned.map((input, i) => inputSpec(commonKeys[i], uniqueKeys(input))),
    ttlTexts,
    ttlsMs: ttlTexts.map((text) => (text === null ? null : durationMs(text))),
    columns: rel.columns,
    changelog: INSERTS,
  };
}

function ttlOf(rel: Rel, texts: ReadonlyMap<string, string>): string | null {
  if (texts.size === 0) return null;
  if (rel.kind === "scan") return texts.get(rel.table.name) ?? null;
  return "input" in rel ? ttlOf(rel.input, texts) : null;
}
