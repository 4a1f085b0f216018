/** What the command line of `npm run bench -- sql` chose. */
import { positive, UsageError } from "./settings.ts";
import { SQL_JOBS, type SqlJobName } from "./sql-jobs.ts";

export interface SqlSettings {
  readonly host: "isolate" | "node";
  readonly records: number;
  readonly repeat: number;
  /** Only these queries; all when empty. */
  readonly queries: readonly SqlJobName[];
  readonly engineOnly: boolean;
}

const FULL = { records: 2_000_000, repeat: 3 };
const QUICK = { records: 500_000, repeat: 1 };

export const SQL_USAGE = `npm run bench -- sql [options]
  --quick              500,000 records, one repetition: for development
  --records n          records of each input (2 M)
  --repeat n           repetitions, of which the best counts (3)
  --only a,b           only these queries: ${Object.keys(SQL_JOBS).join(", ")}
  --in isolate|node    where the queries run
  --engine-only        without the yardstick, for a profiler`;

export function sqlSettingsOf(args: readonly string[]): SqlSettings {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (["--quick", "--engine-only"].includes(arg)) {
      flags.add(arg);
    } else if (["--records", "--repeat", "--only", "--in"].includes(arg)) {
      const value = rest.shift();
      if (value === undefined) throw new UsageError(`${arg} needs a value`);
      values.set(arg, value);
    } else {
      throw new UsageError(`unknown option ${arg}`);
    }
  }
  const host = values.get("--in") ?? "isolate";
  if (host !== "isolate" && host !== "node") throw new UsageError(`--in isolate or --in node, not ${host}`);
  const usual = flags.has("--quick") ? QUICK : FULL;
  const queries = values.get("--only")?.split(",") ?? [];
  const unknown = queries.find((name) => !Object.hasOwn(SQL_JOBS, name));
  if (unknown !== undefined) throw new UsageError(`there is no query ${unknown}; there are: ${Object.keys(SQL_JOBS).join(", ")}`);
  return {
    host,
    records: positive("--records", values.get("--records"), usual.records),
    repeat: positive("--repeat", values.get("--repeat"), usual.repeat),
    queries: queries as SqlJobName[],
    engineOnly: flags.has("--engine-only"),
  };
}
