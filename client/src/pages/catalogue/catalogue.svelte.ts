import { api } from "../../api/client.ts";
import { Catalogue } from "../../state/catalogue.svelte.ts";
import { browserStore } from "../../state/storage.ts";

/** Kept between visits of the page: filters stay, and the list is there at once. */
export const catalogue = new Catalogue(api, browserStore);
