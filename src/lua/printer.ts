/**
 * What a script prints: whole lines to the host, the rest of `io.write` until its line ends, and the lines since the last
 * question, which are the prompt of the next one.
 */
import type { LogLine } from './host.js';

const promptLines = 12;
const promptCharacters = 2000;

export class Printer {
  private rest = '';
  private recent: string[] = [];

  constructor(private readonly print: (line: LogLine) => void) {}

  /** What is printed ends the line that `io.write` began; a line of the log has one of its own. */
  log(line: LogLine): void {
    if (line.level !== 'print') this.flush();
    const text = this.rest + line.text;
    this.rest = '';
    this.put({ ...line, text });
  }

  write(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    lines.forEach((line) => this.put({ level: 'print', text: line }));
  }

  flush(): void {
    if (this.rest === '') return;
    const text = this.rest;
    this.rest = '';
    this.put({ level: 'print', text });
  }

  /** The lines since the last question. */
  prompt(): string {
    this.flush();
    const text = this.recent.join('\n').slice(-promptCharacters);
    this.recent = [];
    return text;
  }

  private put(line: LogLine): void {
    if (line.level !== 'debug') this.recent = [...this.recent, line.text].slice(-promptLines);
    this.print(line);
  }
}
