/** Texts of why a watermark does not move. The first sentence is put together of `stands`, `by` and a cause. */
const listed = (parts: readonly string[]) => parts.join(" and ");
const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** What is said of idleness, in brackets. */
const idleness = (timeout: string | null | undefined) =>
  timeout === undefined ? "" : timeout === null ? " (withIdleness is not set)" : ` (withIdleness is ${timeout}, which is not over)`;

export const stageWatermarkTexts = {
  button: "Why the watermark stands",
  heading: "Why the watermark stands",
  ended: "The input has ended: the last watermark lets everything fire.",
  endOfInput: "the end of its input",
  none: (name: string, since: string | null) => `${name} has no watermark${since === null ? "" : ` yet, ${since} after the start`}`,
  stands: (name: string, watermark: string, since: string | null) =>
    `Watermark of ${name} stands at ${watermark}${since === null ? "" : ` since ${since}`}`,
  /** @param over who passes it on, nearest first */
  by: (holder: string, over: readonly string[]) => `, held back by ${holder}${over.length === 0 ? "" : ` over ${listed(over)}`}`,
  down: (reason: string | null, since: string) => `the job is down since ${since}${reason === null ? "" : ` (${reason})`}`,
  allIdle: (name: string) => `all inputs of ${name} are idle, so nobody moves it`,
  queued: (from: string, sent: string, n: number, to: string) =>
    `${from} has come to ${sent}, but that lies in the channel to ${to}, where ${plural(n, "element")} wait${n === 1 ? "s" : ""}`,
  blocked: (from: string, sent: string, to: string, checkpoint: string) =>
    `${from} has come to ${sent}, but ${to} takes nothing from this channel until the barriers of ${checkpoint} have come over its other channels`,
  checkpoint: (n: number | null) => (n === null ? "the checkpoint" : `checkpoint ${n}`),
  onItsWay: (from: string, sent: string) => `${from} has just come to ${sent}, and that is on its way`,
  afterThat: (holder: string, cause: string) => `Then it is held back by ${holder}: ${cause}.`,
  backPressured: (at: string, to: string, n: number, capacity: number) =>
    `${at} cannot read on, because its channel to ${to} is full (${n} of ${capacity} elements)`,
  heldUp: (at: string, to: string, n: number, capacity: number, share: string) =>
    `${at} could not read on for ${share} of the last second, because its channel to ${to} was full (now ${n} of ${capacity} elements)`,
  busy: (name: string, share: string) => `${name} was busy ${share} of the last second: it is the one that is slow.`,
  inside: (at: string) => `${at} makes watermarks of its own in the middle of its chain, and no record that came by has raised them`,
  insideBound: (bound: string) => `They stay ${bound} behind the highest timestamp that came by.`,
  noWatermarks: (at: string) => `${at} makes none: it has no watermark strategy, or its table no WATERMARK clause`,
  noSplit: (at: string, timeout: string | null | undefined) =>
    `no partition is assigned to ${at}, and it is not marked idle${idleness(timeout)}`,
  unread: (split: string, timeout: string | null | undefined) =>
    `nothing has been read from partition ${split} yet, and it is not marked idle${idleness(timeout)}`,
  untimed: (split: string) => `the records of partition ${split} have no event time`,
  notMade: (split: string) => `of the records of partition ${split} no watermark has been made`,
  notMadeMore: (highest: string) => `The highest event time that was read from it is ${highest}.`,
  silent: (split: string, since: string, timeout: string | null | undefined) =>
    `partition ${split} has been silent since ${since} and is not marked idle${idleness(timeout)}`,
  silentEverywhere: (split: string, since: string) =>
    `no record has come from any partition since ${since}, when ${split} was read, and only records move a watermark`,
  others: (watermark: string) => `The other partitions of the source have come to ${watermark}.`,
  needs: (split: string, after: string) => `What moves it: a record of ${split} with an event time after ${after}`,
  orIdle: ", or its being marked idle.",
  idleAt: (time: string) => `, or its being marked idle, at about ${time}.`,
  pausedSplit: (split: string, group: string | null) =>
    `partition ${split} is not read for now, by watermark alignment${group === null ? "" : ` (group ${group})`}`,
  pausedSource: (at: string, group: string | null) =>
    `${at} does not read for now, by watermark alignment${group === null ? "" : ` (group ${group})`}`,
  aheadOf: (allowed: string) => `It was stopped for being ahead of ${allowed}, the highest that was allowed.`,
  aheadOfGroup: (drift: string, name: string, watermark: string) =>
    `It may be ${drift} ahead of the least of its group, no more: that is ${name} with ${watermark}.`,
  woke: (split: string, at: string) =>
    `partition ${split} has been read again after it was idle, and is only at ${at}; a watermark never falls, so it waits until ${split} has caught up`,
  bound: (split: string, highest: string, lag: string) =>
    `the highest event time of partition ${split} is ${highest}, and its watermark stays ${lag} behind that`,
  boundNone: (split: string, highest: string) => `the highest event time of partition ${split} is ${highest}`,
  boundSet: " (forBoundedOutOfOrderness)",
  due: (split: string, highest: string) =>
    `${highest} has been read from partition ${split}, and watermarks are made every so often only: the next one is due`,
  lastRead: (time: string) => `It was last read at ${time}.`,
  quiet: (until: string) => `Nothing else happens until ${until}.`,
  unknown: "The recording does not tell why.",
  longest: (from: string, to: string, duration: string) => `It stood longest from ${from} to ${to}: ${duration}`,
  before: "Recorded before queues were kept: what lies in the channels is not known.",
  queues: "Input channels",
  queueColumns: {
    from: "from",
    to: "to",
    watermark: "watermark",
    queued: "queued",
    credit: "credit",
    sender: "at sender",
    barriers: "barriers",
    rows: "rows sent",
  },
  /** Kinds that there are none of are left out. */
  rows: ([inserts, befores, afters, deletes]: readonly [number, number, number, number]) =>
    [
      ["+I", inserts],
      ["−U", befores],
      ["+U", afters],
      ["−D", deletes],
    ]
      .filter(([, n]) => n !== 0)
      .map(([kind, n]) => `${kind} ${n}`)
      .join(", "),
  /** Rows that put something into the table, and that take something out of it. */
  rowsShort: (puts: number, takes: number) => `+${puts}${takes === 0 ? "" : ` −${takes}`}`,
  queuedOf: (n: number, capacity: number) => `${n} of ${capacity}`,
  full: "full",
  waits: "waits for barriers",
  barrier: (n: number, ahead: number, overtook: number, passed: boolean) =>
    passed ? `${n} handled, past ${ahead} in front of it` : `${n} behind ${ahead}${overtook > 0 ? `, overtook ${overtook}` : ""}`,
  figure: (from: string, n: number, capacity: number, barriers: string) =>
    `${from}: ${n} of ${capacity} elements${barriers === "" ? "" : `, barrier ${barriers}`}`,
  legend: { receiver: "in the receiver's buffers", sender: "at the sender", barrier: "barrier" },
  noQueues: "Nothing lies in the channels at this moment.",
  untold: "The recording tells of the channels no further than this.",
} as const;
