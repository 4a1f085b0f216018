/** Texts of what can be changed about the world of a stage. */
const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

export const stageWorldTexts = {
  title: "World",
  unchanged: "As it is given. Drag a record to another moment, take it out, add one, or kill a task manager: the run is computed again.",
  computing: "Computing the changed world. The picture is still that of before.",
  refused: (change: number, why: string) => `Change ${change}: ${why}`,
  failed: (why: string) => `Not computed: ${why}`,
  retry: "Try again",
  full: (n: number) => `A world can have ${n} changes; take one back first.`,
  notKept:
    "This world can be looked at, but not changed: it was not kept with its verdict, being too large, or the verdict is from before worlds were. Submit the text again for one that can.",
  wrongRun: "Changes are made in your run: show it to make some.",
  faults: "Faults of the world",
  spare: "Leave out",
  spareFault: (fault: string) => `Leave out: ${fault}`,
  spared: "left out",
  changes: "Changes",
  undo: "Undo",
  undoChange: (change: string) => `Undo: ${change}`,
  undoAll: "Undo all",
  kill: "Kill a task manager at the cursor",
  killIt: "Kill",
  killShort: (n: number) => `tm ${n}`,
  record: (name: string) => `Move ${name}`,
  noRecord: "Select a record to move it, or to take it out.",
  elsewhere: "This record was written by the job itself: it cannot be moved.",
  earlier: (by: string) => `${by} earlier`,
  later: (by: string) => `${by} later`,
  takeOut: "Take out",
  addCopy: "Add a copy",
  add: "Add a record",
  addAtCursor: "Add it at the cursor",
  cancel: "Cancel",
  topic: "Topic",
  partition: "Partition",
  key: "Key",
  noKey: "none",
  value: "Value, as JSON",
  badValue: "This is not JSON.",
  handle: (name: string) => `Arrival of ${name}`,
  handleValue: (time: string) => `${time}. Left and right move the record in time, with Shift ten times as far; Delete takes it out.`,
  moved: (name: string, by: string, later: boolean) => `${name} arrives ${by} ${later ? "later" : "earlier"}`,
  removed: (name: string) => `${name} is taken out`,
  added: (name: string, time: string) => `a record of ${name} is added at ${time}`,
  killed: (n: number, time: string) => `task manager ${n} is killed at ${time}`,
  sparedFault: (fault: string) => `left out: ${fault}`,
  ended: (why: string) => `The run did not come to its end. ${why}`,
  same: (n: number) =>
    n === 0
      ? "read_committed readers find nothing, with the changes as without."
      : `read_committed readers find the same ${plural(n, "record")} as without the changes.`,
  differs: (more: number, fewer: number) =>
    `read_committed readers find ${[more > 0 ? `${more} more` : "", fewer > 0 ? `${fewer} fewer` : ""].filter(Boolean).join(" and ")} than without the changes.`,
  again: (n: number) => `${n === 1 ? "One of them is" : `${n} of them are`} there once too often.`,
  show: "Show the first",
  linkLong: "Copied without the changes: they are too long for an address.",
  brokenLink: (change: number) =>
    change === 0
      ? "The changes in this address cannot be read, so the world is shown as it is given."
      : `Change ${change} in this address cannot be read, so the world is shown as it is given.`,
  brokenMany: (n: number) => `This address has more than ${n} changes, so the world is shown as it is given.`,
  brokenLong: "The changes in this address are too long, so the world is shown as it is given.",
} as const;
