/** A tree with lines, as all sections of EXPLAIN have them. */
export function treeText<T>(root: T, describe: (node: T) => string, inputsOf: (node: T) => readonly T[]): string {
  let text = "";
  const visit = (node: T, first: string, rest: string): void => {
    text += `${first}${describe(node)}\n`;
    const inputs = inputsOf(node);
    inputs.forEach((input, i) => {
      const last = i === inputs.length - 1;
      visit(input, `${rest}${last ? "+- " : ":- "}`, `${rest}${last ? "   " : ":  "}`);
    });
  };
  visit(root, "", "");
  return text;
}
