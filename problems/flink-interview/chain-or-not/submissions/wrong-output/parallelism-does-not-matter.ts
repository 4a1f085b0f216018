interface Form {
  readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[];
}

const OPERATORS = ["orders", "tidy", "paid", "round", "total", "large", "enrich", "format", "text", "out"];
const ALONE = ["enrich"];
const BEGINS = ["round", "total"];
const SINGLE = ["text", "out"];

export default function solve({ rows }: Form) {
  const answers: Record<string, Record<string, unknown>> = {};
  const said = String(rows[0].cells[1]);
  const parallelism = Number(/parallelism (\d+)/.exec(said)?.[1]);
  const chaining = said.endsWith("on");
  const of = (operator: string) => (SINGLE.includes(operator) ? 1 : parallelism);
  let head = "";
  let threads = 0;
  for (const [index, operator] of OPERATORS.entries()) {
    const before = OPERATORS[index - 1];
    const joins = chaining && before !== undefined && !BEGINS.includes(operator) && !ALONE.includes(operator) && !ALONE.includes(before);
    if (!joins) {
      head = operator;
      threads += of(operator);
    }
    answers[operator] = { task: head, number: of(operator) };
  }
  answers["job"] = { number: threads, slots: parallelism };
  for (const { id, cells } of rows) {
    const group = /key group (\d+) of (\d+)/.exec(String(cells[1]));
    if (group !== null) answers[id] = { subtask: Math.floor((Number(group[1]) * parallelism) / Number(group[2])) };
  }
  return answers;
}
