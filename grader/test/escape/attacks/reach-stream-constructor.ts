// verdict: accepted
// prints: tried
// prints not: nodes of the job
// Makes a stream around a graph of its own, and has it joined with the job's streams: then that graph is given the job's nodes.
import { clicks, honestly, tried } from "./given";
const Stream = Object.getPrototypeOf(Object.getPrototypeOf(clicks)).constructor as new (...args: unknown[]) => any;
const graph = {
  config: {},
  add(spec: { inputs: unknown[] }) {
    console.log(`nodes of the job: ${JSON.stringify(spec.inputs).length}`);
    return { id: 1 };
  },
};
console.log(`tried: ${tried(() => new Stream(graph, []).union(clicks).map((click: unknown) => click))}`);
console.log(`tried: ${tried(() => Reflect.construct(Stream, [graph, []], clicks.constructor as never).map((x: unknown) => x))}`);
honestly();
