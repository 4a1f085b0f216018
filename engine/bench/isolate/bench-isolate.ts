/** A fresh isolate with the guest in it; the time of a call is measured on this side of the wall. */
import ivm from "isolated-vm";
import type { WorkName, WorkSize } from "../work.ts";
import { GUEST_FILE, TABLES_FILE } from "./guest-bundle.ts";
import { attachTables } from "./keep.ts";

/** Large enough for the state of a million keys; V8's own limit in Node is of this order. */
const MEMORY_LIMIT_MB = 4096;

/** How long this thread, which the isolate runs on, has been on the processor. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export interface Run {
  readonly wallMs: number;
  /** Time of this thread on the processor: about what `wallMs` would be if nobody else had wanted it. */
  readonly cpuMs: number;
  readonly rows: number;
}

export class BenchIsolate {
  private readonly isolate: ivm.Isolate;
  private readonly context: ivm.Context;
  private readonly work: ivm.Reference<(name: WorkName, size: string) => number>;

  /** @param tables the second script, for queries. */
  constructor(core: string, tables: string | null = null) {
    this.isolate = new ivm.Isolate({ memoryLimit: MEMORY_LIMIT_MB });
    this.context = this.isolate.createContextSync();
    this.context.global.setSync("lookAtClock", new ivm.Callback(threadMs));
    this.isolate.compileScriptSync(core, { filename: GUEST_FILE }).runSync(this.context);
    if (tables !== null) attachTables(this.context, this.isolate.compileScriptSync(tables, { filename: TABLES_FILE }));
    this.work = this.context.evalSync("bench.work", { reference: true }) as ivm.Reference<(name: WorkName, size: string) => number>;
  }

  run(name: WorkName, size: WorkSize): Run {
    const cpuBefore = threadMs();
    const start = performance.now();
    const rows = this.work.applySync(undefined, [name, JSON.stringify(size)]);
    const wallMs = performance.now() - start;
    return { wallMs, cpuMs: threadMs() - cpuBefore, rows };
  }

  /** Bytes of everything alive. */
  liveBytes(): number {
    this.context.evalSync("gc()");
    return this.usedBytes();
  }

  /** Bytes of everything not yet collected. */
  usedBytes(): number {
    const heap = this.isolate.getHeapStatisticsSync();
    return heap.used_heap_size + heap.externally_allocated_size;
  }

  /** `look` is called when the guest's work asks for it, in the middle of a run. */
  onLookAtHeap(look: () => void): void {
    this.context.global.setSync("lookAtHeap", new ivm.Callback(look));
  }

  dispose(): void {
    this.isolate.dispose();
  }
}
