/**
 * Every workflow type, by the name under which Temporal knows it.
 */
export * from './engine.js';
export { script } from './script.js';
