/** What "flink" offers to a learner, as the compiler sees it: exported names and the public members of exported classes and interfaces. */
import { join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(import.meta.dirname, "../..");

export interface ApiName {
  /** `Duration`, `Duration.ofSeconds`, `DataStream#map`. */
  readonly path: string;
  /** What the editor shows on hover, "" when nothing. Inherited documentation counts. */
  readonly documentation: string;
  /** `engine/src/datastream/data-stream.ts:46`. */
  readonly place: string;
  /** Parameters and results that are bare numbers and speak of time, by name: units must be said somewhere. */
  readonly barePeriods: readonly string[];
}

/** All names of the module, in the order of its exports. */
export function publicApi(entry = "src/index.ts"): readonly ApiName[] {
  const program = ts.createProgram([join(ROOT, entry)], compilerOptions());
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(ROOT, entry)) as ts.SourceFile;
  const module = checker.getSymbolAtLocation(source) as ts.Symbol;
  const names: ApiName[] = [];
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
    if (isInternal(symbol)) continue;
    names.push(describe(exported.name, symbol, checker));
    for (const declaration of symbol.declarations ?? []) {
      if (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)) {
        names.push(...members(exported.name, declaration, checker));
      }
    }
  }
  return names;
}

function compilerOptions(): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2024,
    lib: ["lib.es2024.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
    noEmit: true,
    allowImportingTsExtensions: true,
  };
}

function members(owner: string, declaration: ts.ClassDeclaration | ts.InterfaceDeclaration, checker: ts.TypeChecker): ApiName[] {
  const found = new Map<string, ApiName>();
  for (const member of declaration.members) {
    if (member.name === undefined || !isPublic(member)) continue;
    const symbol = checker.getSymbolAtLocation(member.name);
    if (symbol === undefined || isInternal(symbol) || symbol.name === "toString" || symbol.name.includes(" ")) continue;
    const isStatic = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
    const path = `${owner}${isStatic ? "." : "#"}${symbol.name}`;
    found.set(path, describe(path, symbol, checker));
  }
  return [...found.values()];
}

function isPublic(member: ts.ClassElement | ts.TypeElement): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(member) & hidden) === 0 && !(member.name !== undefined && ts.isPrivateIdentifier(member.name));
}

function isInternal(symbol: ts.Symbol): boolean {
  return symbol.getJsDocTags().some(({ name }) => name === "internal");
}

function describe(path: string, symbol: ts.Symbol, checker: ts.TypeChecker): ApiName {
  const [declaration] = symbol.declarations ?? [];
  const tags = symbol.getJsDocTags(checker).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`);
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const file = declaration?.getSourceFile();
  const line = file?.getLineAndCharacterOfPosition(declaration.getStart()).line ?? 0;
  return {
    path,
    documentation: [text, ...tags.filter((tag) => /^@(param|returns|deprecated)/.test(tag))].join("\n").trim(),
    place: file === undefined ? "" : `engine/${relative(ROOT, file.fileName)}:${line + 1}`,
    barePeriods: (symbol.declarations ?? []).flatMap((one) => barePeriodsOf(one, symbol.name)),
  };
}

const SPEAKS_OF_TIME = /(interval|timeout|delay|lateness|gap|pause|backoff|timestamp|millis|processingtime)/i;

/** Numbers whose name speaks of time but not of its unit (`…Ms`); timestamps and durations alike. What overrides is told by its base. */
function barePeriodsOf(declaration: ts.Declaration, name: string): string[] {
  if (!ts.isFunctionLike(declaration) || (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Override) !== 0) return [];
  const bare = (text: string, type: ts.TypeNode | undefined) =>
    type?.getText() === "number" && SPEAKS_OF_TIME.test(text) && !/(Ms|Millis|Mb)$/.test(text);
  return [
    ...declaration.parameters
      .filter(({ name: parameter, type }) => bare(parameter.getText(), type))
      .map((parameter) => parameter.name.getText()),
    ...(bare(name, declaration.type) ? [`result of ${name}`] : []),
  ];
}
