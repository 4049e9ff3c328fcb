/** `fs`: files in the folder of the run. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const done = ['boolean ok', 'string? err'];
const path = 'path string inside the folder of the run';
const remove: FunctionText = [[path], done, 'Removes a folder with all that is in it.'];

export const fs: ModuleText = {
  name: 'fs',
  describe:
    'Files in the folder of the run. The steps of a run go to one worker; the folder is stored after each task and restored elsewhere when that worker is gone.',
  durable: true,
  functions: {
    read: [[path], ['string? content', 'string? err'], 'The text of a file.'],
    write: [[path, 'content string'], done, 'Writes a file; what was in it is gone.'],
    append: [[path, 'content string'], done, 'Adds to the end of a file.'],
    exists: [[path], ['boolean exists'], 'Whether there is such a file or folder.'],
    mkdir: [[path], done, 'Makes a folder, and those above it.'],
    rm: [[path], done, 'Removes a file.'],
    rm_r: remove,
    rmr: remove,
    copy: [['from string', 'to string'], done, 'Copies a file or a folder.'],
    ls: [['path? string the folder of the run when absent'], ['string[]? names', 'string? err'], 'Names in a folder.'],
    size: [[path], ['number? bytes', 'string? err'], 'Size of a file.'],
    tmpname: [[], ['string path'], 'A name that no file has.'],
  },
};
