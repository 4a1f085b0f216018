/** Run as a process of its own by the tests that kill it: data folder as argument, prints its address, stops at any message. */
import { InProcessJudge } from "./in-process-judge.ts";
import { listen, testConfig } from "./test-server.ts";

const server = await listen(testConfig({ dataDir: process.argv[2]! }), new InProcessJudge(1), { leaseMs: 3_000, reapEveryMs: 200 });
process.stdout.write(`${server.address}\n`);
process.on("message", () => void server.stop(100).then(() => process.exit(0)));
