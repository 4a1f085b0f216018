/** Gives the reader a file that the server makes, through a call: so that a session that has ended is asked for again instead of becoming a broken download. */
import { type Caller, caller } from "./call.ts";

/** @param name under which it is saved. Throws ApiFailure. */
export async function saveFile(path: string, name: string, { file }: Pick<Caller, "file"> = caller): Promise<void> {
  const url = URL.createObjectURL(await file(path));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold of the file by the next task.
  setTimeout(() => URL.revokeObjectURL(url));
}
