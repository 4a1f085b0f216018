import { expect, it } from "vitest";
import { readStageAddress, writeStageAddress } from "../../src/state/stage-address.ts";
import { parseRoute, paths } from "../../src/router/routes.ts";

it("reads every path that it writes", () => {
  expect(parseRoute(paths.catalogue)).toEqual({ page: "catalogue" });
  expect(parseRoute(paths.workspace("a b/ü"))).toEqual({ page: "workspace", problem: "a b/ü" });
  expect(parseRoute(paths.verdict("p", "7/x"))).toEqual({ page: "verdict", problem: "p", submission: "7/x" });
  for (const of of [{ sample: 2 }, { submission: "7/x" }]) {
    const [path, query] = paths.stage("a b", of).split("?");
    expect(parseRoute(path)).toEqual({ page: "stage", problem: "a b" });
    expect(readStageAddress(`?${query}`).of).toEqual(of);
  }
  expect(parseRoute(paths.register)).toEqual({ page: "entry", form: "register" });
  expect(parseRoute("/set-password")).toEqual({ page: "entry", form: "setPassword" });
  expect(parseRoute(paths.account)).toEqual({ page: "account" });
  expect(parseRoute(paths.classes)).toEqual({ page: "classes" });
  expect(parseRoute("/learn")).toEqual({ page: "catalogue" });
});

it("does not take a wrong address for a page", () => {
  for (const path of ["/constructor", "/account/x", "/learn/p/x", "/learn/p/submissions", "/learn/p/submissions/1/2", "/learn/%E0%A4%A"]) {
    expect(parseRoute(path)).toEqual({ page: "notFound" });
  }
});

it("brings back what a stage shows, and takes nonsense for nothing", () => {
  const address = {
    of: { sample: 1 },
    text: "x1",
    run: "reference",
    at: 5,
    selected: 3,
    a: 1,
    b: 0,
    key: "/cart?&",
    view: "table",
    from: 0,
    to: 900,
    changes: [{ what: "kill", taskManager: 2, atMs: 7 }],
    brokenChanges: null,
  } as const;
  expect(readStageAddress(writeStageAddress(address))).toEqual(address);
  expect(readStageAddress("?sample=-4&at=1e9&sel=x&view=none&run=other&from=")).toEqual({
    of: { sample: 0 },
    text: null,
    run: "yours",
    at: null,
    selected: null,
    a: null,
    b: null,
    key: null,
    view: "plane",
    from: null,
    to: null,
    changes: [],
    brokenChanges: null,
  });
});
