/** `notifications`: messages to people. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const returns = ['boolean ok', 'string? err'];
const to = (where: string): FunctionText => [
  ['to string|table the address, or a table with it', 'message? string', 'more? table'],
  returns,
  `Sends a message to ${where}.`,
];

export const notifications: ModuleText = {
  name: 'notifications',
  describe: 'Messages to people. Addresses and tokens are references: secret("slack").',
  aliases: ['notification'],
  durable: true,
  adapted: true,
  functions: {
    slack: to('Slack'),
    teams: to('Teams'),
    email: to('an address'),
    webhook: to('a webhook'),
    ntfy: to('ntfy'),
    send: [['message table {service, message, title, ...}'], returns, 'Sends a message to the service it names.'],
  },
};
