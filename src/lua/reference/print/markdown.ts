/**
 * The language as pages: docs/lua, one a module. `npm run generate` writes them; a test fails when they are stale.
 */
import type { FunctionEntry, ModuleEntry } from '../function-entry.js';
import { modules } from '../modules.js';
import { classesOf, commonClasses, type ClassEntry } from '../schema-classes.js';

/** Text of each page, by its file name. */
export function pages(): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ['README.md', indexPage()],
    ['types.md', typesPage()],
    ...modules.map((module) => [`${module.name}.md`, modulePage(module)] as const),
  ]);
}

const generated =
  '<!-- Generated from src/lua/reference, src/lua/calls and src/schema by `npm run generate`; do not edit. -->';

function indexPage(): string {
  const rows = modules.map(
    ({ name, describe, aliases = [] }) => `| [${[name, ...aliases].join(', ')}](${name}.md) | ${cell(describe)} |`,
  );
  return page('The Lua modules', [
    'Each is a global, and `require` gives the same table. What calls give back is in [types](types.md).',
    'Annotations for lua-language-server: `sloth-runner lua types > library/sloth.lua`, or `--dir library` for a file each.',
    'A call marked **step** is a step of the run: recorded, retried where that is safe, never repeated after a crash. Lua cannot wait for one in a comparator of `table.sort`, a function of `gsub`, or `__tostring`, `__pairs`.',
    table(['module', 'is for'], rows),
  ]);
}

function typesPage(): string {
  return page(
    'What calls give back',
    commonClasses.map((entry) => classSection(entry)),
  );
}

function modulePage(module: ModuleEntry): string {
  const { name, describe, aliases = [], functions } = module;
  const others = aliases.map((alias) => `\`${alias}\` is another name of it.`);
  const sections = Object.entries(functions).map(([fn, entry]) => functionSection(`${name}.${fn}`, entry));
  return page(name, [describe, ...others, ...sections, ...classesOf(module).map(classSection)]);
}

function functionSection(name: string, { parameters, returns, describe, durable }: FunctionEntry): string {
  const names = parameters.map(
    ({ name: parameter, optional }, i) =>
      `${optional ? '[' : ''}${i > 0 ? ', ' : ''}${parameter}${optional ? ']' : ''}`,
  );
  const rows = parameters.map(
    ({ name: parameter, type, optional, describe: text }) =>
      `| ${parameter} | ${code(type)} | ${optional ? 'no' : 'yes'} | ${cell(text)} |`,
  );
  const gives = returns.length === 0 ? [] : [`Gives ${returns.map(code).join(', ')}.`];
  const taken = rows.length === 0 ? [] : [table(['parameter', 'type', 'needed', ''], rows)];
  return [`## ${name}(${names.join('')})`, `${durable ? '**step** ' : ''}${describe}`, ...taken, ...gives].join('\n\n');
}

function classSection({ name, fields }: ClassEntry): string {
  const rows = fields.map(
    ({ name: field, type, optional, describe }) =>
      `| ${field}${optional ? '?' : ''} | ${code(type)} | ${cell(describe)} |`,
  );
  return [`### ${name}`, table(['field', 'type', ''], rows)].join('\n\n');
}

function page(title: string, parts: readonly string[]): string {
  return `${[generated, `# ${title}`, ...parts].join('\n\n')}\n`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return [`| ${heads.join(' | ')} |`, `| ${heads.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}
