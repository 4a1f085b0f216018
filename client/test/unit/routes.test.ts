import { expect, it } from "vitest";
import { parseRoute, paths } from "../../src/router/routes.ts";

it("reads every path that it writes", () => {
  expect(parseRoute(paths.catalogue)).toEqual({ page: "catalogue" });
  expect(parseRoute(paths.workspace("a b/ü"))).toEqual({ page: "workspace", problem: "a b/ü" });
  expect(parseRoute(paths.verdict("p", "7/x"))).toEqual({ page: "verdict", problem: "p", submission: "7/x" });
  expect(parseRoute("/learn")).toEqual({ page: "catalogue" });
});

it("does not take a wrong address for a page", () => {
  for (const path of ["/teach", "/learn/p/x", "/learn/p/submissions", "/learn/p/submissions/1/2", "/learn/%E0%A4%A"]) {
    expect(parseRoute(path)).toEqual({ page: "notFound" });
  }
});
