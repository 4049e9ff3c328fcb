/**
 * `lua types`: annotations of the script language for editors, on stdout or as files.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { CommandEnvironment } from '../environment.js';

export function addLuaCommands(program: Command, { terminal }: CommandEnvironment): void {
  const lua = program.command('lua').description('the script language, for editors');
  lua
    .command('types')
    .description('annotations for lua-language-server (LuaCATS)')
    .option('--dir <folder>', 'a file for each module instead of stdout')
    .action(async ({ dir }: { dir?: string }) => {
      const { annotationFiles, annotations } = await import('../../lua/reference/print/luacats.js');
      if (dir === undefined) terminal.print(annotations().trimEnd());
      else writeFiles(dir, annotationFiles(), terminal.error.bind(terminal));
    });
}

function writeFiles(dir: string, files: Readonly<Record<string, string>>, say: (line: string) => void): void {
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  say(`${Object.keys(files).length} files in ${dir}; add it to "workspace.library" of lua-language-server`);
}
