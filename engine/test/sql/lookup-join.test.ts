import { describe, expect, it } from "vitest";
import { runScript } from "./run-script.ts";

const TABLES = `
  CREATE TABLE items (id INT, name STRING, price INT, PRIMARY KEY (id) NOT ENFORCED)
    WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db:5432/shop', 'table-name' = 'items');
  INSERT INTO items VALUES (1, 'pen', 2), (2, 'ink', 5), (3, 'pad', 5) ON CONFLICT DO DEDUPLICATE;
  CREATE TABLE orders (id INT, item INT, pt AS PROCTIME())
    WITH ('connector' = 'datagen', 'number-of-rows' = '4', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '4',
      'fields.item.kind' = 'sequence', 'fields.item.start' = '2', 'fields.item.end' = '5');
`;

function joinedRows(query: string): unknown[] {
  const outcome = runScript(`${TABLES} CREATE TABLE sink WITH ('connector' = 'blackhole') AS ${query};`);
  return outcome.tables.sink.map((row) => JSON.parse(row));
}

describe("lookup joins", () => {
  it.each([
    [
      "inner: rows without an answer go",
      "SELECT o.id, i.name FROM orders o JOIN items FOR SYSTEM_TIME AS OF o.pt AS i ON o.item = i.id",
      [
        [1, "ink"],
        [2, "pad"],
      ],
    ],
    [
      "left: they are padded",
      "SELECT o.id, i.name, i.price FROM orders o LEFT JOIN items FOR SYSTEM_TIME AS OF o.pt AS i ON o.item = i.id",
      [
        [1, "ink", 5],
        [2, "pad", 5],
        [3, null, null],
        [4, null, null],
      ],
    ],
    [
      "a constant in the key, and a condition on the joined row",
      "SELECT o.id, i.name FROM orders o JOIN items FOR SYSTEM_TIME AS OF o.pt AS i ON o.item = i.id AND i.price = 5 AND o.id + i.price > 6",
      [[2, "pad"]],
    ],
  ])("%s", (_, query, expected) => {
    expect(joinedRows(query)).toEqual(expected);
  });
});
