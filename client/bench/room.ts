/** What a learner waits for in the room: the workspace when it is opened, the verdict of a sample Run. `npm run bench -- room [runs]`; exits with 1 when a target is missed. */
import { measureRunLatency } from "./run-latency.ts";
import { measureOpening } from "./workspace-opening.ts";

const runs = process.argv[2] === undefined ? undefined : Number(process.argv[2]);
const met = await measureOpening();
await measureRunLatency(runs);
process.exitCode = met ? 0 : 1;
