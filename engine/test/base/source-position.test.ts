import { afterEach, describe, expect, it } from "vitest";
import { currentPosition, NotedPositions, positionOfNext, setPositionProvider } from "../../src/base/source-position.ts";

afterEach(() => setPositionProvider(() => undefined));

describe("noted positions", () => {
  it("are those of the first evaluation; only what comes on top is looked for", () => {
    let asked = 0;
    setPositionProvider(() => ({ line: ++asked, column: 1 }));
    const noted = new NotedPositions();
    const lines = (count: number) => noted.during(() => Array.from({ length: count }, () => positionOfNext()?.line));
    expect(lines(2)).toEqual([1, 2]);
    expect(lines(2)).toEqual([1, 2]);
    expect(asked).toBe(2);
    expect(lines(3)).toEqual([1, 2, 3]);
    expect(new NotedPositions().during(positionOfNext)).toEqual({ line: 4, column: 1 });
  });

  it("do not outlive the evaluation, one that throws either", () => {
    let asked = 0;
    setPositionProvider(() => ({ line: ++asked, column: 1 }));
    const noted = new NotedPositions();
    expect(() =>
      noted.during(() => {
        positionOfNext();
        throw new Error("half way");
      }),
    ).toThrow("half way");
    expect(positionOfNext()?.line).toBe(2);
    expect(currentPosition()?.line).toBe(3);
    expect(noted.during(positionOfNext)?.line).toBe(1);
  });
});
