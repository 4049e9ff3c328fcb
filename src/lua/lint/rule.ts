/**
 * What a rule says: where, what, and what to write instead.
 */
import type { Severity } from '../../domain/validation/finding.js';
import type { ScriptFacts } from './script-facts.js';
import { positionOf, type Position } from './syntax-tree.js';
import type { Node } from 'luaparse';

export interface Remark extends Position {
  /** These two when they are not those of the rule. */
  readonly severity?: Severity;
  readonly rule?: string;
  readonly message: string;
  readonly hint?: string;
}

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly check: (script: ScriptFacts) => readonly Remark[];
}

export function remark(node: Node, message: string, hint?: string, severity?: Severity): Remark {
  return { ...positionOf(node), message, ...(hint && { hint }), ...(severity && { severity }) };
}

export function didYouMean(near: string | undefined): string | undefined {
  return near === undefined ? undefined : `did you mean '${near}'?`;
}
