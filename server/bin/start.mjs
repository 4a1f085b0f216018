/** `npm start`: builds what is stale, then runs the server in this very process. */
import { buildClient } from "./build-client.mjs";

await buildClient();
await import("../src/main.ts");
