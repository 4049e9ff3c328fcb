/** Every route of the JSON API, in the order of its document. */
import type { AnyRoute } from '../route.js';
import { applicationRoutes } from './applications.js';
import { approvalRoutes } from './approvals.js';
import { promotionRoutes } from './promotions.js';
import { repositoryRoutes } from './repositories.js';
import { runRoutes } from './runs.js';
import { syncRoutes } from './syncs.js';

export const apiRoutes: readonly AnyRoute[] = [
  ...applicationRoutes,
  ...syncRoutes,
  ...approvalRoutes,
  ...promotionRoutes,
  ...runRoutes,
  ...repositoryRoutes,
];
