declare const procBrand: unique symbol;
declare const opBrand: unique symbol;

/** The index of a process: servers are `0 … size-1` in the order of `use`, clients come after them as they appear. */
export type Proc = number & { readonly [procBrand]?: never };

/**
 * The number of an operation. It is the number of the command that invoked it (LANGUAGE: there is one numbering), so a
 * witness, a cause and `why 5` all mean the same thing. 0 means "no operation".
 */
export type Op = number & { readonly [opBrand]?: never };

export const NO_OP: Op = 0;
export const NO_PROC: Proc = -1;
