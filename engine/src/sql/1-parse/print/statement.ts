import type {
  AlterCatalog,
  AlterScope,
  CreateFunction,
  DescribeStatement,
  InsertInto,
  MergeStatement,
  ShowStatement,
  Statement,
} from "../ast.ts";
import { printExpression, printList } from "./expression.ts";
import { printColumnList, printName, printPath, printString } from "./name.ts";
import { printHints, printQuery, printTable } from "./query.ts";
import {
  printAction,
  printColumn,
  printComment,
  printCreateMaterializedTable,
  printCreateTable,
  printOptions,
  printPartition,
  printWith,
  words,
} from "./table.ts";

/** A statement without its semicolon. */
export function printStatement(node: Statement): string {
  switch (node.kind) {
    case "queryStatement":
      return printQuery(node.query);
    case "insert":
      return printInsert(node);
    case "createTable":
      return printCreateTable(node);
    case "createMaterializedTable":
      return printCreateMaterializedTable(node);
    case "createView": {
      const head = words(
        node.orReplace ? "CREATE OR REPLACE" : "CREATE",
        node.temporary && "TEMPORARY",
        "VIEW",
        node.ifNotExists && "IF NOT EXISTS",
        `${printPath(node.path)}${printColumnList(node.columns)}`,
      );
      return words(head, printComment(node.comment), `AS ${printQuery(node.query)}`);
    }
    case "createCatalog":
      return words(
        "CREATE CATALOG",
        node.ifNotExists && "IF NOT EXISTS",
        printName(node.name),
        printComment(node.comment),
        printWith(node.options),
      );
    case "createDatabase":
      return words(
        "CREATE DATABASE",
        node.ifNotExists && "IF NOT EXISTS",
        printPath(node.path),
        printComment(node.comment),
        printWith(node.options),
      );
    case "createFunction":
      return printCreateFunction(node);
    case "createModel":
      return words(
        "CREATE",
        node.temporary && "TEMPORARY",
        "MODEL",
        node.ifNotExists && "IF NOT EXISTS",
        printPath(node.path),
        node.inputs.length === 0 ? "" : `INPUT (${node.inputs.map(printColumn).join(", ")})`,
        node.outputs.length === 0 ? "" : `OUTPUT (${node.outputs.map(printColumn).join(", ")})`,
        printComment(node.comment),
        printWith(node.options),
        node.query === null ? "" : `AS ${printQuery(node.query)}`,
      );
    case "createConnection": {
      const head = words(
        "CREATE",
        node.temporary && "TEMPORARY",
        node.system && "SYSTEM",
        "CONNECTION",
        node.ifNotExists && "IF NOT EXISTS",
      );
      return words(head, printPath(node.path), printComment(node.comment), `WITH ${printOptions(node.options)}`);
    }
    case "alterTable":
      return words("ALTER TABLE", node.ifExists && "IF EXISTS", printPath(node.path), printAction(node.action));
    case "alterMaterializedTable":
      return words("ALTER MATERIALIZED TABLE", printPath(node.path), printAction(node.action));
    case "alterView":
      return words("ALTER VIEW", printPath(node.path), printAction(node.action));
    case "alterFunction":
      return words(
        "ALTER",
        node.temporary && "TEMPORARY",
        node.system && "SYSTEM",
        "FUNCTION",
        node.ifExists && "IF EXISTS",
        printPath(node.path),
        `AS ${printString(node.className)}`,
        node.language === null ? "" : `LANGUAGE ${node.language}`,
      );
    case "alterCatalog":
      return words("ALTER CATALOG", printName(node.name), printCatalogAction(node.action));
    case "alterDatabase":
      return words("ALTER DATABASE", printPath(node.path), `SET ${printOptions(node.options)}`);
    case "alterModel":
      return words("ALTER MODEL", node.ifExists && "IF EXISTS", printPath(node.path), printAction(node.action));
    case "alterConnection":
      return words("ALTER CONNECTION", node.ifExists && "IF EXISTS", printPath(node.path), printAction(node.action));
    case "alterScope":
      return printAlterScope(node);
    case "drop":
      return words(
        "DROP",
        node.temporary && "TEMPORARY",
        node.system && "SYSTEM",
        node.what,
        node.ifExists && "IF EXISTS",
        printPath(node.path),
        node.cascade && "CASCADE",
      );
    case "statementSet":
      return `EXECUTE ${printStatementSet(node.inserts)}`;
    case "beginStatementSet":
      return "BEGIN STATEMENT SET";
    case "endStatementSet":
      return "END";
    case "execute":
      return `EXECUTE ${printStatement(node.statement)}`;
    case "executePlan":
      return `EXECUTE PLAN ${printString(node.file)}`;
    case "compilePlan": {
      const body = node.statement.kind === "statementSet" ? printStatementSet(node.statement.inserts) : printInsert(node.statement);
      return words(
        node.execute ? "COMPILE AND EXECUTE PLAN" : "COMPILE PLAN",
        printString(node.file),
        node.ifNotExists && "IF NOT EXISTS",
        "FOR",
        body,
      );
    }
    case "update": {
      const assignments = node.assignments.map(({ column, value }) => `${printName(column)} = ${printExpression(value)}`).join(", ");
      const target = `${printPath(node.path)}${printHints(node.hints)}`;
      const where = node.where === null ? "" : `WHERE ${printExpression(node.where)}`;
      return words("UPDATE", target, node.alias === null ? "" : `AS ${printName(node.alias)}`, `SET ${assignments}`, where);
    }
    case "delete": {
      const target = `${printPath(node.path)}${printHints(node.hints)}`;
      const where = node.where === null ? "" : `WHERE ${printExpression(node.where)}`;
      return words("DELETE FROM", target, node.alias === null ? "" : `AS ${printName(node.alias)}`, where);
    }
    case "merge":
      return printMerge(node);
    case "truncate":
      return `TRUNCATE TABLE ${printPath(node.path)}`;
    case "callProcedure":
      return `CALL ${printExpression(node.call)}`;
    case "explain": {
      const { statement } = node;
      const body = statement.kind === "statementSet" ? printStatementSet(statement.inserts) : printStatement(statement);
      return words("EXPLAIN", node.details.length === 0 ? "PLAN FOR" : node.details.join(", "), body);
    }
    case "describe":
      return printDescribe(node);
    case "describeTable":
      return words("DESCRIBE TABLE", printPath(node.path), node.column === null ? "" : printName(node.column));
    case "describeStatement":
      return `DESCRIBE STATEMENT ${printStatement(node.statement)}`;
    case "describeJob":
      return `DESCRIBE JOB ${printString(node.job)}`;
    case "show":
      return printShow(node);
    case "showCreate":
      return `SHOW CREATE ${node.what} ${printPath(node.path)}`;
    case "showPartitions":
      return words("SHOW PARTITIONS", printPath(node.path), node.partition.length === 0 ? "" : printPartition(node.partition));
    case "setOption":
      return `SET ${printString(node.key)} = ${printString(node.value)}`;
    case "listOptions":
      return "SET";
    case "resetOption":
      return node.key === null ? "RESET" : `RESET ${printString(node.key)}`;
    case "useCatalog":
      return `USE CATALOG ${printName(node.name)}`;
    case "useDatabase":
      return `USE ${printPath(node.path)}`;
    case "useModules":
      return `USE MODULES ${node.names.map(printName).join(", ")}`;
    case "loadModule":
      return words("LOAD MODULE", printName(node.name), printWith(node.options));
    case "unloadModule":
      return `UNLOAD MODULE ${printName(node.name)}`;
    case "addJar":
      return `ADD JAR ${printString(node.path)}`;
    case "removeJar":
      return `REMOVE JAR ${printString(node.path)}`;
    case "stopJob":
      return words("STOP JOB", printString(node.job), node.withSavepoint && "WITH SAVEPOINT", node.withDrain && "WITH DRAIN");
    case "analyzeTable": {
      const columns =
        node.columns === null ? "" : node.columns === "all" ? "FOR ALL COLUMNS" : `FOR COLUMNS ${node.columns.map(printName).join(", ")}`;
      const partition = node.partition.length === 0 ? "" : printPartition(node.partition);
      return words("ANALYZE TABLE", printPath(node.path), partition, "COMPUTE STATISTICS", columns);
    }
    case "clientCommand":
      return node.command;
  }
}

function printInsert(node: InsertInto): string {
  return words(
    node.upsert ? "UPSERT" : "INSERT",
    node.overwrite ? "OVERWRITE" : "INTO",
    `${printPath(node.path)}${printHints(node.hints)}`,
    node.partition.length === 0 ? "" : printPartition(node.partition),
    printColumnList(node.columns).trim(),
    printQuery(node.query),
    node.onConflict === null ? "" : `ON CONFLICT DO ${node.onConflict}`,
  );
}

function printStatementSet(inserts: readonly InsertInto[]): string {
  return words("STATEMENT SET BEGIN", ...inserts.map((insert) => `${printInsert(insert)};`), "END");
}

function printCreateFunction(node: CreateFunction): string {
  return words(
    "CREATE",
    node.temporary && "TEMPORARY",
    node.system && "SYSTEM",
    "FUNCTION",
    node.ifNotExists && "IF NOT EXISTS",
    printPath(node.path),
    `AS ${printString(node.className)}`,
    node.language === null ? "" : `LANGUAGE ${node.language}`,
    node.resources.length === 0 ? "" : `USING ${node.resources.map(({ kind, uri }) => `${kind} ${printString(uri)}`).join(", ")}`,
    printWith(node.options),
  );
}

function printCatalogAction(action: AlterCatalog["action"]): string {
  return action.kind === "comment" ? printComment(action.comment) : printAction(action);
}

function printAlterScope({ scope, path, value }: AlterScope): string {
  if (value === null) return `ALTER ${scope} RESET ${path === null ? "ALL" : printPath(path)}`;
  const on = value.kind === "name" && value.parts[0].name === "ON";
  return `ALTER ${scope} SET ${printPath(path ?? [])} = ${on ? "ON" : printExpression(value)}`;
}

function printMerge(node: MergeStatement): string {
  const matched = node.matched?.map(({ column, value }) => `${printPath(column)} = ${printExpression(value)}`).join(", ");
  const { notMatched } = node;
  return words(
    "MERGE INTO",
    printPath(node.path),
    node.alias === null ? "" : `AS ${printName(node.alias)}`,
    `USING ${printTable(node.using)} ON ${printExpression(node.on)}`,
    matched === undefined ? "" : `WHEN MATCHED THEN UPDATE SET ${matched}`,
    notMatched === null
      ? ""
      : `WHEN NOT MATCHED THEN INSERT${printColumnList(notMatched.columns)} VALUES (${printList(notMatched.values)})`,
  );
}

function printDescribe({ what, extended, path }: DescribeStatement): string {
  return words("DESCRIBE", what !== "TABLE" && what, extended && "EXTENDED", printPath(path));
}

function printShow({ what, from, like }: ShowStatement): string {
  const filter = like === null ? "" : words(like.negated && "NOT", like.caseInsensitive ? "ILIKE" : "LIKE", printString(like.pattern));
  return words("SHOW", what, from === null ? "" : `${from.word} ${printPath(from.path)}`, filter);
}
