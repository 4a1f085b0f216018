/** Types as Flink writes them in DDL. */
import type { TypeNode } from "../ast.ts";
import { printName, printPath, printString } from "./name.ts";

export function printType(type: TypeNode): string {
  return `${printBareType(type)}${type.nullable ? "" : " NOT NULL"}`;
}

function printBareType(type: TypeNode): string {
  const fields = type.fields
    .map((field) => {
      const comment = field.comment === null ? "" : ` ${printString(field.comment)}`;
      return `${printName({ name: field.name, span: type.span })} ${printType(field.type)}${comment}`;
    })
    .join(", ");
  switch (type.name) {
    case "USER_DEFINED":
      return printPath(type.path);
    case "RAW":
      return `RAW(${type.arguments.map(printString).join(", ")})`;
    case "STRUCTURED":
      return `STRUCTURED<${[printString(type.arguments[0]), ...(fields === "" ? [] : [fields])].join(", ")}>`;
    case "INTERVAL_YEAR_MONTH":
      return "INTERVAL YEAR TO MONTH";
    case "INTERVAL_DAY_TIME":
      return "INTERVAL DAY TO SECOND";
    case "TIME_LTZ":
      return `TIME${parameters(type)} WITH LOCAL TIME ZONE`;
    case "ROW":
      return `ROW<${fields}>`;
    case "ARRAY":
    case "MULTISET":
      return `${type.name}<${printType(type.children[0])}>`;
    case "MAP":
      return `MAP<${type.children.map(printType).join(", ")}>`;
    default:
      return `${type.name}${parameters(type)}`;
  }
}

function parameters(type: TypeNode): string {
  return type.parameters.length === 0 ? "" : `(${type.parameters.join(", ")})`;
}
