/**
 * The library in one sitting: connect, declare an application, look at what would change, sync, wait, read back.
 *
 *   sloth-runner server --dev                  # in another terminal; `sloth-runner server status` shows its address
 *   TEMPORAL_ADDRESS=127.0.0.1:7233 npx tsx examples/library/sync-app.ts https://github.com/you/manifests guestbook
 */
import { connect, GitOpsError, type GitOpsClient } from 'sloth-runner';

const [repo = 'https://github.com/company/k8s-manifests', path = 'guestbook', namespace = path] = process.argv.slice(2);

async function syncOnce(client: GitOpsClient): Promise<void> {
  // The fields are those of gitops.workflow{...} in Lua. Declaring twice changes nothing.
  const { app, created } = await client.declareFrom({
    repo,
    path,
    namespace,
    name: 'library-example',
    rollback_on_failure: true,
    sync_policy: { auto_prune: true, health_check: { timeout: '2m' } },
  });
  console.log(`${app} ${created ? 'created' : 'was declared already'}`);

  // A server-side dry run of every object; nothing is written.
  const { summary, changes } = await client.readReport(await client.preview(app));
  console.log(`preview: ${summary.total_changes} changes`);
  for (const { type, resource, impact } of changes) console.log(`  ${type} ${resource}, impact ${impact}`);

  // The ticket comes at once; the sync is durable and goes on, whoever waits for it.
  const ticket = await client.sync(app, { who: 'the library example', why: 'to show how' });
  const record = await client.wait(ticket, 180_000);
  console.log(`${record.id} ${record.status}: ${record.message}`);

  const { status, health, revision } = await client.status(app);
  console.log(`status ${status}, health ${health}, revision ${revision?.slice(0, 8)}`);
  for (const { id, status, who, why } of await client.history(app)) console.log(`  ${id} ${status}, by ${who} ${why}`);
}

const client = await connect(); // TEMPORAL_ADDRESS, or localhost:7233
try {
  await syncOnce(client);
} catch (error) {
  if (!(error instanceof GitOpsError)) throw error;
  console.error(`${error.code}: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
  process.exitCode = 1;
} finally {
  await client.close();
}
