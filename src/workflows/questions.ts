/**
 * Questions of a script to people: open until somebody answers, or their time is over. Nothing waits for them but the
 * workflow's own state.
 */
import { ApplicationFailure, condition } from '@temporalio/workflow';
import type { Question, QuestionAnswer } from './messages.js';

interface Open {
  readonly question: Question;
  answer?: string;
}

export interface Asked {
  readonly prompt: string;
  readonly timeoutMs: number;
  readonly task?: string;
}

export class Questions {
  private readonly asked: Open[] = [];
  private number = 0;

  /** @param tell whoever follows the run */
  constructor(private readonly tell: (text: string) => void) {}

  get open(): readonly Question[] {
    return this.asked.map(({ question }) => question);
  }

  /** The answer, or undefined when nobody gave one in time. */
  async ask({ prompt, timeoutMs, task }: Asked): Promise<string | undefined> {
    const until = new Date(Date.now() + timeoutMs).toISOString();
    const number = ++this.number;
    const open: Open = { question: { number, prompt, until, ...(task === undefined ? {} : { task }) } };
    this.asked.push(open);
    try {
      await condition(() => open.answer !== undefined, timeoutMs);
      return open.answer;
    } finally {
      this.asked.splice(this.asked.indexOf(open), 1);
    }
  }

  /** Refuses what no question waits for. */
  check(given: QuestionAnswer): void {
    this.find(given);
  }

  answer(given: QuestionAnswer): Question {
    const open = this.find(given);
    open.answer = given.answer;
    const who = given.by === undefined ? '' : ` by ${given.by}`;
    const why = given.reason === undefined ? '' : `: ${given.reason}`;
    this.tell(`question ${open.question.number} answered "${given.answer}"${who}${why}`);
    return open.question;
  }

  private find({ question, answer }: QuestionAnswer): Open {
    if (typeof answer !== 'string') throw refused('an answer is text', 'write --answer TEXT');
    const waiting = this.asked.filter((open) => open.answer === undefined);
    const [only, ...others] = question === undefined ? waiting : waiting.filter((o) => o.question.number === question);
    if (only === undefined)
      throw refused(question === undefined ? 'no question is open' : `question ${question} is not open`);
    if (others.length === 0) return only;
    const numbers = waiting.map((open) => open.question.number).join(', ');
    throw refused(`questions ${numbers} are open`, 'say which one: --question N');
  }
}

function refused(message: string, hint?: string): ApplicationFailure {
  const details = hint === undefined ? [] : [{ hint }];
  return ApplicationFailure.create({ type: 'NoQuestion', message, nonRetryable: true, details });
}
