/**
 * Which line of the learner's program is being executed. Hosts that can tell (by parsing a stack trace) say so once; the engine itself
 * never looks at stacks.
 */

/** Where in the learner's program: 1-based line and column in the submitted file. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  /** Absent = the submitted file; else the one beside it, such as the module of a script's functions. */
  readonly file?: string;
}

let positionOfCaller: () => SourcePosition | undefined = () => undefined;

/**
 * The provider gives the position of the innermost call in the learner's program, undefined when none is on the stack. It is asked for
 * each operator while the program builds its job, and for each `Diagnostic` that knows no better place.
 * @internal
 */
export function setPositionProvider(provider: () => SourcePosition | undefined): void {
  positionOfCaller = provider;
}

/** Position of the learner's line that is being executed, if there is one and the host can tell. */
export function currentPosition(): SourcePosition | undefined {
  return positionOfCaller();
}

/**
 * Where the operators of one job stand, in the order in which the program makes them. The program is evaluated again for each subtask and attempt, and
 * must build the same job each time: only the first evaluation has to look at the stack, which costs more than building the operators.
 */
export class NotedPositions {
  private readonly positions: (SourcePosition | undefined)[] = [];
  private next = 0;

  /** Runs one evaluation of the program. */
  during<R>(evaluate: () => R): R {
    const outer = noted;
    noted = this;
    this.next = 0;
    try {
      return evaluate();
    } finally {
      noted = outer;
    }
  }

  take(): SourcePosition | undefined {
    if (this.next === this.positions.length) this.positions.push(currentPosition());
    return this.positions[this.next++];
  }
}

let noted: NotedPositions | null = null;

/** As `currentPosition`, to be asked once for each thing that the program builds, in the order in which it builds them. */
export function positionOfNext(): SourcePosition | undefined {
  return noted === null ? currentPosition() : noted.take();
}
