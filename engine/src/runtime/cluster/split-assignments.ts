/**
 * Which splits went to which reader since when: what a reader that is restarted alone has to be given again, since the checkpoint that it goes
 * back to does not have it. Flink: `SplitAssignmentTracker`.
 */
import type { SourceSplit } from "../../flow/source.ts";

interface Assignment {
  readonly subtask: number;
  readonly splits: readonly SourceSplit[];
  /** The first checkpoint after it, in which the reader has the splits; null = there was none. */
  checkpointId: number | null;
}

export class SplitAssignments {
  private assignments: Assignment[] = [];

  assigned(subtask: number, splits: readonly SourceSplit[]): void {
    this.assignments.push({ subtask, splits, checkpointId: null });
  }

  /** A checkpoint begins: from it on the readers have what was assigned before. */
  checkpointTaken(checkpointId: number): void {
    for (const assignment of this.assignments) assignment.checkpointId ??= checkpointId;
  }

  checkpointCompleted(checkpointId: number): void {
    this.assignments = this.assignments.filter((assignment) => !isIn(assignment, checkpointId));
  }

  /** Takes out what a reader got after this checkpoint. @param checkpointId null = it starts empty. */
  takeSince(subtask: number, checkpointId: number | null): SourceSplit[] {
    const lost = this.assignments.filter((one) => one.subtask === subtask && (checkpointId === null || !isIn(one, checkpointId)));
    this.assignments = this.assignments.filter((one) => !lost.includes(one));
    return lost.flatMap(({ splits }) => splits);
  }
}

function isIn({ checkpointId: takenIn }: Assignment, checkpointId: number): boolean {
  return takenIn !== null && takenIn <= checkpointId;
}
