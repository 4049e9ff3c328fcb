/** `gitops`: its functions are its rows in `src/lua/calls`. */
import type { ModuleText } from '../function-entry.js';

export const gitops: ModuleText = {
  name: 'gitops',
  describe:
    'Applications that follow repositories. A call gives one value; on failure `nil, err`, or `false, err` from what does something.',
  durable: true,
  functions: {},
};
