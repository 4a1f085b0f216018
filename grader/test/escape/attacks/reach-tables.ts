// verdict: accepted
// prints: tried
// prints not: worked
// Tables lead to their session, its catalog, the graph and the plans; and a statement set can be made around anything.
import { DataTypes, Schema, StatementSet, StreamTableEnvironment } from "flink";
import { clicks, env, honestly, tried } from "./given";
const t = StreamTableEnvironment.create(env);
const table: any = t.fromDataStream(clicks, Schema.newBuilder().column("user", DataTypes.STRING()).column("at", DataTypes.BIGINT()).build());
const taken: unknown[] = [];
const space = { session: {}, guarded: (action: () => unknown) => action(), submit: (inserts: unknown[]) => taken.push(...inserts), context: () => ({}), builder: { add: (spec: unknown) => taken.push(spec) } };
console.log(`tried: ${tried(() => (t as any).space.session.catalog.tables)}`);
console.log(`tried: ${tried(() => (t as any).space.builder.nodes)}`);
console.log(`tried: ${tried(() => Object.keys(table.rel))}`);
console.log(`tried: ${tried(() => Object.keys(table.asQuery()))}`);
console.log(`tried: ${tried(() => new table.constructor(space, {}).where("x"))}`);
console.log(`tried: ${tried(() => new (StatementSet as any)(space).addInsert("x", table).execute())}`);
console.log(`tried: ${tried(() => Object.keys((t.createStatementSet() as any).space))}`);
if (taken.length > 0) console.log("worked");
honestly();
