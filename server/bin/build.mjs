/** `npm run build`: everything that `npm start` would build on its way. */
import { buildClient } from "./build-client.mjs";

await buildClient();
