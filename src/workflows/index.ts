/**
 * Every workflow type, by the name under which Temporal knows it.
 */
export { application } from './application.js';
export { sync } from './sync.js';
export { announcement } from './announcement.js';
export { diffComment } from './diff-comment.js';
export { liveHealth } from './live-health.js';
export { listActions, resourceAction } from './resource-action.js';
export { promotion } from './promotion.js';
export { preview, renderPreview } from './preview.js';
export { repository } from './repository.js';
export { registerRepository } from './register-repository.js';
export { sweep } from './sweep.js';
export { driftSweep } from './drift-sweep.js';
export { scriptState } from './script-state.js';
export { script } from './script.js';
