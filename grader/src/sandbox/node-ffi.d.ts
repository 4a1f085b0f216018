/** What fork.ts uses of Node 26's `node:ffi`, which @types/node does not describe yet. */
declare module "node:ffi" {
  type NativeType = "void" | "i32" | "u64" | "pointer";

  interface Signature {
    readonly return: NativeType;
    readonly arguments: readonly NativeType[];
  }

  /** `u64` and `pointer` are bigints, `i32` numbers. */
  type Native = (...args: readonly (number | bigint)[]) => number;

  class DynamicLibrary {
    private constructor();
  }

  function dlopen<S extends Readonly<Record<string, Signature>>>(
    path: string,
    signatures: S,
  ): { readonly lib: DynamicLibrary; readonly functions: { readonly [Name in keyof S]: Native } };

  /** The address of a symbol. */
  function dlsym(library: DynamicLibrary, name: string): bigint;

  /** Valid as long as the buffer is reachable. */
  function getRawPointer(buffer: Uint8Array): bigint;

  function setUint8(address: bigint, offset: number, value: number): void;
}
