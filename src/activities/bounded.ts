import pLimit from 'p-limit';

/** Requests of one activity under way at a time: enough to keep an API server busy, few enough to leave it room. */
const requestsAtATime = 16;

/**
 * `work` for each item, 16 at a time, results in the items' order. After a failure nothing more is started; it is
 * thrown once what had begun is over, so that no write is still under way when the caller goes on.
 */
export async function bounded<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(requestsAtATime);
  let failed = false;
  const guarded = async (item: T): Promise<R | undefined> => {
    if (failed) return undefined;
    try {
      return await work(item);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(items.map((item) => limit(guarded, item)));
  const failure = outcomes.find((o) => o.status === 'rejected');
  if (failure) throw failure.reason;
  return outcomes.map((o) => (o as PromiseFulfilledResult<R>).value);
}
