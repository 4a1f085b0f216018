/**
 * Syntax trees back to SQL in one normal form: upper-case keywords, one space, parentheses only where precedence needs them. What is printed parses to the same tree
 * (spans aside); a property test holds that.
 */
export { printExpression } from "./print/expression.ts";
export { printQuery } from "./print/query.ts";
export { printStatement } from "./print/statement.ts";
