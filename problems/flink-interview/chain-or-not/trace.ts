/**
 * The deployed job as a table: which operators share a task, how many subtasks there are, and which subtask has counted each order. All of it is
 * read from the run's own metrics and printed lines; only the key groups, which are given to the learner, are computed here as Flink does.
 */
interface Run {
  readonly outcome: {
    readonly printed: readonly string[];
    readonly metrics: {
      readonly subtasks: readonly {
        readonly vertex: number;
        readonly subtask: number;
        readonly operators: readonly { readonly name: string }[];
      }[];
    };
  };
  readonly recording: { readonly events: readonly { readonly kind: string; readonly value?: unknown }[] };
}

const MAX_PARALLELISM = 128;

/** Name of an operator → what the program says about it. */
const PROGRAM: [string, string][] = [
  ["orders", "fromSource"],
  ["tidy", "map"],
  ["paid", "filter"],
  ["round", "map, startNewChain()"],
  ["total", "keyBy, process"],
  ["large", "filter"],
  ["enrich", "map, disableChaining()"],
  ["format", "map"],
  ["text", "map, setParallelism(1)"],
  ["out", "print, setParallelism(1)"],
];

export function trace({ outcome, recording }: Run) {
  const { subtasks } = outcome.metrics;
  const plain = (name: string) => name.replace(/^(Source|Sink): /, "").replace(/: Writer$/, "");
  const taskOf = (operator: string) => subtasks.filter(({ operators }) => operators.some(({ name }) => plain(name) === operator));
  const chaining = taskOf("orders")[0].operators.length > 1;
  const parallelism = taskOf("orders").length;
  const heads = PROGRAM.map(([name]) => name);
  const rows: { id: string; cells: unknown[] }[] = [
    {
      id: "job",
      cells: ["the whole job", `default parallelism ${parallelism}, chaining ${chaining ? "on" : "off"}`, null, null, null, null],
    },
  ];
  const perVertex = new Map<number, number>();
  for (const { vertex } of subtasks) perVertex.set(vertex, (perVertex.get(vertex) ?? 0) + 1);
  // All are in the default slot sharing group, so a slot takes one subtask of every task.
  const answers: Record<string, Record<string, unknown>> = { job: { number: subtasks.length, slots: Math.max(...perVertex.values()) } };
  for (const [name, says] of PROGRAM) {
    const task = taskOf(name);
    rows.push({ id: name, cells: [name, says, null, null, null, null] });
    answers[name] = { task: plain(task[0].operators[0].name), number: task.length };
  }
  const counted = new Map(
    outcome.printed.map((line) => [...line.matchAll(/\{"id":(\d+),"subtask":(\d+)\}/g)][0]).map(([, id, subtask]) => [id, Number(subtask)]),
  );
  for (const event of recording.events) {
    if (event.kind !== "read") continue;
    const { id, shop } = event.value as { id: number; shop: string };
    rows.push({
      id: `order ${id}`,
      cells: [`order ${id}`, `shop ${shop}, key group ${keyGroup(shop)} of ${MAX_PARALLELISM}`, null, null, null, null],
    });
    answers[`order ${id}`] = { subtask: counted.get(`${id}`) };
  }
  return {
    columns: [
      { name: "item", label: "what" },
      { name: "says", label: "program or key" },
      { name: "task", label: "in the task that begins with", blank: true, options: heads },
      { name: "number", label: "subtasks (of the whole job: threads)", blank: true, hint: "a number" },
      { name: "slots", label: "slots needed", blank: true, hint: "a number" },
      { name: "subtask", label: "counted by subtask", blank: true, hint: "from 0" },
    ],
    rows,
    answers,
  };
}

/** Murmur of Java's hash code of the string, as Flink spreads keys. */
function keyGroup(key: string): number {
  let hash = 0;
  for (const letter of key) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  let code = Math.imul(hash, 0xcc9e2d51);
  code = Math.imul((code << 15) | (code >>> 17), 0x1b873593);
  code = (Math.imul((code << 13) | (code >>> 19), 5) + 0xe6546b64) | 0;
  code ^= 4;
  code = Math.imul(code ^ (code >>> 16), 0x85ebca6b);
  code = Math.imul(code ^ (code >>> 13), 0xc2b2ae35);
  code ^= code >>> 16;
  return (code === -0x80000000 ? 0 : Math.abs(code)) % MAX_PARALLELISM;
}
