/** `os` and `io`, as far as a durable script has them. */
import type { ModuleText } from '../function-entry.js';

export const os: ModuleText = {
  name: 'os',
  describe: 'The clock of the workflow (UTC), the same on replay, and the variables that the configuration allows.',
  durable: false,
  functions: {
    time: [['table? table {year, month, day, hour, min, sec}'], ['number seconds'], 'Seconds since 1970.'],
    date: [['format? string', 'time? number'], ['string|table date'], 'A time as text, or as a table for "*t".'],
    clock: [[], ['number seconds'], 'Seconds since the run began.'],
    difftime: [['later number', 'earlier? number'], ['number seconds'], 'Seconds between two times.'],
    getenv: [
      ['name string'],
      ['string|sloth.Secret|nil value'],
      'A variable that the configuration allows; a reference for a name that sounds secret.',
    ],
    execute: [['command? string'], ['boolean? ok', 'string how', 'number code'], 'A shell line, see `exec.run`.', true],
    tmpname: [[], ['string path'], 'A name that no file of the run has.', true],
    remove: [['path string'], ['boolean? ok', 'string? err'], 'Removes a file, see `fs.rm`.', true],
    rename: [['from string', 'to string'], ['boolean? ok', 'string? err'], 'Gives a file another name.', true],
  },
};

export const io: ModuleText = {
  name: 'io',
  describe: 'Questions to people, and files through `fs`.',
  durable: true,
  adapted: true,
  values: { stdout: 'table', stderr: 'table', stdin: 'table' },
  functions: {
    read: [
      ['question? string|table'],
      ['string answer'],
      'Asks: the lines printed before are the question. Answered by `sloth-runner workflow approve`; "y" with --yes, "n" when nobody answers in time.',
    ],
    write: [['... string|number'], [], 'Prints without a new line.', false],
    flush: [[], ['boolean ok'], 'Nothing: lines are printed at once.', false],
    type: [['value any'], ['string? kind'], 'Whether a value is an open file.', false],
    close: [['file table'], ['boolean? ok', 'string? err'], 'Closes a file.'],
    lines: [['path string'], ['fun(): string? lines'], 'The lines of a file.'],
    open: [['path string', 'mode? string'], ['table? file', 'string? err'], 'A file, through `fs`.'],
    popen: [['command string', 'mode? string'], ['table? file', 'string? err'], 'The output of a shell line.'],
  },
};
