/**
 * The file system that a world's jobs write their checkpoints to, as a system of the world: so that faults can strike it and the outcome says
 * what is left there. A world without one has a file system to which nothing happens.
 */
import type { OutsideSystem, SystemAction, SystemDescription, SystemFactory } from "../connectors/systems/outside-system.ts";
import { CheckpointFiles } from "../runtime/checkpoint/storage/checkpoint-files.ts";

export const CHECKPOINT_DISK = "checkpointStorage";

/** One per world. Its faults: `full` and `free`, `slow` with a `factor` (1 = as usual), `lose` and `damage` the files whose path contains `file`. */
export interface CheckpointDiskDescription extends SystemDescription {
  readonly kind: typeof CHECKPOINT_DISK;
  /** What fits; absent = anything. */
  readonly capacityBytes?: number;
}

export class CheckpointDisk implements OutsideSystem {
  readonly kind = CHECKPOINT_DISK;
  readonly name: string;
  readonly files: CheckpointFiles;

  constructor({ name, capacityBytes }: CheckpointDiskDescription) {
    this.name = name;
    this.files = new CheckpointFiles(capacityBytes);
  }

  outcome(): unknown {
    return this.files.list();
  }

  strike({ what, factor, file }: SystemAction): void {
    const { files } = this;
    switch (what) {
      case "full":
      case "free":
        files.setFull(what === "full");
        break;
      case "slow":
        files.slowness = Number(factor ?? 10);
        break;
      case "lose":
        files.lose(String(file ?? ""));
        break;
      case "damage":
        files.damage(String(file ?? ""));
        break;
      default:
        throw new Error(`Checkpoint storage knows full, free, slow, lose and damage, not "${what}".`);
    }
  }
}

export const CHECKPOINT_DISK_FACTORY: SystemFactory<CheckpointDiskDescription> = {
  kind: CHECKPOINT_DISK,
  create: (description) => new CheckpointDisk(description),
};
