/** How the last two events of a submission are stored: without the report, which has a column of its own. */

/** The verdict stands, the explanation is still to come. */
export const JUDGED = JSON.stringify({ kind: "judged" });

export const FINISHED = JSON.stringify({ kind: "finished" });
