// verdict: accepted
// prints: tried: TypeError
// prints not: operator
// Adds an operator of its own behind a stream; operators are given everything.
import { clicks, honestly, tried } from "./given";
const operator = () => ({ setup: (context: object) => console.log(`operator: ${Object.keys(context).join()}`) });
for (const stream of [clicks, clicks.connect(clicks), clicks.keyBy(() => 1)] as any[]) {
  console.log(`tried: ${tried(() => stream.transform("own", operator))}`);
  console.log(`tried: ${tried(() => stream.asInput().builder.add({ name: "own", body: { kind: "oneInput", createOperator: operator } }))}`);
}
honestly();
