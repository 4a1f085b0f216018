/** Where an entry of an archive may be written to: a plain relative path, the same on every platform. */
import { ArchiveFault } from "./archive-fault.ts";

const MAX_PATH = 200;
const MAX_DEPTH = 8;
/** What Windows takes for devices, whatever ending they have. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
const EXTENSIONS = [".yaml", ".yml", ".ts", ".sql", ".md", ".json", ".txt", ".svg", ".png"];
const WITHOUT_EXTENSION = ["LICENSE", "LICENCE", "NOTICE"];
/** Left out without a word: what file managers add, and archives inside of archives. */
const IGNORED = /(^|\/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini)(\/|$)|\.(zip|tgz|tar|gz|7z|rar|bz2|xz)$/i;

export type EntryPath = { readonly kind: "file"; readonly path: string } | { readonly kind: "folder" } | { readonly kind: "ignored" };

/** Throws an ArchiveFault for names that are no paths inside of a pack. */
export function entryPath(name: string): EntryPath {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
  const refuse = (why: string): never => {
    throw new ArchiveFault(`${shown} ${why}`);
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(name)) refuse("has control characters in its name");
  if (name.includes("\\")) refuse("has a backslash in its name");
  if (/^[a-z]:/i.test(name)) refuse("names a drive");
  if (name.startsWith("/")) refuse("is an absolute path");
  if (name.length > MAX_PATH) refuse(`has a name of more than ${MAX_PATH} characters`);
  if (IGNORED.test(name)) return { kind: "ignored" };
  const isFolder = name.endsWith("/");
  const parts = (isFolder ? name.slice(0, -1) : name).split("/");
  if (parts.length > MAX_DEPTH) refuse("lies too deep");
  for (const part of parts) {
    if (part === "" || part === ".") refuse("has an empty part in its path");
    if (part === "..") refuse("leads out of the archive");
    if (/[<>:"|?*]/.test(part) || /[. ]$/.test(part) || DEVICES.test(part)) refuse("has a name that not every system can write");
  }
  if (isFolder) return { kind: "folder" };
  const file = parts.at(-1) ?? "";
  const dot = file.lastIndexOf(".");
  const known = dot > 0 ? EXTENSIONS.includes(file.slice(dot).toLowerCase()) : WITHOUT_EXTENSION.includes(file);
  if (!known) refuse(`is no file of a pack (${EXTENSIONS.join(", ")})`);
  return { kind: "file", path: parts.join("/") };
}
