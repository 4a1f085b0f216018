/**
 * TypeScript in the editor checks against the same declarations and the same options as the server (grader/src/compile/type-checker.ts).
 * Monaco bundles an older compiler, so the server's word counts; what they share keeps surprises rare.
 */
import { ModuleKind, ModuleResolutionKind, ScriptTarget, typescriptDefaults } from "monaco-editor/languages/features/typescript/register";

let configured = false;

export function configureTypeScript(): void {
  if (configured) return;
  configured = true;
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    lib: ["es2023"],
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.NodeJs,
    strict: true,
    strictPropertyInitialization: false,
    noFallthroughCasesInSwitch: true,
    types: [],
    skipLibCheck: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    moduleDetection: 3,
    allowNonTsExtensions: true,
  });
  typescriptDefaults.setDiagnosticsOptions({ noSemanticValidation: false, noSyntaxValidation: false, noSuggestionDiagnostics: true });
  typescriptDefaults.setEagerModelSync(true);
  typescriptDefaults.setInlayHintsOptions({ includeInlayParameterNameHints: "none" });
}

/** Makes `import … from "flink"` resolve. Files without a folder of their own lie in the module's root. */
export function provideFlink(files: readonly { readonly path: string; readonly text: string }[]): void {
  typescriptDefaults.setExtraLibs(files.map((file) => ({ content: file.text, filePath: `file:///node_modules/flink/${file.path}` })));
}
