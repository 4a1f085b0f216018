/**
 * Packs that are brought in while the server runs. An archive is unpacked by the grader's importer, which bounds and checks it before anything is written, into
 * a folder of its own: `packs/<id>/` in the data folder. It is then verified in the background, one pack at a time; a verification that was cut off begins anew with
 * the next start. What is `beta` or `active` is in the catalogue.
 *
 * A newer version takes the place of the one before for who begins now; who has begun with an older one stays with that (`catalog/learner-versions.ts`), so that all
 * versions that were ever served are loaded. A problem's id belongs to the pack that had it first. What nobody has begun, submitted to or assigned can be deleted.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ArchiveFault, type ImportedPack, importPack, loadPack, type Problem } from "@millrace/grader";
import type { FastifyBaseLogger } from "fastify";
import type { PackDetail, PackStatus, PackSummary } from "../../contract/index.ts";
import { ApiFailure } from "../../errors.ts";
import { MAX_PACKS_WAITING } from "../../limits.ts";
import type { PackRepository } from "../../repositories/packs.ts";
import type { Stores } from "../../stores.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { toCatalogProblem } from "../catalog/load-catalog.ts";
import { toCatalogStudy } from "../catalog/study.ts";
import type { JudgeService } from "../judge/judge-service.ts";
import type { Signals } from "../queue/signals.ts";
import type { PackVerifier } from "./pack-verifier.ts";

/** How long a verification may take to see that it was stopped. */
const STOP_MS = 500;

const ORDER: readonly PackStatus[] = ["draft", "beta", "active", "deprecated"];

export interface PackLibraryParts {
  /** The folder that packs are unpacked into; made when needed. */
  readonly dir: string;
  readonly stores: Pick<Stores, "classes" | "packs" | "submissions" | "versions">;
  readonly catalog: Catalog;
  readonly judge: Pick<JudgeService, "publish" | "forget">;
  readonly verifier: PackVerifier;
  readonly signals: Signals;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

export class PackLibrary {
  readonly #parts: PackLibraryParts;
  readonly #packs: PackRepository;
  #working: Promise<void> | null = null;
  /** The verification under way. */
  #verifying: { readonly id: string; readonly ended: Promise<void>; isCut: boolean } | null = null;
  #isStopped = false;
  /** How many lines the report under way will have. */
  readonly #planned = new Map<string, number>();
  /** The pack that was looked at last, as it was read. */
  #opened: { readonly id: string; readonly problems: Promise<readonly Problem[]> } | null = null;

  constructor(parts: PackLibraryParts) {
    this.#parts = parts;
    this.#packs = parts.stores.packs;
  }

  /** What changes of a pack is signalled under this name. */
  topicOf(id: string): string {
    return `pack ${id}`;
  }

  /** How many lines a report will have; null when it is not being made, or has not begun. */
  plannedOf(id: string): number | null {
    return this.#planned.get(id) ?? null;
  }

  /** The problems of a pack, whatever its status; none of one that cannot be read. For the judge, and for `toCatalogProblem`: no route hands them out. */
  async problemsOf(pack: PackSummary): Promise<readonly Problem[]> {
    if (pack.state === "broken") return [];
    if (this.#opened?.id !== pack.id) {
      const problems = loadPack(this.#dirOf(pack)).then(({ pack: loaded }) => loaded?.problems ?? []);
      this.#opened = { id: pack.id, problems };
      problems.catch(() => {
        this.#opened = null;
      });
    }
    return this.#opened.problems;
  }

  /** Serves what is to be served, and goes on verifying. */
  async start(): Promise<void> {
    const { log } = this.#parts;
    for (const status of ["deprecated", "beta", "active"] as const) {
      for (const pack of await this.#packs.ofStatus(status))
        await this.#serve(pack).catch((error: unknown) => log.error({ err: error, pack: pack.id }, "a pack cannot be served"));
    }
    this.#wake();
  }

  /** Cuts a verification off; it begins anew with the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#parts.verifier.close();
    // A check that is under way may try once more before it gives up; nothing of it is written.
    await Promise.race([this.#working, sleep(STOP_MS, undefined, { ref: false })]);
  }

  /** Throws PACK_ARCHIVE for what is no archive of a pack, QUEUE_FULL when too many wait. A pack with mistakes is kept as `broken`, for its report. */
  async upload(archive: Buffer, uploadedBy: string): Promise<PackDetail> {
    const packs = this.#packs;
    const { now } = this.#parts;
    await this.#refuseCrowd();
    const id = randomUUID();
    const { pack, diagnostics, dir } = await this.#unpack(id, archive);
    const { id: packId = "", title = "", version = "", problems = [] } = pack ?? {};
    const state = dir === null ? "broken" : "waiting";
    const added = { id, packId, title, version, problems: problems.length, state, diagnostics } as const;
    await packs.add({ ...added, status: "draft", uploadedBy, createdAtMs: now() });
    this.#wake();
    return (await packs.find(id))!;
  }

  /** Verifies the pack anew; one that waits or is being verified already stays as it is. Throws PACK_UNREADABLE, QUEUE_FULL. */
  async verifyAgain({ id, state }: PackDetail): Promise<void> {
    if (state === "broken") throw new ApiFailure("PACK_UNREADABLE");
    if (state === "waiting" || state === "verifying") return;
    await this.#refuseCrowd();
    await this.#packs.enqueue(id);
    this.#parts.signals.emit(this.topicOf(id));
    this.#wake();
  }

  /** Deletes the pack, its report and its files. Throws PACK_IN_USE when somebody has begun or submitted to it, or a class has it assigned. */
  async remove(pack: PackDetail): Promise<void> {
    const { catalog, judge, dir, signals } = this.#parts;
    if (this.#verifying?.id === pack.id) {
      this.#verifying.isCut = true;
      await this.#parts.verifier.close();
      await this.#verifying.ended;
    }
    // A draft was never served: what was submitted to its version was submitted to another pack of that version.
    if (pack.status !== "draft") {
      const problems = await this.problemsOf(pack);
      await this.#refuseUsed(pack, problems);
      catalog.remove(pack.packId, pack.version);
      judge.forget(problems);
    }
    await this.#packs.remove(pack.id);
    if (this.#opened?.id === pack.id) this.#opened = null;
    rmSync(join(dir, pack.id), { recursive: true, force: true });
    signals.emit(this.topicOf(pack.id));
  }

  /** Throws PACK_STATUS, PACK_NOT_PASSED, PACK_CONFLICT. */
  async setStatus(pack: PackDetail, status: PackStatus): Promise<void> {
    const packs = this.#packs;
    const isServed = status === "beta" || status === "active";
    if (isServed && pack.state !== "passed") throw new ApiFailure("PACK_NOT_PASSED");
    if (ORDER.indexOf(status) <= ORDER.indexOf(pack.status) || (pack.status === "draft" && !isServed)) throw new ApiFailure("PACK_STATUS");
    if (pack.status === "draft") await this.#refuseTaken(pack);
    await this.#serve({ ...pack, status });
    await packs.setStatus(pack.id, status);
    if (!isServed) return;
    for (const served of ["beta", "active"] as const)
      for (const other of await packs.ofStatus(served))
        if (other.packId === pack.packId && other.id !== pack.id) await packs.setStatus(other.id, "deprecated");
  }

  /** A pack's name belongs to who served it first, and to nobody here when it comes with the product. */
  async #refuseTaken({ packId, version, uploadedBy }: PackDetail): Promise<void> {
    const { catalog } = this.#parts;
    const before = (await this.#packs.list(null)).filter((pack) => pack.packId === packId && pack.status !== "draft");
    const isBundled = before.length === 0 && catalog.holdsPack(packId);
    if (isBundled || before.some((pack) => pack.uploadedBy !== uploadedBy))
      throw new ApiFailure("PACK_CONFLICT", `The pack ${packId} is somebody else's. Give yours another id.`);
    if (before.some((pack) => pack.version === version))
      throw new ApiFailure("PACK_CONFLICT", `Version ${version} of ${packId} has been served already. Give this one a version of its own.`);
  }

  async #refuseCrowd(): Promise<void> {
    if ((await this.#packs.unverified()).length >= MAX_PACKS_WAITING)
      throw new ApiFailure("QUEUE_FULL", "Too many packs wait to be verified.");
  }

  async #refuseUsed({ version, status }: PackDetail, problems: readonly Problem[]): Promise<void> {
    const { classes, submissions, versions } = this.#parts.stores;
    const ids = problems.map(({ id }) => id);
    const isAssigned = status !== "deprecated" && (await classes.assignsAny(ids));
    if (isAssigned || (await submissions.hasAny(ids, version)) || (await versions.isBegun(ids, version)))
      throw new ApiFailure("PACK_IN_USE");
  }

  async #unpack(id: string, archive: Buffer): Promise<ImportedPack> {
    const into = join(this.#parts.dir, id);
    const file = join(this.#parts.dir, `${id}.zip`);
    mkdirSync(this.#parts.dir, { recursive: true });
    let imported: ImportedPack | null = null;
    try {
      writeFileSync(file, archive, { flag: "wx" });
      imported = await importPack(file, into);
      return imported;
    } catch (error) {
      if (error instanceof ArchiveFault)
        throw new ApiFailure("PACK_ARCHIVE", `The archive is not taken in: ${error.message}.`, { cause: error });
      throw error;
    } finally {
      rmSync(file, { force: true });
      if (imported?.dir == null) rmSync(into, { recursive: true, force: true });
    }
  }

  #dirOf({ id, packId }: PackSummary): string {
    return join(this.#parts.dir, id, packId);
  }

  /** Takes the pack's problems into the catalogue, or out of its list. */
  async #serve(pack: PackSummary): Promise<void> {
    const { catalog, judge } = this.#parts;
    const { pack: loaded } = await loadPack(this.#dirOf(pack));
    if (loaded === null) return;
    if (pack.status === "deprecated") {
      catalog.unlist(pack.packId, pack.version);
      const own = loaded.problems.filter(({ id }) => (catalog.find(id)?.packId ?? pack.packId) === pack.packId);
      // Those that are served are there already, as they are.
      const missing = own.filter(({ id, version }) => catalog.findVersion(id, version) === null);
      catalog.publish([], missing.map(toCatalogProblem), "unlisted");
      judge.publish(missing);
      return;
    }
    const foreign = loaded.problems.find(({ id }) => (catalog.find(id)?.packId ?? pack.packId) !== pack.packId);
    if (foreign !== undefined) throw new ApiFailure("PACK_CONFLICT", `Another pack has a problem with the id ${foreign.id} already.`);
    catalog.publish(loaded.sections, loaded.problems.map(toCatalogProblem), "listed");
    catalog.publishStudy(toCatalogStudy(loaded));
    judge.publish(loaded.problems);
  }

  #wake(): void {
    if (this.#isStopped) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  async #work(): Promise<void> {
    const { log } = this.#parts;
    const packs = this.#packs;
    try {
      for (let [id] = await packs.unverified(); id !== undefined && !this.#isStopped; [id] = await packs.unverified()) {
        const { promise: ended, resolve } = Promise.withResolvers<void>();
        this.#verifying = { id, ended, isCut: false };
        try {
          await this.#verify(id);
        } finally {
          this.#verifying = null;
          resolve();
        }
      }
    } catch (error) {
      log.error({ err: error }, "packs could not be verified");
    }
  }

  async #verify(id: string): Promise<void> {
    const packs = this.#packs;
    const { verifier, signals, log, now } = this.#parts;
    const pack = await packs.find(id);
    if (pack === null) return;
    const isCut = (): boolean => this.#isStopped || this.#verifying?.isCut === true;
    await packs.begin(id);
    signals.emit(this.topicOf(id));
    let complaints = 0;
    let written: Promise<unknown> = Promise.resolve();
    try {
      await verifier.verify(this.#dirOf(pack), {
        planned: (lines) => {
          this.#planned.set(id, lines);
          signals.emit(this.topicOf(id));
        },
        line: (line) => {
          if (line.complaint !== null) complaints++;
          written = written.then(() => packs.addLine(id, line)).then(() => signals.emit(this.topicOf(id)));
          written.catch(() => {});
        },
      });
      await written;
    } catch (error) {
      this.#planned.delete(id);
      // Left as it is, so that the next start begins anew, or to be deleted.
      if (isCut()) return;
      log.error({ err: error, pack: id }, "a pack could not be verified");
      complaints++;
      const sentence = "The verification itself failed. This is our fault; the server's log says why.";
      await packs.addLine(id, {
        problem: "",
        subject: "verification",
        found: "judge-error",
        complaint: sentence,
        warnings: [],
        mutants: null,
        tookMs: 0,
      });
    }
    this.#planned.delete(id);
    if (isCut()) return;
    await packs.finish(id, complaints === 0 ? "passed" : "failed", now());
    signals.emit(this.topicOf(id));
  }
}
