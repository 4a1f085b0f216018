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
  for (const list of ["packs", "classes", "rejudges", "invitations"] as const) {
    expect(parseRoute(paths.teach(list))).toEqual({ page: "teach", room: { name: list } });
  }
  expect(parseRoute("/teach")).toEqual({ page: "teach", room: { name: "packs" } });
  expect(parseRoute(paths.pack("1/2"))).toEqual({ page: "teach", room: { name: "pack", id: "1/2" } });
  expect(parseRoute(paths.preview("1", "a b"))).toEqual({ page: "teach", room: { name: "preview", id: "1", problem: "a b" } });
  expect(parseRoute(paths.class("1"))).toEqual({ page: "teach", room: { name: "class", id: "1" } });
  expect(parseRoute(paths.rejudge("1"))).toEqual({ page: "teach", room: { name: "rejudge", id: "1" } });
  for (const name of ["users", "audit"] as const) expect(parseRoute(paths.admin(name))).toEqual({ page: "admin", room: { name } });
  expect(parseRoute("/learn")).toEqual({ page: "catalogue" });
});

it("does not take a wrong address for a page", () => {
  for (const path of [
    "/constructor",
    "/teach/x",
    "/teach/invitations/1",
    "/teach/packs/1/x",
    "/teach/classes/1/problems/2",
    "/admin/users/1",
    "/account/x",
    "/learn/p/x",
    "/learn/p/submissions",
    "/learn/p/submissions/1/2",
    "/learn/%E0%A4%A",
  ]) {
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
