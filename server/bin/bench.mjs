/** `npm run bench -- engine | sql | judge | server | room | editor | stage`: figures for people, no part of the tests; those of engine, judge, server, room and stage exit with 1 when a target is missed. */
import { join } from "node:path";
import { root, runNode, say } from "./steps.mjs";

const BENCHES = {
  engine: "engine/bench/run.ts",
  sql: "engine/bench/run-sql.ts",
  judge: "server/bench/judge.ts",
  server: "server/bench/server.ts",
  room: "client/bench/room.ts",
  editor: "client/bench/sql-latency.ts",
  stage: "client/bench/stage.ts",
};

const [name = "engine", ...args] = process.argv.slice(2);
const script = BENCHES[name];
if (script === undefined) {
  say(`unknown bench "${name}"; there are: ${Object.keys(BENCHES).join(", ")}`);
  process.exit(2);
}
process.exitCode = (await runNode([join(root, script), ...args])).code;
