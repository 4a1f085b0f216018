/**
 * What a program may reach of each class of the engine: the members that the types exported by "flink" declare, nothing marked private, protected or @internal. A
 * class that is not exported itself may have those of the exported interfaces and classes that it implements or extends.
 */
import { join } from "node:path";
import ts from "typescript";
import { engineSourceDir } from "../../../src/sandbox/engine-sources.ts";

export interface PublicMembers {
  /** By class; those of statics under "Class.". */
  readonly classes: Readonly<Record<string, readonly string[]>>;
  /** Of all exported types together: for objects without a class. */
  readonly all: readonly string[];
}

export function publicMembers(): PublicMembers {
  const root = engineSourceDir();
  const program = ts.createProgram([join(root, "index.ts")], {
    target: ts.ScriptTarget.ES2024,
    lib: ["lib.es2024.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
    noEmit: true,
    allowImportingTsExtensions: true,
  });
  return new Members(program.getTypeChecker()).of(program, join(root, "index.ts"));
}

type Declared = ts.ClassDeclaration | ts.ClassExpression | ts.InterfaceDeclaration;

class Members {
  readonly #checker: ts.TypeChecker;
  readonly #exported = new Set<ts.Symbol>();
  readonly #all = new Set<string>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  of(program: ts.Program, entry: string): PublicMembers {
    const module = this.#checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    for (const symbol of this.#checker.getExportsOfModule(module)) {
      const real = this.#real(symbol);
      this.#exported.add(real);
      // Constants: enums, and objects of functions, classes and options.
      const { valueDeclaration } = real;
      if (valueDeclaration === undefined || !ts.isVariableDeclaration(valueDeclaration)) continue;
      for (const property of this.#checker.getTypeOfSymbol(real).getProperties()) this.#all.add(property.name);
    }
    // What an exported type extends is seen through it, by whatever name.
    for (const symbol of this.#exported) {
      for (const declared of symbol.declarations ?? []) {
        if (ts.isClassDeclaration(declared) || ts.isInterfaceDeclaration(declared))
          for (const above of this.#above(declared)) this.#exported.add(above);
      }
    }
    const classes: Record<string, Set<string>> = {};
    const add = (name: string, names: Iterable<string>) => {
      classes[name] ??= new Set();
      const set = classes[name];
      for (const one of names) set.add(one);
    };
    for (const source of program.getSourceFiles()) {
      if (!source.fileName.startsWith(engineSourceDir())) continue;
      const visit = (node: ts.Node): void => {
        if (ts.isInterfaceDeclaration(node)) this.#members(node, false);
        if (ts.isClassDeclaration(node) || ts.isClassExpression(node)) {
          const name = node.name?.text ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "nameless");
          add(name, this.#members(node, false));
          add(`${name}.`, this.#members(node, true));
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    const sorted = Object.fromEntries(Object.entries(classes).map(([name, names]) => [name, [...names].sort()]));
    return { classes: sorted, all: [...this.#all].sort() };
  }

  /** Of the type if it is exported, and of all exported ones above it. */
  #members(declared: Declared, statics: boolean): Set<string> {
    const names = new Set<string>();
    if (this.#isExported(declared)) {
      // What members give or take may be spelt out in place.
      const visit = (node: ts.Node): void => {
        if (ts.isTypeLiteralNode(node)) for (const { name } of node.members) if (name !== undefined) this.#all.add(nameOf(name));
        ts.forEachChild(node, visit);
      };
      for (const member of declared.members) if (!this.#isHidden(member)) visit(member);
      for (const member of declared.members) {
        if (member.name === undefined || isStatic(member) !== statics || this.#isHidden(member)) continue;
        const name = nameOf(member.name);
        names.add(name);
        if (!statics) this.#all.add(name);
      }
      for (const member of statics ? [] : declared.members) {
        if (!ts.isConstructorDeclaration(member)) continue;
        for (const parameter of member.parameters) {
          if (ts.isParameterPropertyDeclaration(parameter, member) && !this.#isHidden(parameter)) names.add(parameter.name.getText());
        }
      }
    }
    for (const above of this.#above(declared)) {
      for (const one of above.declarations ?? []) {
        if (ts.isClassDeclaration(one) || ts.isInterfaceDeclaration(one)) for (const name of this.#members(one, statics)) names.add(name);
      }
    }
    return names;
  }

  /** What a class or interface extends and implements. */
  #above(declared: Declared): ts.Symbol[] {
    const types = (declared.heritageClauses ?? []).flatMap((clause) => clause.types);
    const symbols = types.map((type) => this.#checker.getSymbolAtLocation(type.expression));
    return symbols.flatMap((symbol) => (symbol === undefined ? [] : [this.#real(symbol)]));
  }

  #isExported(declared: Declared): boolean {
    const symbol = declared.name === undefined ? undefined : this.#checker.getSymbolAtLocation(declared.name);
    return symbol !== undefined && this.#exported.has(symbol);
  }

  #isHidden(member: ts.Declaration & { readonly name?: ts.Node }): boolean {
    // Those who extend an abstract class see what is protected in it.
    const extended = (ts.getCombinedModifierFlags(member.parent as ts.Declaration) & ts.ModifierFlags.Abstract) !== 0;
    const hidden = extended ? ts.ModifierFlags.Private : ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    if ((ts.getCombinedModifierFlags(member) & hidden) !== 0 || (member.name !== undefined && ts.isPrivateIdentifier(member.name)))
      return true;
    return ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "internal");
  }

  #real(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }
}

function isStatic(member: ts.ClassElement | ts.TypeElement): boolean {
  return (ts.getCombinedModifierFlags(member as ts.Declaration) & ts.ModifierFlags.Static) !== 0;
}

/** `[Symbol.iterator]` as `String(Symbol.iterator)` has it. */
function nameOf(name: ts.PropertyName): string {
  if (ts.isComputedPropertyName(name)) return `Symbol(${name.expression.getText()})`;
  return ts.isStringLiteral(name) ? name.text : name.getText();
}
