/**
 * What stands around every activity: failures leave it mapped and masked, in one place.
 */
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  ActivityInterceptorsFactory,
  Next,
} from '@temporalio/worker';
import { toFailure } from '../activities/failure.js';

class FailureMapper implements ActivityInboundCallsInterceptor {
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      throw toFailure(error);
    }
  }
}

export const failureMapping: ActivityInterceptorsFactory = () => ({ inbound: new FailureMapper() });
