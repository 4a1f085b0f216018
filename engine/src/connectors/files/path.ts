/**
 * Where a file or directory is: `s3://bucket/dir/file`, `hdfs://cluster/dir/file`, `/dir/file`. Flink: `org.apache.flink.core.fs.Path`.
 * (Flink: docs/deployment/filesystems/overview)
 */
export class Path {
  private readonly scheme: string | null;
  private readonly authority: string | null;
  private readonly path: string;

  /** A path from its text, or a child of a path. */
  constructor(pathOrParent: string | Path, child?: string) {
    const text = child === undefined ? String(pathOrParent) : `${String(pathOrParent).replace(/\/+$/, "")}/${child}`;
    const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/]*))?(.*)$/.exec(text);
    this.scheme = match?.[1] ?? null;
    this.authority = match?.[2] === "" ? null : (match?.[2] ?? null);
    this.path = normalized(match?.[3] ?? "");
  }

  /** "s3", "file" …, null when the path names none. */
  getScheme(): string | null {
    return this.scheme;
  }

  /** The bucket or host, null when the path names none. */
  getAuthority(): string | null {
    return this.authority;
  }

  /** What follows scheme and authority: "/dir/file". */
  getPath(): string {
    return this.path;
  }

  /** The last part: "file". */
  getName(): string {
    return this.path.slice(this.path.lastIndexOf("/") + 1);
  }

  /** The directory around it, null for the root. */
  getParent(): Path | null {
    const end = this.path.lastIndexOf("/");
    if (this.path === "/" || end === -1) return null;
    return new Path(`${this.prefix()}${end === 0 ? "/" : this.path.slice(0, end)}`);
  }

  /** The same name with something appended. */
  suffix(suffix: string): Path {
    return new Path(`${this.toString()}${suffix}`);
  }

  /** The path as text, as it was written. */
  toString(): string {
    return `${this.prefix()}${this.path}`;
  }

  private prefix(): string {
    const scheme = this.scheme === null ? "" : `${this.scheme}:`;
    return this.authority === null ? (this.scheme === null ? "" : `${scheme}//`) : `${scheme}//${this.authority}`;
  }
}

function normalized(path: string): string {
  const single = path.replace(/\/{2,}/g, "/");
  return single.length > 1 ? single.replace(/\/$/, "") : single === "" ? "/" : single;
}
