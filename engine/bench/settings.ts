/** What the command line chose, in full. */
export interface Settings {
  readonly host: "isolate" | "node";
  /** Records of a throughput run. */
  readonly records: number;
  readonly repeat: number;
  /** Only this job, and nothing but throughput. */
  readonly job: string | null;
  /** Only these sections; all when empty. */
  readonly sections: readonly string[];
  readonly engineOnly: boolean;
  /** Smaller runs of everything, for development. */
  readonly quick: boolean;
  readonly saveBaseline: boolean;
}

export const SECTION_NAMES = ["throughput", "start", "growth", "sliding", "memory", "state", "checkpoints"] as const;

const FULL = { records: 10_000_000, repeat: 3 };
const QUICK = { records: 1_000_000, repeat: 1 };

export const USAGE = `npm run bench -- engine [options]
  --quick              1 M records, one repetition: for development
  --records n          records of a throughput run (10 M; 1 M with --quick or in Node)
  --repeat n           repetitions, of which the best counts (3)
  --job name           only tumbling, sliding, session, dedup or dedup-lsm
  --only a,b           only these sections: ${SECTION_NAMES.join(", ")}
  --in isolate|node    where the jobs run; in Node there is nothing but throughput
  --engine-only        without the yardstick, for a profiler
  --save-baseline      write what is measured into bench/baseline.json instead of comparing with it`;

/** Thrown with a sentence for the user. */
export class UsageError extends Error {}

export function settingsOf(args: readonly string[]): Settings {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (["--quick", "--engine-only", "--save-baseline"].includes(arg)) {
      flags.add(arg);
    } else if (["--records", "--repeat", "--job", "--only", "--in"].includes(arg)) {
      const value = rest.shift();
      if (value === undefined) throw new UsageError(`${arg} needs a value`);
      values.set(arg, value);
    } else {
      throw new UsageError(`unknown option ${arg}`);
    }
  }
  const host = values.get("--in") ?? "isolate";
  if (host !== "isolate" && host !== "node") throw new UsageError(`--in isolate or --in node, not ${host}`);
  const quick = flags.has("--quick");
  const usual = quick ? QUICK : host === "node" ? { ...FULL, records: QUICK.records } : FULL;
  const settings: Settings = {
    host,
    quick,
    records: positive("--records", values.get("--records"), usual.records),
    repeat: positive("--repeat", values.get("--repeat"), usual.repeat),
    job: values.get("--job") ?? null,
    sections: values.get("--only")?.split(",") ?? [],
    engineOnly: flags.has("--engine-only"),
    saveBaseline: flags.has("--save-baseline"),
  };
  const unknown = settings.sections.find((name) => !SECTION_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new UsageError(`there is no section ${unknown}; there are: ${SECTION_NAMES.join(", ")}`);
  const partial = quick || host === "node" || settings.job !== null || settings.records !== FULL.records;
  if (settings.saveBaseline && partial)
    throw new UsageError("a baseline is of whole sections in isolates: only --only and --repeat go with --save-baseline");
  return settings;
}

export function positive(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) throw new UsageError(`${name} needs a positive whole number, not ${text}`);
  return value;
}

export function wants(settings: Settings, section: (typeof SECTION_NAMES)[number]): boolean {
  if (settings.job !== null || settings.host === "node") return section === "throughput";
  return settings.sections.length === 0 || settings.sections.includes(section);
}
