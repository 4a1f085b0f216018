/**
 * What the editor shows on hover. The declaration files go to the browser as they are (`/api/types`), where Monaco lays them out as
 * `node_modules/flink` (client/src/editor/typescript.ts); here the compiler's language service gets the same files in the same places.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { flinkTypeFiles } from "../../src/compile/flink-types.ts";

const LIB_DIR = dirname(fileURLToPath(import.meta.resolve("typescript")));
const FLINK = "/node_modules/flink/";
const JOB = "/job.ts";

const files = new Map(flinkTypeFiles().map(({ path, text }) => [FLINK + path, text]));

function languageService(job: string): ts.LanguageService {
  const textOf = (path: string) =>
    path === JOB ? job : (files.get(path) ?? (path.startsWith(LIB_DIR) ? ts.sys.readFile(path) : undefined));
  return ts.createLanguageService({
    getCompilationSettings: () => ({
      target: ts.ScriptTarget.ESNext,
      lib: ["lib.es2023.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      types: [],
      skipLibCheck: true,
      noEmit: true,
    }),
    getScriptFileNames: () => [JOB, ...files.keys()],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => "/",
    getDefaultLibFileName: () => join(LIB_DIR, "lib.es2023.d.ts"),
    fileExists: (path) => textOf(path) !== undefined,
    readFile: textOf,
  });
}

const PROGRAM = `import { Duration, KafkaSource, KeyedProcessFunction, StreamExecutionEnvironment, TumblingEventTimeWindows, Tuple2, Types, ValueStateDescriptor, WatermarkStrategy } from "flink";
interface Click { readonly user: string; readonly at: number }
class Count extends KeyedProcessFunction<string, Click, number> {
  private readonly seen = new ValueStateDescriptor<number>("seen");
  override processElement(click: Click, ctx: Parameters<KeyedProcessFunction<string, Click, number>["processElement"]>[1]): void {
    const state = this.getRuntimeContext().getState(this.seen);
    state.update(1);
    ctx.timerService().registerEventTimeTimer(click.at);
  }
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const clicks = env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5)), "clicks");
clicks.keyBy((click) => click.user).process(new Count()).print();
clicks.map((click) => Tuple2.of(click.user, 1)).returns(Types.TUPLE(Types.STRING, Types.INT)).keyBy((pair) => pair.f0)
  .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1))).allowedLateness(Duration.ofSeconds(1)).sum(1).slotSharingGroup("sums").sinkTo({} as never);
env.execute("job");
`;

describe("hover in the editor", () => {
  const service = languageService(PROGRAM);
  const hover = (text: string) => {
    const info = service.getQuickInfoAtPosition(JOB, PROGRAM.lastIndexOf(text) + 1);
    return ts.displayPartsToString(info?.documentation);
  };

  it("resolves the program", () => {
    const messages = service.getSemanticDiagnostics(JOB).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(messages).toEqual([]);
  });

  it.each([
    ["StreamExecutionEnvironment.get", /Where every program begins/],
    ["fromSource(", /Watermarks are made per split/],
    ["forBoundedOutOfOrderness", /\S/],
    ["ofSeconds", /seconds/],
    ["keyBy((click)", /Same key, same subtask/],
    ["registerEventTimeTimer", /epoch ms/],
    ["getState(", /One value per key/],
    ["update(1)", /\S/],
    ["Tuple2.of", /Two fields/],
    ["TUPLE(", /Tuple2<string, number>/],
    ["window(", /windows/],
    ["allowedLateness", /Default 0/],
    ["slotSharingGroup", /group of slots/],
    ["sinkTo(", /sink/],
    ["execute(", /simulated cluster/],
  ])("%s", (text, documentation) => {
    expect(hover(text)).toMatch(documentation);
  });

  it("loses the comment of no exported name", () => {
    const program = service.getProgram() as ts.Program;
    const checker = program.getTypeChecker();
    const index = program.getSourceFile(`${FLINK}index.d.ts`) as ts.SourceFile;
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(index) as ts.Symbol);
    const silent = exported
      .map((symbol) => ((symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)))
      .filter(
        (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)) === "" && symbol.getJsDocTags(checker).length === 0,
      );
    expect(exported.length).toBeGreaterThan(150);
    // "unknown" stands for what the engine exports for us alone: its declaration is left out of the files.
    expect(silent.map(({ name }) => name).filter((name) => name !== "unknown")).toEqual([]);
  });

  it("hides what is internal", () => {
    expect([...files.values()].some((text) => text.includes("@internal"))).toBe(false);
  });
});
