/** Second part of a state's address beside the key: the window, or nothing. Equal namespaces have equal `namespaceKey`s. */
export interface StateNamespace {
  readonly namespaceKey: string | number;
  /** Fields that only remember what follows from the others: a store of bytes leaves them out. Absent = there are none. */
  readonly derivedFields?: readonly string[];
}

/** The namespace of state that belongs to the key alone (Flink: `VoidNamespace`). */
export const VOID_NAMESPACE: StateNamespace = Object.freeze({ namespaceKey: "" });
