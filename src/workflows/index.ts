/**
 * Every workflow type, by the name under which Temporal knows it. The bundle is built from this file.
 */
export { application } from './application.js';
export { sync } from './sync.js';
export { preview } from './preview.js';
export { repository } from './repository.js';
export { sweep } from './sweep.js';
export { script } from './script.js';
