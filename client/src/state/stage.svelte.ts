/** One stage being looked at: which run, which moment, what is selected, what is pinned. No DOM. */
import type { Recording } from "@millrace/engine/sim";
import type { JumpKind } from "../stage/stage-index.ts";
import type { StageRecord } from "../stage/stage-facts.ts";
import { StageRun } from "../stage/stage-run.ts";
import { type StateImage, stateImage } from "../stage/state-diff.ts";
import type { StageAddress, StageView } from "./stage-address.ts";

/** `given`: of the world without the changes, when there are any. */
export type RunName = StageAddress["run"];
type Recordings = Readonly<Record<RunName, Recording | null>>;

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A run of up to so many records is shown whole at first. */
const WHOLE_UP_TO = 400;
/** Events on the axis at first, of longer runs. */
const FIRST_VIEW_EVENTS = 600;
const RUN_NAMES = ["yours", "given", "reference"] as const satisfies readonly RunName[];
const MIN_SPAN_MS = 20;
const SHOW_EVERY_MS = 80;

export class Stage {
  readonly #runs = new WeakMap<Recording, StageRun>();
  #recordings = $state.raw<Recordings>({ yours: null, given: null, reference: null });
  #run = $state<RunName>("yours");
  #seq = $state(-1);
  #shown = $state(-1);
  #shownAtMs = Number.NEGATIVE_INFINITY;
  #showing: ReturnType<typeof setTimeout> | null = null;
  #range = $state.raw<TimeRange>({ fromMs: 0, toMs: 1 });
  #selected = $state<number | null>(null);
  #a = $state<number | null>(null);
  #b = $state<number | null>(null);
  #key = $state<string | null>(null);
  #view = $state<StageView>("plane");
  #place = $state.raw<{ readonly v: number; readonly s: number } | null>(null);
  #playing = $state(false);
  #speed = $state(1);

  constructor({ yours, given, reference }: Recordings & { readonly yours: Recording }, address: StageAddress) {
    this.#recordings = { yours, given, reference };
    this.#run = this.#recordings[address.run] === null ? "yours" : address.run;
    const { index, facts } = this.current;
    const within = (seq: number | null) => (seq !== null && seq < index.length ? seq : null);
    this.#seq = within(address.at) ?? this.#firstMoment();
    this.#shown = this.#seq;
    this.#selected = within(address.selected) ?? (address.at === null ? this.#recordBehind(this.#seq) : null);
    this.#a = within(address.a);
    this.#b = within(address.b);
    this.#key = address.key;
    this.#view = address.view;
    if (address.from !== null && address.to !== null && address.to > address.from) {
      this.#range = this.#bounded({ fromMs: index.fromMs + address.from, toMs: index.fromMs + address.to });
    } else if (facts.records.length <= WHOLE_UP_TO) this.showAll();
    else this.#centre(FIRST_VIEW_EVENTS);
  }

  get runName(): RunName {
    return this.#run;
  }

  /** Those that there are. */
  get runs(): readonly RunName[] {
    return RUN_NAMES.filter((name) => this.#recordings[name] !== null);
  }

  /** Of a world with changes. */
  get isChanged(): boolean {
    return this.#recordings.given !== null;
  }

  get current(): StageRun {
    return this.runOf(this.#run);
  }

  runOf(name: RunName): StageRun {
    const recording = (this.#recordings[name] ?? this.#recordings.yours) as Recording;
    let run = this.#runs.get(recording);
    if (run === undefined) {
      run = new StageRun(recording);
      this.#runs.set(recording, run);
    }
    return run;
  }

  /** Shows the other run at the same processing time. */
  chooseRun(name: RunName): void {
    if (name === this.#run || this.#recordings[name] === null) return;
    const atMs = this.nowMs;
    this.#run = name;
    this.#selected = null;
    this.#a = null;
    this.#b = null;
    this.#place = null;
    this.seekTime(atMs);
    this.#range = this.#bounded(this.#range);
  }

  /**
   * Another run of the same program takes the place of the one that is shown. Cursor, pins and the part in sight stay where they are in time.
   * @param given the run that it is a change of; null = none. @param find the record that is selected, in the other run
   */
  replace(yours: Recording, given: Recording | null, find: (record: StageRecord, run: StageRun) => number | null): void {
    const before = this.current;
    const selected = this.#selected === null ? undefined : before.facts.recordBySeq.get(this.#selected);
    const [atMs, range] = [this.nowMs, this.#range];
    const timeOf = (seq: number | null) => (seq === null ? null : before.index.timeOf(seq));
    const [aMs, bMs] = [timeOf(this.#a), timeOf(this.#b)];
    this.#recordings = { ...this.#recordings, yours, given };
    if (this.#recordings[this.#run] === null) this.#run = "yours";
    const { current } = this;
    if (current !== before) {
      const seqAt = (ms: number | null) => (ms === null ? null : Math.max(0, current.index.seqAt(ms)));
      this.#selected = selected === undefined ? null : find(selected, current);
      this.#a = seqAt(aMs);
      this.#b = seqAt(bMs);
      this.seekTime(atMs);
    }
    this.#range = this.#bounded(range);
  }

  // ---- The cursor ----

  get seq(): number {
    return this.#seq;
  }

  get nowMs(): number {
    const { index } = this.current;
    return this.#seq < 0 ? index.fromMs : index.timeOf(this.#seq);
  }

  seek(seq: number): void {
    const { index } = this.current;
    this.#seq = Math.max(-1, Math.min(seq, index.length - 1));
    this.#show();
  }

  /**
   * The cursor as panels and tables follow it: at once after a pause, else a dozen times a second. Nobody reads a table sixty times a second, and what is
   * not drawn leaves the time to the cursor.
   */
  get shownSeq(): number {
    return Math.min(this.#shown, this.current.index.length - 1);
  }

  get shownMs(): number {
    const { index } = this.current;
    return this.shownSeq < 0 ? index.fromMs : index.timeOf(this.shownSeq);
  }

  #show(): void {
    if (this.#showing !== null) return;
    const waitMs = this.#shownAtMs + SHOW_EVERY_MS - performance.now();
    const show = () => {
      this.#showing = null;
      this.#shownAtMs = performance.now();
      this.#shown = this.#seq;
      this.#follow();
    };
    if (waitMs <= 0) show();
    else this.#showing = setTimeout(show, waitMs);
  }

  seekTime(ms: number): void {
    this.seek(this.current.index.seqAt(ms));
  }

  /** Where a look at two runs begins: where they part, and at the output in which they do, if it is one. */
  startAt(ms: number): void {
    const write = this.current.facts.writes.find(({ atMs }) => atMs === ms);
    this.#selected = write?.seq ?? null;
    if (write === undefined) this.seekTime(ms);
    else this.seek(write.seq);
  }

  step(by: number): void {
    this.seek(this.#seq + by);
  }

  /** False when there is none. */
  jump(kind: JumpKind, direction: 1 | -1): boolean {
    const seq = this.current.index.jump(kind, this.#seq, direction);
    if (seq === null) return false;
    this.seek(seq);
    if (kind === "late") this.#selected = this.#recordBehind(seq);
    return true;
  }

  /** To where state, a timer or a window of the chosen key changes next; false = it does not, or none is chosen. */
  jumpKey(direction: 1 | -1): boolean {
    const seq = this.#key === null ? null : this.current.index.jumpKey(this.#key, this.#seq, direction);
    if (seq === null) return false;
    this.seek(seq);
    return true;
  }

  // ---- The part of the time axis that is shown ----

  get range(): TimeRange {
    return this.#range;
  }

  showAll(): void {
    const { fromMs, toMs } = this.current.index;
    const air = Math.max((toMs - fromMs) * 0.02, 1);
    this.#range = { fromMs: fromMs - air, toMs: toMs + air };
  }

  /** @param factor below 1 = closer. */
  zoom(factor: number): void {
    const { fromMs, toMs } = this.#range;
    const at = Math.max(fromMs, Math.min(toMs, this.nowMs));
    this.#range = this.#bounded({ fromMs: at - (at - fromMs) * factor, toMs: at + (toMs - at) * factor });
  }

  pan(byMs: number): void {
    const { fromMs, toMs } = this.#range;
    this.#range = this.#bounded({ fromMs: fromMs + byMs, toMs: toMs + byMs });
  }

  /** The cursor stays in sight: the axis turns over like a page when it would leave. */
  #follow(): void {
    const { fromMs, toMs } = this.#range;
    const now = this.nowMs;
    if (now >= fromMs && now <= toMs) return;
    const span = toMs - fromMs;
    const start = now < fromMs ? now - span * 0.85 : now - span * 0.15;
    this.#range = this.#bounded({ fromMs: start, toMs: start + span });
  }

  #centre(events: number): void {
    const { index } = this.current;
    const first = Math.max(0, Math.min(this.#seq - Math.floor(events / 3), index.length - events));
    this.#range = this.#bounded({ fromMs: index.timeOf(first), toMs: index.timeOf(Math.min(first + events, index.length - 1)) + 1 });
  }

  #bounded({ fromMs, toMs }: TimeRange): TimeRange {
    const { index } = this.current;
    const whole = Math.max(index.toMs - index.fromMs, 1) * 1.04;
    const span = Math.min(Math.max(toMs - fromMs, MIN_SPAN_MS), Math.max(whole, MIN_SPAN_MS));
    const start = Math.min(Math.max(fromMs, index.fromMs - span * 0.5), index.toMs - span * 0.5);
    return { fromMs: start, toMs: start + span };
  }

  /** Where a look at a run begins: where something goes wrong, if anything does, else at its first firing or output. */
  #firstMoment(): number {
    const { index, facts } = this.current;
    const first = index.all("late")[0] ?? index.all("fault")[0] ?? index.all("firing")[0] ?? facts.writes[0]?.seq;
    return first ?? Math.min(index.length - 1, 0);
  }

  // ---- Selection, pins, filters ----

  /** The record that an event goes back to, when it came too late; that is what one wants to know of first. */
  #recordBehind(seq: number): number | null {
    const { index, facts } = this.current;
    const event = index.events[seq];
    return event?.kind === "late" && event.cause !== undefined && facts.recordBySeq.has(event.cause) ? event.cause : null;
  }

  /** A read or a write, by its seq. */
  get selected(): number | null {
    return this.#selected;
  }

  select(seq: number | null): void {
    this.#selected = seq;
  }

  get a(): number | null {
    return this.#a;
  }

  get b(): number | null {
    return this.#b;
  }

  pin(which: "a" | "b"): void {
    if (which === "a") this.#a = this.#seq;
    else this.#b = this.#seq;
  }

  unpin(which: "a" | "b"): void {
    if (which === "a") this.#a = null;
    else this.#b = null;
  }

  imageAt(seq: number): StateImage {
    return stateImage(this.current.index.stateAt(seq));
  }

  get key(): string | null {
    return this.#key;
  }

  set key(key: string | null) {
    this.#key = key;
  }

  get view(): StageView {
    return this.#view;
  }

  set view(view: StageView) {
    this.#view = view;
  }

  /** The subtask whose watermark is explained; null = that of the operator with the windows. */
  get place(): { readonly v: number; readonly s: number } | null {
    return this.#place;
  }

  set place(place: { readonly v: number; readonly s: number } | null) {
    this.#place = place;
  }

  // ---- Playing ----

  get playing(): boolean {
    return this.#playing;
  }

  set playing(playing: boolean) {
    this.#playing = playing && this.#seq < this.current.index.length - 1;
  }

  /** Share of the shown range that goes by in a second, in tenths. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#speed = speed;
  }

  /** Moves on by so much real time; quiet stretches are passed over at the same pace as busy ones. */
  tick(elapsedMs: number): void {
    const { index } = this.current;
    const span = this.#range.toMs - this.#range.fromMs;
    const until = (this.#playFromMs ?? this.nowMs) + (span / 10) * (elapsedMs / 1_000) * this.#speed;
    this.#playFromMs = until;
    const seq = index.seqAt(until);
    if (seq > this.#seq) this.seek(seq);
    if (seq >= index.length - 1) this.#playing = false;
    if (!this.#playing) this.#playFromMs = null;
  }

  /** Time reached while playing; between events it moves on although the cursor does not. */
  #playFromMs: number | null = null;

  resetPlay(): void {
    this.#playFromMs = null;
  }

  address(of: StageAddress["of"], text: string | null, changes: StageAddress["changes"]): StageAddress {
    const { index } = this.current;
    const relative = (ms: number) => Math.max(0, Math.round(ms - index.fromMs));
    const whole = this.#range.fromMs <= index.fromMs && this.#range.toMs >= index.toMs;
    return {
      of,
      text,
      run: this.#run,
      changes,
      brokenChanges: null,
      at: this.#seq < 0 ? null : this.#seq,
      selected: this.#selected,
      a: this.#a,
      b: this.#b,
      key: this.#key,
      view: this.#view,
      from: whole ? null : relative(this.#range.fromMs),
      to: whole ? null : relative(this.#range.toMs),
    };
  }
}
