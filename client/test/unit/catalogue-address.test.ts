import { describe, expect, it } from "vitest";
import { NO_FILTERS } from "../../src/state/catalogue.svelte.ts";
import { readCatalogueAddress, writeCatalogueAddress } from "../../src/state/catalogue-address.ts";

describe("the catalogue's filters in the address", () => {
  it("come back as they were", () => {
    const filters = { search: "late & early  ", section: 3, kind: "trace", difficulty: 2, topic: "state backends", status: "new" } as const;
    expect(readCatalogueAddress(writeCatalogueAddress(filters))).toEqual(filters);
    expect(writeCatalogueAddress({ ...NO_FILTERS, topic: "CDC" })).toBe("?topic=CDC");
  });

  it("are no query when there are none", () => {
    expect(writeCatalogueAddress(NO_FILTERS)).toBe("");
    expect(readCatalogueAddress("")).toEqual(NO_FILTERS);
  });

  it("leave out what is not understood", () => {
    expect(readCatalogueAddress("?kind=essay&section=four&difficulty=9&status=admired&topic=&more=1")).toEqual(NO_FILTERS);
  });
});
