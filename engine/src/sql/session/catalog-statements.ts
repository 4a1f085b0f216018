/** Statements about catalogs, databases, views, functions and modules: what they do to the catalog, and what Flink says when they cannot. */
import type {
  AlterCatalog,
  AlterDatabase,
  AlterFunction,
  AlterView,
  CreateCatalog,
  CreateDatabase,
  CreateFunction,
  DropStatement,
  Identifier,
  LoadModule,
  TableOption,
  UnloadModule,
  UseCatalog,
  UseDatabase,
  UseModules,
} from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { Catalog, CatalogView } from "../catalog/catalog.ts";
import { Database } from "../catalog/database.ts";
import { DEFAULT_DATABASE, type ObjectPath, pathText, quotedPath } from "../catalog/object-path.ts";
import { nameHint } from "../../base/nearest.ts";
import { complaintAboutClass } from "../user-functions/check-function-class.ts";
import { dropModel } from "./model-statements.ts";
import type { FunctionClasses, FunctionLike } from "../user-functions/function-signature.ts";

const MEMORY_CATALOG = "generic_in_memory";
const CATALOG_OPTIONS = ["default-database", "property-version", "type"];

function refuse(message: string, span: Span, found: string, known: readonly string[] = []): SqlError {
  return new SqlError("validate", "SQL_CATALOG", message, span, {
    found,
    hint: known.length === 0 ? undefined : nameHint(found, known, "names"),
  });
}

function pairs(options: readonly TableOption[]): Map<string, string> {
  return new Map(options.map(({ key, value }) => [key, value]));
}

function lastOf(path: readonly Identifier[]): Identifier {
  return path[path.length - 1];
}

// ---- catalogs ----

export function createCatalog(node: CreateCatalog, catalog: Catalog): void {
  const { name, span } = node.name;
  if (catalog.catalogs.has(name)) {
    if (node.ifNotExists) return;
    throw refuse(`Catalog ${name} already exists.`, span, name);
  }
  const type = node.options.find(({ key }) => key === "type");
  if (type === undefined)
    throw refuse("Catalog options do not contain an option key 'type' for discovering a catalog.", node.span, name, []);
  if (type.value !== MEMORY_CATALOG) {
    throw refuse(
      `Could not find any factory for identifier '${type.value}' that implements 'org.apache.flink.table.factories.CatalogFactory' in the classpath.\n\nAvailable factory identifiers are:\n\n${MEMORY_CATALOG}`,
      type.valueSpan,
      type.value,
      [MEMORY_CATALOG],
    );
  }
  checkCatalogOptions(node.options);
  const options = pairs(node.options);
  catalog.addCatalog(name, { comment: node.comment, options, database: options.get("default-database") ?? "default" });
}

function checkCatalogOptions(options: readonly TableOption[]): void {
  const unsupported = options.find(({ key }) => !CATALOG_OPTIONS.includes(key));
  if (unsupported === undefined) return;
  throw refuse(
    `Unsupported options found for '${MEMORY_CATALOG}'.\n\nUnsupported options:\n\n${unsupported.key}\n\nSupported options:\n\n${CATALOG_OPTIONS.join("\n")}`,
    unsupported.keySpan,
    unsupported.key,
    CATALOG_OPTIONS,
  );
}

export function alterCatalog(node: AlterCatalog, catalog: Catalog): void {
  const { name, span } = node.name;
  const entry = catalog.catalogs.get(name);
  if (entry === undefined) throw refuse(`Catalog ${name} does not exist.`, span, name, [...catalog.catalogs.keys()]);
  const { action } = node;
  switch (action.kind) {
    case "set":
      checkCatalogOptions(action.options);
      catalog.catalogs.set(name, { ...entry, options: new Map([...entry.options, ...pairs(action.options)]) });
      return;
    case "reset": {
      const keys = action.keys.map(({ key }) => key);
      if (keys.length === 0) throw refuse("ALTER CATALOG RESET does not support empty key", node.span, name);
      if (keys.includes("type")) throw refuse("ALTER CATALOG RESET does not support changing 'type'", node.span, "type");
      catalog.catalogs.set(name, { ...entry, options: new Map([...entry.options].filter(([key]) => !keys.includes(key))) });
      return;
    }
    case "comment":
      catalog.catalogs.set(name, { ...entry, comment: action.comment });
  }
}

function dropCatalog(node: DropStatement, catalog: Catalog): void {
  const { name, span } = lastOf(node.path);
  if (name === catalog.currentCatalog) throw refuse("Cannot drop a catalog which is currently in use.", span, name);
  if (!catalog.catalogs.delete(name) && !node.ifExists)
    throw refuse(`Catalog ${name} does not exist.`, span, name, [...catalog.catalogs.keys()]);
}

export function useCatalog(node: UseCatalog, catalog: Catalog): void {
  const { name, span } = node.name;
  const entry = catalog.catalogs.get(name);
  if (entry === undefined) {
    throw new SqlError("plan", "SQL_CATALOG", `A catalog with name [${name}] does not exist.`, span, {
      found: name,
      hint: nameHint(name, [...catalog.catalogs.keys()], "catalogs"),
    });
  }
  catalog.currentCatalog = name;
  catalog.currentDatabase = entry.options.get("default-database") ?? entry.databases.keys().next().value ?? DEFAULT_DATABASE;
}

// ---- databases ----

/** Catalog and name of a database written with one or two parts. */
function databasePath(path: readonly Identifier[], catalog: Catalog): Pick<ObjectPath, "catalog" | "database"> {
  const database = lastOf(path).name;
  return { catalog: path.length > 1 ? path[path.length - 2].name : catalog.currentCatalog, database };
}

export function createDatabase(node: CreateDatabase, catalog: Catalog): void {
  const path = databasePath(node.path, catalog);
  const { span } = lastOf(node.path);
  const entry = catalog.catalogs.get(path.catalog);
  if (entry === undefined) throw refuse(`Catalog ${path.catalog} does not exist.`, span, path.catalog, [...catalog.catalogs.keys()]);
  if (entry.databases.has(path.database)) {
    if (node.ifNotExists) return;
    throw refuse(`Database ${path.database} already exists in Catalog ${path.catalog}.`, span, path.database);
  }
  entry.databases.set(path.database, new Database(path.database, node.comment, pairs(node.options)));
}

export function alterDatabase(node: AlterDatabase, catalog: Catalog): void {
  const path = databasePath(node.path, catalog);
  const database = catalog.database(path);
  if (database === undefined) throw unknownDatabase(path, catalog, lastOf(node.path).span);
  for (const [key, value] of pairs(node.options)) database.properties.set(key, value);
}

function unknownDatabase({ catalog: name, database }: Pick<ObjectPath, "catalog" | "database">, catalog: Catalog, span: Span): SqlError {
  const known = [...(catalog.catalogs.get(name)?.databases.keys() ?? [])];
  return refuse(`Database ${database} does not exist in Catalog ${name}.`, span, database, known);
}

function dropDatabase(node: DropStatement, catalog: Catalog): void {
  const path = databasePath(node.path, catalog);
  const { span } = lastOf(node.path);
  const database = catalog.database(path);
  if (database === undefined) {
    if (node.ifExists) return;
    throw unknownDatabase(path, catalog, span);
  }
  if (path.catalog === catalog.currentCatalog && path.database === catalog.currentDatabase)
    throw refuse("Cannot drop a database which is currently in use.", span, path.database);
  if (database.objects.size > 0 && !node.cascade)
    throw new SqlError("validate", "SQL_CATALOG", `Database ${path.database} in catalog ${path.catalog} is not empty.`, span, {
      hint: "DROP DATABASE … CASCADE",
    });
  catalog.catalogs.get(path.catalog)?.databases.delete(path.database);
}

export function useDatabase(node: UseDatabase, catalog: Catalog): void {
  if (node.path.length > 2) throw refuse("use database identifier format error", node.span, node.path.map(({ name }) => name).join("."));
  const path = databasePath(node.path, catalog);
  const entry = catalog.catalogs.get(path.catalog);
  const { span } = lastOf(node.path);
  if (entry === undefined) throw new SqlError("plan", "SQL_CATALOG", `A catalog with name [${path.catalog}] does not exist.`, span);
  if (!entry.databases.has(path.database)) {
    throw new SqlError(
      "plan",
      "SQL_CATALOG",
      `A database with name [${path.database}] does not exist in the catalog: [${path.catalog}].`,
      span,
      { found: path.database, hint: nameHint(path.database, [...entry.databases.keys()], "databases") },
    );
  }
  catalog.currentCatalog = path.catalog;
  catalog.currentDatabase = path.database;
}

/** Where a permanent object is to be made, there must be a database. Throws SqlError. */
export function requireDatabase(path: ObjectPath, catalog: Catalog, span: Span): void {
  if (!catalog.catalogs.has(path.catalog))
    throw refuse(`Catalog ${path.catalog} does not exist.`, span, path.catalog, [...catalog.catalogs.keys()]);
  if (catalog.database(path) === undefined) throw unknownDatabase(path, catalog, span);
}

/** An object of that path is there already. */
export function alreadyExists(path: ObjectPath, temporary: boolean, span: Span): SqlError {
  const message = temporary
    ? `Temporary table '${quotedPath(path)}' already exists`
    : `Table (or view) ${path.database}.${path.name} already exists in Catalog ${path.catalog}.`;
  return new SqlError("validate", "SQL_TABLE_EXISTS", message, span, { found: path.name });
}

// ---- DROP ----

export function drop(node: DropStatement, catalog: Catalog): void {
  switch (node.what) {
    case "CATALOG":
      dropCatalog(node, catalog);
      return;
    case "DATABASE":
      dropDatabase(node, catalog);
      return;
    case "TABLE":
    case "VIEW":
      dropObject(node, catalog);
      return;
    case "FUNCTION":
      dropFunction(node, catalog);
      return;
    case "MODEL":
      dropModel(node, catalog);
      return;
    case "MATERIALIZED TABLE": {
      const path = catalog.qualify(node.path.map(({ name }) => name));
      if (node.ifExists) return;
      throw refuse(`Materialized Table with identifier '${pathText(path)}' does not exist.`, node.span, path.name, catalog.names());
    }
    default:
      throw new SqlError("validate", "SQL_UNSUPPORTED_STATEMENT", `DROP ${node.what} is not available here.`, node.span, {
        found: node.what,
      });
  }
}

function dropObject(node: DropStatement, catalog: Catalog): void {
  const path = catalog.qualify(node.path.map(({ name }) => name));
  const { span } = lastOf(node.path);
  const kind = node.what === "TABLE" ? "table" : "view";
  const temporary = catalog.temporaryAt(path);
  const unknown = (message: string) => refuse(message, span, path.name, catalog.names());
  if (node.temporary) {
    if (temporary?.kind === kind) catalog.deleteAt(path);
    else if (!node.ifExists) throw unknown(`Temporary table or view with identifier '${pathText(path)}' does not exist.`);
    return;
  }
  if (temporary?.kind === kind) {
    throw refuse(
      `Temporary ${kind} with identifier '${quotedPath(path)}' exists. Drop it first before removing the permanent ${kind}.`,
      span,
      path.name,
    );
  }
  if (catalog.permanentAt(path)?.kind === kind) catalog.deletePermanent(path);
  else if (!node.ifExists) throw unknown(`${kind === "table" ? "Table" : "View"} with identifier '${pathText(path)}' does not exist.`);
}

// ---- views ----

/** The view after ALTER VIEW … RENAME TO, with the old one gone. `AS` is the session's business: it binds the query. */
export function requireView(node: AlterView, catalog: Catalog): CatalogView {
  const path = catalog.qualify(node.path.map(({ name }) => name));
  const object = catalog.permanentAt(path);
  if (object?.kind === "view") return object;
  const { span } = lastOf(node.path);
  if (object?.kind === "table") throw refuse("ALTER VIEW for a table is not allowed", span, path.name);
  throw refuse(`View ${quotedPath(path)} doesn't exist or is a temporary view.`, span, path.name, catalog.names());
}

// ---- functions ----

export function createFunction(node: CreateFunction, catalog: Catalog, classes: FunctionClasses): void {
  const parts = node.path.map(({ name }) => name);
  const path = node.system ? null : catalog.qualify(parts);
  const { name, span } = lastOf(node.path);
  if (path !== null && !node.temporary && catalog.catalogs.has(path.catalog) && catalog.database(path) === undefined) {
    const { message } = unknownDatabase(path, catalog, span);
    throw new SqlError("plan", "SQL_CATALOG", message, span, { found: path.database });
  }
  if (path !== null && !node.temporary) requireDatabase(path, catalog, span);
  if (catalog.functions.get(path, name, node.temporary) !== undefined) {
    if (node.ifNotExists) return;
    const message =
      path === null
        ? `Could not register temporary system function. A function named '${name}' does already exist.`
        : node.temporary
          ? `Could not register temporary catalog function. A function '${quotedPath(path)}' does already exist.`
          : `Function ${path.database}.${path.name} already exists in Catalog ${path.catalog}.`;
    throw refuse(message, span, name);
  }
  // A permanent function is looked up when it is called, a temporary one at once.
  const implementation = classes.get(node.className) ?? null;
  const eager = node.temporary || node.language === "TYPESCRIPT";
  if (eager && implementation === null) throw unknownClass(node.className, node.classNameSpan, classes);
  if (implementation !== null) requireFunctionClass(implementation, node.classNameSpan);
  catalog.functions.set({
    path,
    name,
    temporary: node.temporary,
    className: node.className,
    language: node.language ?? "JAVA",
    implementation,
  });
}

export function unknownClass(className: string, span: Span | null, classes: FunctionClasses): SqlError {
  return new SqlError("validate", "SQL_FUNCTION_CLASS", className, span, {
    found: `class ${className}`,
    expected: "a class that the session knows",
    hint: nameHint(className, [...classes.keys()], "classes") ?? "Functions are written in TypeScript here.",
  });
}

function requireFunctionClass(fn: FunctionLike, span: Span | null): void {
  const complaint = complaintAboutClass(fn);
  if (complaint === null) return;
  const { message, ...rest } = complaint;
  throw new SqlError("validate", "SQL_FUNCTION_CLASS", message, span, rest);
}

export function alterFunction(node: AlterFunction, catalog: Catalog, classes: FunctionClasses): void {
  const path = catalog.qualify(node.path.map(({ name }) => name));
  const { name, span } = lastOf(node.path);
  if (node.temporary) throw refuse("Alter temporary catalog function is not supported", span, name);
  const fn = catalog.functions.get(path, name, false);
  if (fn === undefined) {
    if (node.ifExists) return;
    throw refuse(
      `Function ${path.database}.${path.name} does not exist in Catalog ${path.catalog}.`,
      span,
      name,
      catalog.functions.names(),
    );
  }
  const implementation = classes.get(node.className) ?? null;
  if (implementation !== null) requireFunctionClass(implementation, null);
  catalog.functions.set({ ...fn, className: node.className, language: node.language ?? "JAVA", implementation });
}

function dropFunction(node: DropStatement, catalog: Catalog): void {
  const path = node.system ? null : catalog.qualify(node.path.map(({ name }) => name));
  const { name, span } = lastOf(node.path);
  if (catalog.functions.delete(path, name, node.temporary) || node.ifExists) return;
  const message =
    path === null
      ? `Could not drop temporary system function. A function named '${name}' doesn't exist.`
      : node.temporary
        ? `Temporary catalog function ${quotedPath(path)} doesn't exist`
        : `Function ${path.database}.${path.name} does not exist in Catalog ${path.catalog}.`;
  throw refuse(message, span, name, catalog.functions.names());
}

// ---- modules: there is one, and it stays ----

export function loadModule({ name, span }: LoadModule): void {
  if (name.name === "core") throw refuse("A module with name 'core' already exists", span, name.name);
  throw refuse(
    `Could not find any factory for identifier '${name.name}' that implements 'org.apache.flink.table.factories.ModuleFactory' in the classpath.\n\nAvailable factory identifiers are:\n\ncore`,
    span,
    name.name,
    ["core"],
  );
}

export function unloadModule({ name, span }: UnloadModule): void {
  if (name.name !== "core") throw refuse(`No module with name '${name.name}' exists`, span, name.name, ["core"]);
  throw refuse("The module 'core' cannot be unloaded here: all functions are in it.", span, name.name);
}

export function useModules({ names }: UseModules): void {
  const unknown = names.find(({ name }) => name !== "core");
  if (unknown !== undefined) throw refuse(`No module with name '${unknown.name}' exists`, unknown.span, unknown.name, ["core"]);
}
