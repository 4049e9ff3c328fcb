import type { ScriptInput } from '../messages.js';
import type { ScriptOutcome } from '../script-run.js';

export function runScriptOfToday(input: ScriptInput): Promise<ScriptOutcome>;
