/**
 * fork(2) for a Node process, on Linux, through the C library.
 *
 * Problem: V8 optimises code while it runs, and neither a snapshot nor a code cache keeps what it has optimised. A process that judges one submission
 * and dies never gets far: it spends most of its time on code that is not optimised yet. A process that has run for a while and then forks hands on all
 * of it, and the kernel copies only the pages that are written to.
 *
 * What stands in the way, and what is done about it:
 * - Only the thread that calls fork() lives on. So V8 must not use others: the process has to run with `--single-threaded`, and must not have used
 *   libuv's thread pool. The event loop is not to be used afterwards either, since its epoll descriptor is the parent's: read and write synchronously.
 * - Node's build marks V8's pages as not to be inherited (`v8_enable_private_mapping_fork_optimization`, so that spawning is quick). MADV_DOFORK takes
 *   that back, for all that is mapped at this moment.
 * - With that flag V8 still offers each collection of young objects to Node's idle threads, and does it alone when they do not come. Offering signals a
 *   condition variable for which, as the C library remembers, the parent's threads wait; after some signals it waits for these to have woken up, for ever.
 *   In the child nobody ever waits for any such variable. So there signalling becomes a function that returns at once, in the child's copy of the library.
 * - In each child libuv closes the descriptors by which it is told of signals and opens others. It aborts when they are those of standard input and output,
 *   so the child of a child may not have closed these: use `discard` below.
 * - `process.pid` is the parent's still, and `process.kill`, `process.exit` act upon that or upon what only the parent has: use `exit` below.
 *
 * Limits: Linux with glibc on x64, Node with `node:ffi` (26 and later).
 */
/// <reference path="./node-ffi.d.ts" />
import { closeSync, openSync, readFileSync } from "node:fs";

const MADV_DOFORK = 11;
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const WNOHANG = 1;
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
/** sockaddr_un: family, then a path of at most 108 bytes with its final zero. */
const ADDRESS_BYTES = 110;
const LOWEST_ADDRESS = 4096n;
const PAGE_BYTES = 4096n;
const PROT_READ_EXEC = 5;
const PROT_ALL = 7;
const SIGNALLING = ["pthread_cond_signal", "pthread_cond_broadcast"] as const;
/** x64: endbr64; xor eax, eax; ret */
const RETURN_ZERO = [0xf3, 0x0f, 0x1e, 0xfa, 0x31, 0xc0, 0xc3];

const SIGNATURES = {
  fork: { return: "i32", arguments: [] },
  _exit: { return: "void", arguments: ["i32"] },
  getpid: { return: "i32", arguments: [] },
  waitpid: { return: "i32", arguments: ["i32", "pointer", "i32"] },
  mprotect: { return: "i32", arguments: ["u64", "u64", "i32"] },
  madvise: { return: "i32", arguments: ["u64", "u64", "i32"] },
  prctl: { return: "i32", arguments: ["i32", "u64", "u64", "u64", "u64"] },
  socket: { return: "i32", arguments: ["i32", "i32", "i32"] },
  dup2: { return: "i32", arguments: ["i32", "i32"] },
  connect: { return: "i32", arguments: ["i32", "pointer", "i32"] },
} as const;

/** The longest path of a socket that `connectTo` can take. */
export const MAX_SOCKET_PATH_BYTES = ADDRESS_BYTES - 3;

/** False where there is no use in trying. */
export function canFork(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

/** The C library's part in forking this process. */
export class Forker {
  readonly #ffi: typeof import("node:ffi");
  readonly #libc: { readonly [Name in keyof typeof SIGNATURES]: (...args: readonly (number | bigint)[]) => number };
  readonly #signalling: readonly bigint[];
  /** Up to here V8's pages can be; beyond are the kernel's own, which madvise refuses. */
  readonly #top: bigint;

  private constructor(ffi: typeof import("node:ffi"), top: bigint) {
    const { lib, functions } = ffi.dlopen("libc.so.6", SIGNATURES);
    this.#ffi = ffi;
    this.#libc = functions;
    this.#signalling = SIGNALLING.map((name) => ffi.dlsym(lib, name));
    this.#top = top;
  }

  /** Throws where this process cannot be forked. */
  static async open(): Promise<Forker> {
    if (!canFork()) throw new Error(`${process.platform} on ${process.arch} has no fork(2) that Node is known to survive`);
    const kernels = /^([0-9a-f]+)-\S+ .*\[vvar/m.exec(readFileSync("/proc/self/maps", "latin1"));
    if (kernels === null) throw new Error("the kernel's own pages cannot be told from others");
    const forker = new Forker(await import("node:ffi"), BigInt(`0x${kernels[1]}`));
    // Looking takes memory itself, which may be new pages.
    for (let attempt = 0; attempt < 5; attempt++) {
      forker.#inheritAll();
      if (keptBack() === 0) return forker;
    }
    throw new Error("some pages cannot be inherited");
  }

  /** The child's id; 0 = this is the child. */
  fork(): number {
    this.#inheritAll();
    const pid = this.#libc.fork();
    if (pid < 0) throw new Error("fork() failed");
    if (pid === 0) for (const address of this.#signalling) this.#makeReturnAtOnce(address);
    return pid;
  }

  /** The kernel forgets children that have ended. */
  reap(): void {
    while (this.#libc.waitpid(-1, 0n, WNOHANG) > 0);
  }

  /** From now on this process is killed when its parent ends. */
  dieWithParent(): void {
    this.#libc.prctl(PR_SET_PDEATHSIG, BigInt(SIGKILL), 0n, 0n, 0n);
  }

  /** A connected, blocking descriptor. */
  connectTo(path: string): number {
    const address = Buffer.alloc(ADDRESS_BYTES);
    address.writeUInt16LE(AF_UNIX, 0);
    address.write(path, 2);
    const descriptor = this.#libc.socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0 || this.#libc.connect(descriptor, this.#ffi.getRawPointer(address), ADDRESS_BYTES) !== 0) {
      throw new Error("the grader's socket does not answer");
    }
    return descriptor;
  }

  /** Nothing is read from this descriptor any more, nor written to it; its number stays taken. */
  discard(descriptor: number): void {
    const nothing = openSync("/dev/null", "r+");
    this.#libc.dup2(nothing, descriptor);
    closeSync(nothing);
  }

  exit(code: number): never {
    this.#libc._exit(code);
    throw new Error("unreachable");
  }

  #makeReturnAtOnce(address: bigint): void {
    const page = address & -PAGE_BYTES;
    if (this.#libc.mprotect(page, 2n * PAGE_BYTES, PROT_ALL) !== 0) this.exit(1);
    for (const [at, byte] of RETURN_ZERO.entries()) this.#ffi.setUint8(address, at, byte);
    this.#libc.mprotect(page, 2n * PAGE_BYTES, PROT_READ_EXEC);
  }

  /** The call ends with an error, because the range has gaps, but it does all that is mapped. */
  #inheritAll(): void {
    this.#libc.madvise(LOWEST_ADDRESS, this.#top - LOWEST_ADDRESS, MADV_DOFORK);
  }
}

/** Mappings that a child would not have. */
function keptBack(): number {
  return [...readFileSync("/proc/self/smaps", "latin1").matchAll(/^VmFlags:.* dc( |$)/gm)].length;
}
