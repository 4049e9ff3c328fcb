/** Remote activities one after the other, and nothing else: what a script's calls are compared with. */
import { proxyActivities } from '@temporalio/workflow';

const { nothing, queryStatus } = proxyActivities({ startToCloseTimeout: '1m', heartbeatTimeout: '6s' });

/** @param count activities that do nothing */
export async function bare(count) {
  for (let i = 0; i < count; i++) await nothing({ app: 'app' });
}

/** @param count activities that query an application's workflow, as a status call does */
export async function bareQueries(count, app) {
  for (let i = 0; i < count; i++) await queryStatus({ app });
}
