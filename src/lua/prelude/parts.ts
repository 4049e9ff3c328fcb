/**
 * The prelude, in the order its parts run. The first is called with `native` and returns the table `shared`; the others are
 * called with `native` and `shared`.
 */
import { corePrelude } from './core.js';
import { execPrelude } from './exec.js';
import { filesPrelude } from './files.js';
import { gitPrelude } from './git.js';
import { formatPrelude } from './number-format.js';
import { standardPrelude } from './standard.js';
import { taskPrelude } from './tasks.js';

export const firstPart = corePrelude;
export const laterParts: readonly string[] = [
  formatPrelude,
  standardPrelude,
  execPrelude,
  filesPrelude,
  gitPrelude,
  taskPrelude,
];
