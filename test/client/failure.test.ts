import { describe, expect, it } from '@jest/globals';
import {
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { applicationSubject, translate, translating } from '../../src/client/failure.js';
import { GitOpsError } from '../../src/domain/errors.js';

const subject = applicationSubject('shop');
const grpc = (code: number, details: string) =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
const failure = ApplicationFailure.create({ type: 'FieldConflict', message: 'owned', nonRetryable: true });

describe('what Temporal throws, in our words', () => {
  it.each<[string, unknown, object]>([
    [
      'a workflow that is not there',
      new WorkflowNotFoundError('x', 'gitops/1', undefined),
      {
        code: 'UnknownApplication',
        message: "unknown GitOps workflow 'shop'",
        hint: expect.stringContaining('app list'),
      },
    ],
    ['the same, said by the server', grpc(5, 'not found'), { code: 'UnknownApplication' }],
    [
      'a server that does not answer',
      grpc(14, 'connection refused'),
      { code: 'TemporalUnavailable', message: expect.stringContaining('connection refused'), retryable: true },
    ],
    [
      'a question whose worker is gone',
      new ServiceError('Failed to query Workflow', {
        cause: grpc(4, 'query timed out before a worker could process it'),
      }),
      { code: 'TemporalUnavailable', message: expect.stringContaining('before a worker'), retryable: true },
    ],
    [
      'an update that was refused',
      new WorkflowUpdateFailedError('x', failure),
      { code: 'FieldConflict', message: 'owned' },
    ],
    [
      'a workflow that failed',
      new WorkflowFailedError('x', failure, 'NON_RETRYABLE_FAILURE' as never),
      { code: 'FieldConflict' },
    ],
    [
      'a workflow that was cancelled',
      new WorkflowFailedError('x', new CancelledFailure('c'), 'x' as never),
      { code: 'Cancelled' },
    ],
  ])('%s', (_title, error, expected) => expect(translate(subject, error)).toMatchObject(expected));

  it('is left alone when it is ours', async () => {
    const error = new GitOpsError('Timeout', 'late');
    await expect(translating(subject, () => Promise.reject(error))).rejects.toBe(error);
    expect(await translating(subject, () => Promise.resolve(5))).toBe(5);
  });
});
