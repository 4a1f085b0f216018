/** Whoever learns here reads our API in the editor, on hover: every name says what it means. */
import { describe, expect, it } from "vitest";
import { publicApi } from "./public-api.ts";

const api = publicApi();

describe("doc comments of the learner's API", () => {
  it("finds the API", () => {
    const paths = api.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["StreamExecutionEnvironment#fromSource", "Duration.ofSeconds", "Tuple25", "ValueState#update"]),
    );
  });

  it("every exported name, and every public member of exported classes and interfaces, has one", () => {
    const missing = api.filter(({ documentation }) => documentation === "").map(({ path, place }) => `${path} (${place})`);
    expect(missing, "say what it means, in Flink's sense: units, defaults, errors").toEqual([]);
  });

  it("a number that speaks of time says its unit, in its name or in the comment", () => {
    const unclear = api.filter(
      ({ documentation, barePeriods }) => barePeriods.length > 0 && !/\b(ms|milliseconds?|epoch|nanoseconds?)\b/i.test(documentation),
    );
    expect(unclear.map(({ path, place, barePeriods }) => `${path}: ${barePeriods.join(", ")} (${place})`)).toEqual([]);
  });

  it("every exported name points to the page of Flink's documentation that settles its meaning, but for what is ours alone", () => {
    const ours = new Set([
      ...["Diagnostic", "DiagnosticData", "TextSpan", "ExternalService", "ExternalServiceError"],
      ...["TransactionalLogClient", "LogTransactionHandle", "LogTransactionRecord"],
    ]);
    const without = api.filter(
      ({ path, documentation }) =>
        !/[#.]/.test(path) && !ours.has(path) && !/docs\/(dev|ops|connectors|libs|deployment|learn-flink|concepts)\//.test(documentation),
    );
    expect(without.map(({ path, place }) => `${path} (${place})`)).toEqual([]);
  });
});
