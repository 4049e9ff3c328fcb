/**
 * The files that were submitted with a script, and how `require` and `import` find them. Paths are relative to the script's
 * folder, whichever file asks.
 */
export type ScriptFiles = Readonly<Record<string, string>>;

export interface ScriptFile {
  readonly path: string;
  readonly source: string;
}

/** `./lib/../x.lua` -> `x.lua`; undefined for a path that leads out of the folder. */
export function normalPath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.replace(/\\/g, '/').split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return path.startsWith('/') || parts.length === 0 ? undefined : parts.join('/');
}

/** Where the file may be, in the order they are tried. */
export function candidatesFor(name: string, asModule: boolean): string[] {
  if (!asModule) return [name];
  const dotted = name.replace(/\./g, '/');
  return [`${dotted}.lua`, `${dotted}/init.lua`, name];
}

export function fileOf(files: ScriptFiles, name: string, asModule: boolean): ScriptFile | { readonly error: string } {
  for (const candidate of candidatesFor(name, asModule)) {
    const path = normalPath(candidate);
    const source = path === undefined || !Object.hasOwn(files, path) ? undefined : files[path];
    if (path !== undefined && source !== undefined) return { path, source };
  }
  return { error: asModule ? missingModule(name) : missingFile(name) };
}

function missingModule(name: string): string {
  return `module '${name}' not found: no module of this language, and ${candidatesFor(name, true)[0]} was not submitted with the script`;
}

function missingFile(name: string): string {
  return `'${name}' was not submitted with the script: name the file in quotes, relative to the script's folder`;
}
