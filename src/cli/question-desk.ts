/**
 * Questions of a script, shown to whoever runs it: how to answer each from anywhere, and an answer typed here where a person
 * sits at the terminal.
 */
import { createInterface, type Interface } from 'node:readline';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { Question } from '../workflows/messages.js';
import type { Terminal } from './terminal.js';

export function questionText({ number, prompt, task, until }: Question, workflowId: string): string {
  const asker = task === undefined ? '' : ` of task ${task}`;
  const lines = prompt.trim().split('\n');
  return [
    `question ${number}${asker}, until ${until}: ${lines.at(-1)}`,
    `  answer it with: sloth-runner workflow approve ${workflowId} --question ${number} [--answer TEXT]`,
  ].join('\n');
}

export class QuestionDesk {
  private readonly shown = new Set<number>();
  private open: readonly Question[] = [];
  private input: Interface | undefined;

  constructor(
    private readonly client: GitOpsClient,
    private readonly workflowId: string,
    private readonly who: string,
    private readonly terminal: Terminal,
  ) {}

  /** Each question once. */
  readonly show = (open: readonly Question[]): void => {
    this.open = open;
    for (const question of open) {
      if (this.shown.has(question.number)) continue;
      this.shown.add(question.number);
      this.terminal.note(questionText(question, this.workflowId));
      this.listen();
    }
  };

  close(): void {
    this.input?.close();
  }

  /** Each line that is typed answers the oldest open question. */
  private listen(): void {
    if (this.input !== undefined || process.stdin.isTTY !== true) return;
    this.input = createInterface({ input: process.stdin });
    this.input.on('line', (text) => void this.answer(text.trim()));
    this.input.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  }

  private async answer(answer: string): Promise<void> {
    const [oldest] = this.open;
    if (oldest === undefined) return;
    this.open = this.open.slice(1);
    const given = { answer, question: oldest.number, by: this.who };
    await this.client.scripts
      .answer({ workflowId: this.workflowId }, given)
      .catch((error: Error) => this.terminal.error(error.message));
  }
}
