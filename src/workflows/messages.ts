/**
 * Names and shapes of everything that is said to a workflow: inputs, signals, updates, queries.
 *
 * The client, the activities and Temporal's own CLI speak to workflows through these alone, so every field but the
 * essential ones is optional: `temporal workflow update execute --name sync --input '{}'` is a whole request.
 */
export * from './messages/addresses.js';
export * from './messages/application.js';
export * from './messages/sync.js';
export * from './messages/beside-syncs.js';
export * from './messages/script.js';
export * from './messages/repository.js';
export * from './messages/promotion.js';
