/**
 * The inbox of an application: each query, update and signal, what may be refused at once, and which method hears it.
 */
import { setHandler } from '@temporalio/workflow';
import type { Application } from './application.js';
import { withDrift, withoutDrift } from './application-drift.js';
import { mustBeOpen } from './application-gate.js';
import { mustBeActive, mustBeSame, mustHaveSet } from './application-rules.js';
import { withWarnings } from './application-state.js';
import {
  announcementFailedSignal,
  autoSyncUpdate,
  configureUpdate,
  deleteUpdate,
  dependencyAnsweredSignal,
  dependencyAskedSignal,
  driftObservedSignal,
  driftOverSignal,
  gateSignal,
  healthySetsQuery,
  historyQuery,
  resumeUpdate,
  revisionObservedSignal,
  rollbackUpdate,
  statusQuery,
  suspendUpdate,
  syncEndedSignal,
  syncUpdate,
  type SyncRequest,
} from './messages.js';

export function listen(app: Application): void {
  const text = (description: string) => ({ description });
  setHandler(statusQuery, () => app.status(), text('Status, health and last sync'));
  setHandler(
    historyQuery,
    (limit) => app.state.history.slice(-(limit ?? app.state.history.length)),
    text('Finished syncs, oldest first'),
  );
  setHandler(healthySetsQuery, () => app.state.healthySets, text('What a rollback can return to, newest last'));
  setHandler(syncUpdate, (request) => app.request(request ?? {}), {
    ...text('Sync now'),
    validator: (request: SyncRequest | undefined) => {
      mustBeActive(app);
      mustBeOpen(app.waitingSync.gate, request?.dryRun);
    },
  });
  setHandler(rollbackUpdate, (request) => app.request({ ...request, operation: 'rollback' }), {
    ...text('Return to an earlier healthy set'),
    validator: (request) => mustHaveSet(app, request),
  });
  setHandler(deleteUpdate, (options) => app.delete(options ?? {}), text('Delete the application'));
  setHandler(configureUpdate, (change) => app.configure(change), {
    ...text('Declare the application again, with changed fields'),
    validator: ({ spec, adopt }) => mustBeSame(app, spec, adopt),
  });
  setHandler(suspendUpdate, (by) => app.suspend(by ?? {}), text('Refuse syncs until resumed'));
  setHandler(resumeUpdate, () => app.resume(), text('Allow syncs again'));
  setHandler(autoSyncUpdate, ({ enabled }) => app.setAutoSync(enabled), text('Turn auto-sync on or off'));
  setHandler(revisionObservedSignal, (observed) => app.commits.observe(observed), text('The branch moved'));
  setHandler(
    driftObservedSignal,
    (drift) => app.hear(withDrift(app.state, drift)),
    text('Live objects differ from what the last sync left'),
  );
  setHandler(
    dependencyAskedSignal,
    (asked) => app.dependents.hear(asked),
    text('A dependent asks whether it is ready'),
  );
  setHandler(dependencyAnsweredSignal, (answer) => app.hearAnswer(answer), text('What it depends on answers'));
  setHandler(
    announcementFailedSignal,
    (failed) => void (app.state = withWarnings(app.state, failed)),
    text('Somebody could not be told how a sync went'),
  );
  setHandler(gateSignal, (news) => app.hearGate(news), text('A sync waits before its first write, or no longer'));
  setHandler(
    syncEndedSignal,
    (record) => app.waitingSync.hearEnd(record, app.running),
    text('A sync that waited has ended'),
  );
  setHandler(driftOverSignal, (over) => app.hear(withoutDrift(app.state, over)), text('They no longer do'));
}
