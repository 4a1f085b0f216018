/** Separates a pattern's name from the number of one of its further states. */
export const STATE_NAME_DELIMITER = ":";

/** Gives the states of an automaton their names: the first of a pattern has the pattern's name, further ones `name:0`, `name:1`, … */
export class StateNames {
  private readonly used = new Set<string>();

  unique(baseName: string): string {
    let candidate = baseName;
    for (let counter = 0; this.used.has(candidate); counter++) candidate = `${baseName}${STATE_NAME_DELIMITER}${counter}`;
    this.used.add(candidate);
    return candidate;
  }
}

/** The pattern's name in a state's name. Whatever users write behind a colon is lost, as in Flink. */
export function patternNameOf(stateName: string): string {
  return stateName.split(STATE_NAME_DELIMITER)[0];
}
