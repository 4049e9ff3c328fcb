/**
 * `return gitops.sync_workflow(id)` is a tail call: Lua forgets the line before it makes the call, and errors and steps would
 * name none. Calls of a field (`a.b(...)`, `a:b(...)`) in a `return` are made as ordinary ones; functions that call each
 * other by name for ever still do.
 */
import lopcodes, { type Instruction } from 'fengari/src/lopcodes.js';
import type { LuaState } from './fengari.js';

interface Prototype {
  readonly code: Instruction[];
  readonly p: readonly Prototype[];
}

const { OP_CALL, OP_GETTABLE, OP_SELF, OP_TAILCALL } = lopcodes.OpCodesI;

/** Of the function on top of the stack, and those in it. */
export function keepCallers(L: LuaState): void {
  const top = L.stack[L.top - 1]?.value as { p?: Prototype } | undefined;
  if (top?.p !== undefined) rewrite(top.p);
}

function rewrite({ code, p }: Prototype): void {
  code.forEach((instruction, at) => {
    if (instruction.opcode === OP_TAILCALL && isField(code, at)) lopcodes.SET_OPCODE(instruction, OP_CALL);
  });
  p.forEach(rewrite);
}

/** An expression that takes more instructions than this is not looked through. */
const reach = 250;

/** Whether the last instruction that set the register of the function read it out of a table. */
function isField(code: readonly Instruction[], call: number): boolean {
  const register = code[call]?.A;
  for (let at = call - 1; at >= 0 && at > call - reach; at--) {
    const { A, opcode } = code[at] as Instruction;
    if (A === register && opcode !== OP_CALL) return opcode === OP_GETTABLE || opcode === OP_SELF;
  }
  return false;
}
