/**
 * Grading processes booted ahead of time. Starting one takes some 200 ms, which nobody should wait for; each serves one submission and
 * is killed after it. Only `pack verify` lets a process serve several: V8 has then optimised the engine, and nobody hides from anybody.
 */
import { GradingProcess, type ProcessLimits } from "./grading-process.ts";
import type { GuestFiles } from "./guest-files.ts";
import type { Nursery } from "./nursery.ts";

export class WarmPool {
  readonly #files: GuestFiles;
  readonly #nursery: Nursery | null;
  readonly #limits: ProcessLimits;
  readonly #size: number;
  readonly #idle: Promise<GradingProcess>[] = [];
  readonly #maxUses: number;
  readonly #uses = new Map<GradingProcess, number>();
  #refill: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param options.maxUses submissions that a process serves; more than 1 only for submissions of a pack's own author. */
  constructor(files: GuestFiles, options: { size: number; limits: ProcessLimits; maxUses: number; nursery: Nursery | null }) {
    this.#nursery = options.nursery;
    this.#maxUses = options.maxUses;
    this.#files = files;
    this.#size = options.size;
    this.#limits = options.limits;
  }

  /** From now on there are better ones: those that wait are replaced. */
  renew(): void {
    for (const ready of this.#idle.splice(0)) ready.then((process) => process.kill(), ignoreFailedBoot);
    this.#refillSoon();
  }

  /** Boots all processes. */
  async start(): Promise<void> {
    while (this.#idle.length < this.#size) this.#idle.push(this.#boot());
    await Promise.all(this.#idle);
  }

  /** A booted process for one submission, to be given back by `release`. `limits` other than the pool's get a process of their own. */
  async take(limits: ProcessLimits = this.#limits): Promise<GradingProcess> {
    if (limits.rssBytes !== this.#limits.rssBytes) return this.#boot(limits);
    const ready = this.#idle.shift() ?? this.#boot();
    this.#refillSoon();
    // One that died while it waited or booted is no reason to fail; the next one would be.
    const process = await ready.catch(() => null);
    return process?.alive === true ? process : this.#boot();
  }

  /** The submission is done with: kills the process, or keeps it for the next one. */
  release(process: GradingProcess): void {
    const uses = (this.#uses.get(process) ?? 0) + 1;
    this.#uses.delete(process);
    if (this.#closed || !process.alive || uses >= this.#maxUses || process.rssBytesLimit !== this.#limits.rssBytes) {
      process.kill();
      return;
    }
    this.#uses.set(process, uses);
    this.#idle.unshift(Promise.resolve(process));
  }

  close(): void {
    this.#closed = true;
    if (this.#refill !== null) clearTimeout(this.#refill);
    for (const ready of this.#idle.splice(0)) ready.then((process) => process.kill(), ignoreFailedBoot);
  }

  /** Not at once: the processor belongs to the submission that was just handed a process. */
  #refillSoon(): void {
    if (this.#refill !== null || this.#closed) return;
    this.#refill = setTimeout(
      () => {
        this.#refill = null;
        if (this.#closed || this.#idle.length >= this.#size) return;
        const ready = this.#boot();
        ready.catch(ignoreFailedBoot); // Told to whoever takes it.
        this.#idle.push(ready);
        if (this.#idle.length < this.#size) this.#refillSoon();
      },
      this.#idle.length === 0 ? 0 : 150,
    );
  }

  async #boot(limits: ProcessLimits = this.#limits): Promise<GradingProcess> {
    // Without a copy, for whatever reason, one is started: slower, and the same.
    const forked = this.#nursery?.isWarm === true ? await this.#nursery.fork(limits).catch(() => null) : null;
    if (forked !== null) return forked;
    const process = new GradingProcess(this.#files, limits);
    await process.boot();
    if (this.#closed) process.kill();
    return process;
  }
}

/** The failure is rethrown by the promise itself to the one who awaits it. */
function ignoreFailedBoot(): void {}
