import { Diagnostic } from "../base/diagnostic.ts";

/** What one slot of a group offers; sizes in MB. (Flink: docs/deployment/finegrained_resource) */
export interface SlotResources {
  /** CPUs, may be a fraction. */
  readonly cpuCores: number;
  /** Heap in MB. */
  readonly taskHeapMemoryMb: number;
  /** Memory outside the heap in MB. */
  readonly taskOffHeapMemoryMb: number;
  /** Memory for state backends in MB. */
  readonly managedMemoryMb: number;
}

/**
 * A group of operators that share slots: one slot may hold one subtask of each of its operators, and none of another group's. Give it to
 * `slotSharingGroup(…)` of an operator instead of a name to say how large the slots have to be. The simulated cluster counts slots and
 * keeps what is said about their size for the plan. (Flink: docs/deployment/finegrained_resource)
 */
export class SlotSharingGroup {
  readonly #name: string;
  readonly #resources: SlotResources | undefined;

  /** @internal Use `newBuilder`. */
  constructor(name: string, resources: SlotResources | undefined) {
    this.#name = name;
    this.#resources = resources;
  }

  /** `SlotSharingGroup.newBuilder("heavy").setCpuCores(1).setTaskHeapMemoryMB(256).build()`; a name alone says nothing about sizes. */
  static newBuilder(name: string): SlotSharingGroupBuilder {
    return new SlotSharingGroupBuilder(name);
  }

  /** The group's name, which is what makes two groups the same. */
  getName(): string {
    return this.#name;
  }

  /** Share of CPUs of one slot, undefined when nothing was said. */
  getCpuCores(): number | undefined {
    return this.#resources?.cpuCores;
  }

  /** Heap of one slot in MB, undefined when nothing was said. */
  getTaskHeapMemoryMb(): number | undefined {
    return this.#resources?.taskHeapMemoryMb;
  }

  /** Managed memory of one slot in MB, undefined when nothing was said. */
  getManagedMemoryMb(): number | undefined {
    return this.#resources?.managedMemoryMb;
  }

  /** True when both have the same name and sizes. */
  equals(other: unknown): boolean {
    return other instanceof SlotSharingGroup && other.#name === this.#name && sizesOf(other.#resources) === sizesOf(this.#resources);
  }
}

/** Collects the sizes of a group's slots; made by `SlotSharingGroup.newBuilder(name)`. (Flink: docs/deployment/finegrained_resource) */
export class SlotSharingGroupBuilder {
  readonly #name: string;
  #sizes: Partial<SlotResources> = {};

  /** @internal */
  constructor(name: string) {
    this.#name = name;
  }

  /** CPUs per slot, may be a fraction. Needed as soon as any size is given. */
  setCpuCores(cpuCores: number): this {
    return this.#set({ cpuCores: positive(cpuCores, "The cpu cores") });
  }

  /** Heap per slot in MB. Needed as soon as any size is given. */
  setTaskHeapMemoryMB(taskHeapMemoryMb: number): this {
    return this.#set({ taskHeapMemoryMb: positive(taskHeapMemoryMb, "The task heap memory") });
  }

  /** Memory outside the heap per slot in MB. Default 0. */
  setTaskOffHeapMemoryMB(taskOffHeapMemoryMb: number): this {
    return this.#set({ taskOffHeapMemoryMb });
  }

  /** Memory per slot for state backends in MB. Default 0. */
  setManagedMemoryMB(managedMemoryMb: number): this {
    return this.#set({ managedMemoryMb });
  }

  /**
   * The group.
   *
   * @throws Diagnostic JOB_SLOT_SHARING_GROUP when some size was given but not both CPUs and heap.
   */
  build(): SlotSharingGroup {
    if (Object.keys(this.#sizes).length === 0) return new SlotSharingGroup(this.#name, undefined);
    const { cpuCores, taskHeapMemoryMb, taskOffHeapMemoryMb = 0, managedMemoryMb = 0 } = this.#sizes;
    if (cpuCores === undefined || taskHeapMemoryMb === undefined) {
      throw refusal(
        "The cpu cores and task heap memory are required when specifying the resource of a slot sharing group. " +
          "You need to explicitly configure them with positive value.",
        Object.keys(this.#sizes).join(", "),
      );
    }
    return new SlotSharingGroup(this.#name, { cpuCores, taskHeapMemoryMb, taskOffHeapMemoryMb, managedMemoryMb });
  }

  #set(sizes: Partial<SlotResources>): this {
    this.#sizes = { ...this.#sizes, ...sizes };
    return this;
  }
}

/**
 * Groups of one job by name, so that one group is not described in two ways.
 * @internal
 */
export class SlotSharingGroups {
  readonly #known = new Map<string, SlotSharingGroup>();

  /** The group's name. @throws Diagnostic JOB_SLOT_SHARING_GROUP for a group that was given with other sizes before. */
  register(group: SlotSharingGroup | string): string {
    if (typeof group === "string") return group;
    const name = group.getName();
    const before = this.#known.get(name);
    if (before !== undefined && !before.equals(group)) {
      throw refusal(`The slot sharing group ${name} has been configured with two different resource spec.`, name);
    }
    if (group.getCpuCores() !== undefined) this.#known.set(name, group);
    return name;
  }
}

function sizesOf(resources: SlotResources | undefined): string {
  return resources === undefined
    ? "any"
    : [resources.cpuCores, resources.taskHeapMemoryMb, resources.taskOffHeapMemoryMb, resources.managedMemoryMb].join("/");
}

function positive(value: number, what: string): number {
  if (typeof value === "number" && value > 0) return value;
  throw refusal(`${what} should be positive.`, String(value));
}

function refusal(message: string, found: string): Diagnostic {
  return new Diagnostic({ code: "JOB_SLOT_SHARING_GROUP", message, phase: "graph", found });
}
