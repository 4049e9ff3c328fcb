/** A source as tests write it: text, links, bytes. */
import type { SourceFile, SourceFiles } from '../../../src/adapters/render/source-files.js';

export type WrittenFile =
  | string
  | { readonly link: string }
  | { readonly base64: string }
  /** So many bytes of a comment. */
  | { readonly repeat: number };

export type WrittenFiles = Readonly<Record<string, WrittenFile>>;

export function sourceOf(files: WrittenFiles, folder = 'app'): SourceFiles {
  const all = Object.entries(files).map(([path, file]) => ({ path, ...contentOf(file) }));
  return { folder, files: all.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function contentOf(file: WrittenFile): Omit<SourceFile, 'path'> {
  if (typeof file === 'string') return { bytes: Buffer.from(file) };
  if ('link' in file) return { bytes: Buffer.alloc(0), link: file.link };
  return { bytes: 'base64' in file ? Buffer.from(file.base64, 'base64') : Buffer.alloc(file.repeat, '#') };
}
