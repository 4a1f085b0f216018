/** What must be there outside for a script's tables: topics, and whatever else connectors name. A command line makes a world of it. */
import type { SystemDescription } from "../../connectors/systems/outside-system.ts";
import { CONNECTORS } from "../5-execute/connectors/registry.ts";
import { TableOptions } from "../5-execute/connectors/table-options.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import { sessionEvaluation } from "../session-evaluation.ts";

export interface ScriptWorld {
  readonly topics: readonly string[];
  readonly systems: readonly SystemDescription[];
}

export function worldOfTables(tables: readonly CatalogTable[]): ScriptWorld {
  const topics = new Set<string>();
  const systems = new Map<string, SystemDescription>();
  const evaluation = sessionEvaluation({ zoneOffsetMs: () => 0 });
  for (const table of tables) {
    const options = new TableOptions(table.options);
    for (const topic of options.list("topic") ?? []) topics.add(topic);
    const connector = CONNECTORS.get(options.text("connector", ""));
    for (const system of connector?.systems?.({ table, options, evaluation }, [...systems.values()]) ?? [])
      systems.set(system.name, system);
  }
  return { topics: [...topics], systems: [...systems.values()] };
}
