import { isRichFunction, type RichFunction } from "../../flow/rich-function.ts";
import type { EventCondition, IterativeCondition, IterativeConditionContext, StageCondition } from "../../operators/cep/conditions.ts";
import { requireFunction } from "../user-functions.ts";

/** A condition object, or just `(event) => …` or `(event, ctx) => …`. (Flink: docs/libs/cep) */
export type ConditionLike<T> = IterativeCondition<T> | ((value: T, ctx: IterativeConditionContext<T>) => boolean);

/** A class whose instances are meant, abstract ones included. (Flink: docs/libs/cep) */
export type ClassOf<T> = abstract new (...args: never[]) => T;

/** The automaton's form of a condition. @param operation for the complaint: where, or, until. */
export function stageCondition<T>(condition: ConditionLike<T>, operation: string): StageCondition {
  requireFunction(condition, operation, "filter");
  if (typeof condition === "function") return { test: condition as EventCondition, functions: [] };
  const functions: RichFunction[] = isRichFunction(condition) ? [condition] : [];
  return { test: (event, ctx) => condition.filter(event as T, ctx as IterativeConditionContext<T>), functions };
}

/**
 * Whether an event is an instance of a class. Subtasks evaluate the learner's module each for itself, so the class of an event that came
 * from another subtask is another object of the same name.
 */
export function subtypeCondition(subtype: ClassOf<unknown>): EventCondition {
  return (event) => {
    if (event instanceof subtype) return true;
    if (typeof event !== "object" || event === null) return false;
    let prototype: unknown = Object.getPrototypeOf(event);
    while (prototype !== null && prototype !== Object.prototype) {
      if ((prototype as { readonly constructor?: { readonly name?: unknown } }).constructor?.name === subtype.name) return true;
      prototype = Object.getPrototypeOf(prototype);
    }
    return false;
  };
}
