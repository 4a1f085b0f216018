// A source on the base classes: chapters of a book, fetched page by page, one chapter at a time per reader.
import {
  Boundedness,
  RecordsBySplitsBuilder,
  type RecordEmitter,
  type RecordsWithSplitIds,
  SingleThreadMultiplexSourceReaderBase,
  type Source,
  type SourceOutput,
  type SourceReader,
  type SourceReaderContext,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
  type SplitReader,
  type SplitsAddition,
} from "../../../../src/index.ts";

interface Chapter extends SourceSplit {
  readonly lines: number;
  readonly nextLine: number;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** The position within a chapter, moved on as lines are emitted. */
interface ChapterState {
  readonly chapter: Chapter;
  nextLine: number;
}

const LINES_PER_PAGE = 4;

class ChapterReader implements SplitReader<Line, Chapter> {
  private readonly open: { readonly chapter: Chapter; at: number }[] = [];

  fetch(): RecordsWithSplitIds<Line> {
    const page = new RecordsBySplitsBuilder<Line>();
    const current = this.open[0];
    if (current === undefined) return page.build();
    const { splitId, lines } = current.chapter;
    for (let n = 0; n < LINES_PER_PAGE && current.at < lines; n++, current.at++) {
      page.add(splitId, { number: current.at, text: `${splitId}:${current.at}` });
    }
    if (current.at === lines) {
      page.addFinishedSplit(splitId);
      this.open.shift();
    }
    return page.build();
  }

  handleSplitsChanges(change: SplitsAddition<Chapter>): void {
    for (const chapter of change.splits()) this.open.push({ chapter, at: chapter.nextLine });
  }

  wakeUp(): void {}
  close(): void {}
}

class EmitLine implements RecordEmitter<Line, string, ChapterState> {
  emitRecord(line: Line, output: SourceOutput<string>, state: ChapterState): void {
    output.collect(line.text);
    state.nextLine = line.number + 1;
  }
}

class BookReader extends SingleThreadMultiplexSourceReaderBase<Line, string, Chapter, ChapterState> {
  constructor(context: SourceReaderContext) {
    super(() => new ChapterReader(), new EmitLine(), context);
  }

  override start(): void {
    if (this.getNumberOfCurrentlyAssignedSplits() === 0) this.context.sendSplitRequest();
  }

  protected onSplitFinished(): void {
    this.context.sendSplitRequest();
  }

  protected initializedState(chapter: Chapter): ChapterState {
    return { chapter, nextLine: chapter.nextLine };
  }

  protected toSplitType(_splitId: string, { chapter, nextLine }: ChapterState): Chapter {
    return { ...chapter, nextLine };
  }
}

export class BookSource implements Source<string, Chapter, readonly Chapter[]> {
  private readonly chapters: readonly number[];

  /** @param chapters lines of each. */
  constructor(chapters: readonly number[]) {
    this.chapters = chapters;
  }

  getBoundedness(): Boundedness {
    return Boundedness.BOUNDED;
  }

  createEnumerator(context: SplitEnumeratorContext<Chapter>): SplitEnumerator<Chapter, readonly Chapter[]> {
    const chapters = this.chapters.map((lines, index) => ({ splitId: `chapter-${index + 1}`, lines, nextLine: 0 }));
    return this.restoreEnumerator(context, chapters);
  }

  restoreEnumerator(context: SplitEnumeratorContext<Chapter>, unread: readonly Chapter[]): SplitEnumerator<Chapter, readonly Chapter[]> {
    const waiting = [...unread];
    return {
      start() {},
      addReader() {},
      handleSplitRequest(reader) {
        const chapter = waiting.shift();
        if (chapter === undefined) context.signalNoMoreSplits(reader);
        else context.assignSplit(chapter, reader);
      },
      addSplitsBack: (chapters) => void waiting.unshift(...chapters),
      snapshotState: () => waiting,
      close() {},
    };
  }

  createReader(context: SourceReaderContext): SourceReader<string, Chapter> {
    return new BookReader(context);
  }
}
