/**
 * Fengari's strings, made to count where they are long, and to be told apart.
 *
 * - Comparing, converting or looking up a long string reads all of it in one instruction: each reading counts.
 * - `..` of up to 250 operands allocates the sum at once: it is refused before that.
 * - Fengari takes "\1\17" and "\17\1" for the same table key, and sorts "\16" before "\9"; keys are the bytes here.
 */
import lobject from 'fengari/src/lobject.js';
import lstring, { type TString } from 'fengari/src/lstring.js';
import type { LuaState } from './fengari.js';
import { charge } from './metering.js';
import { runningThread } from './running.js';

/** Longest string there is, in bytes. */
export const stringLimit = 16 * 1024 * 1024;

const longString = 1024;
const longNumeral = 24;
/** Of a comparison: some two nanoseconds for each. */
const bytesPerInstruction = 1024;
/** 250 operands below this size are no danger. */
const largeOperand = 64 * 1024;

/** Fengari's own fields are accessors from here on. */
interface MeteredString {
  bytes: Uint8Array;
  key: string | null;
}

/** Once, however often this module is evaluated. */
if (!('countsReadings' in lstring)) {
  meterReadings(lstring.TString.prototype);
  refuseLongSums(lobject.TValue.prototype);
  meterNumerals();
  Object.defineProperty(lstring, 'countsReadings', { value: true });
}

function meterReadings(prototype: TString): void {
  prototype.tsslen = function (this: TString & MeteredString) {
    return this.bytes.length;
  };
  Object.defineProperties(prototype, {
    realstring: {
      get(this: MeteredString) {
        if (this.bytes.length > longString) countReading(this.bytes.length);
        return this.bytes;
      },
      set(this: MeteredString, bytes: Uint8Array) {
        this.bytes = bytes;
      },
    },
    hash: {
      get(this: MeteredString) {
        return (this.key ??= keyOf(this.bytes));
      },
      set(this: MeteredString) {
        this.key = null;
      },
    },
  });
}

function countReading(size: number): void {
  const L = runningThread();
  if (L !== undefined) charge(L, size / bytesPerInstruction);
}

const hexadecimal = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Of a table entry; sorts as the bytes do. Fengari's lexer holds keys of its own making of the reserved words, so this is
 * how it writes them where no byte is below 16. Piece by piece: a string that grows by one costs 32 bytes for each.
 */
function keyOf(bytes: Uint8Array): string {
  if (bytes.length <= longString) return keyOfPart(bytes, '|');
  countReading(8 * bytes.length);
  const parts = ['|'];
  for (let from = 0; from < bytes.length; from += longString)
    parts.push(keyOfPart(bytes.subarray(from, from + longString), ''));
  return parts.join('');
}

function keyOfPart(bytes: Uint8Array, before: string): string {
  let key = before;
  for (let i = 0; i < bytes.length; i++) key += hexadecimal[bytes[i] ?? 0];
  return key;
}

/** Reading a number digit by digit is some ten times as dear as an instruction for a long one. */
function meterNumerals(): void {
  const original = lobject.luaO_str2num;
  lobject.luaO_str2num = (text, into) => {
    const L = text.length > longNumeral ? runningThread() : undefined;
    if (L !== undefined) charge(L, text.length);
    return original(text, into);
  };
}

/** `..` asks each operand for its length before it allocates; what one instruction asks for is summed up. */
function refuseLongSums(prototype: InstanceType<typeof lobject.TValue>): void {
  prototype.vslen = function (this: { value: MeteredString }) {
    const size = this.value.bytes.length;
    const L = size > largeOperand ? runningThread() : undefined;
    // The two last operands are asked twice.
    if (L !== undefined && sumAt(L, size) > 3 * stringLimit)
      L.l_G.meter?.refuse(L, 'a string would be longer than 16 MiB');
    return size;
  };
}

/** With what the same instruction asked for before. */
function sumAt(L: LuaState, size: number): number {
  const g = L.l_G;
  const at = (g.meter?.used ?? 0) * 1000 - L.hookcount;
  const before = g.operands;
  const sum = before?.thread === L && before.at === at ? before.sum + size : size;
  g.operands = { thread: L, at, sum };
  return sum;
}
