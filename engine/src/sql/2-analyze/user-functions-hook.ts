import type { Expr } from "../1-parse/ast.ts";
import type { BindHook, ExpressionBinder } from "./bind-expression.ts";
import { bindUserCall } from "./bind-user-function.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rex } from "./rex.ts";

/** Calls of the user's functions, where there can be no queries: computed columns and watermarks. */
export class UserFunctionsHook implements BindHook {
  private readonly context: QueryContext;

  constructor(context: QueryContext) {
    this.context = context;
  }

  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    return expr.kind === "call" ? bindUserCall(expr, binder, this.context) : null;
  }
}
