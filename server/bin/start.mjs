/** `npm start`: builds what is stale, then runs the server in this very process. */
import { enableCompileCache } from "node:module";
import { buildClient } from "./build-client.mjs";

enableCompileCache();
await buildClient();
await import("../src/main.ts");
