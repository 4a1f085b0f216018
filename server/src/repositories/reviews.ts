/** How well learners remembered what, and when: only added to, so that several machines of one learner cannot contradict each other. */
import type { Review } from "../contract/index.ts";

export interface ReviewRepository {
  /** The oldest first. */
  list(userId: string): Promise<readonly Review[]>;
  /** All of them or none; what is there already is left as it is. False when the user would have more than `max`. */
  add(userId: string, reviews: readonly Review[], max: number): Promise<boolean>;
}
