/** The one study of the page: catalogue, cards and lessons tell the same. */
import { api } from "../api/client.ts";
import { browserStore } from "./storage.ts";
import { Study } from "./study.svelte.ts";

export const study = new Study({ api, store: browserStore, now: () => Date.now() });
