/**
 * Messages in the form each service takes: what is posted where.
 */
export interface Post {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** One row a service that is reached over HTTP. */
const forms: Readonly<Record<string, (fields: Fields) => Post>> = {
  slack: (fields) => json(String(fields['webhook_url']), slackMessage(fields)),
  teams: (fields) => json(String(fields['webhook_url']), teamsMessage(fields)),
  ntfy: ({ server = 'https://ntfy.sh', token, ...fields }) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${String(token)}` };
    return json(String(server), ntfyMessage(fields), headers);
  },
  webhook: ({ url, method = 'POST', headers = {}, payload, message }) => {
    const post = json(String(url), payload ?? { message }, headers as Record<string, string>);
    return { ...post, method: String(method).toUpperCase() };
  },
};

export function postOf(service: string, fields: Fields): Post | undefined {
  return forms[service]?.(fields);
}

function json(url: string, content: unknown, headers: Readonly<Record<string, string>> = {}): Post {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const type = typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { method: 'POST', url, headers: { 'content-type': type, ...headers }, body };
}

function slackMessage({ message, channel, username, icon_emoji, color, pipeline, error_details }: Fields): object {
  const fields = [
    { title: 'Pipeline', value: pipeline, short: true },
    { title: 'Error', value: error_details, short: false },
  ].filter(({ value }) => value !== undefined);
  const shade = color ?? (error_details === undefined ? 'good' : 'danger');
  const attachments = fields.length === 0 && color === undefined ? {} : { attachments: [{ color: shade, fields }] };
  return { text: message, ...set({ channel, username, icon_emoji }), ...attachments };
}

/** An adaptive card, which the workflows of Teams post as it is. */
function teamsMessage({ message, title, pipeline, error_details }: Fields): object {
  const facts = [
    { title: 'Pipeline', value: pipeline },
    { title: 'Error', value: error_details },
  ].filter(({ value }) => value !== undefined);
  const body = [
    ...(title === undefined ? [] : [{ type: 'TextBlock', text: title, weight: 'Bolder', size: 'Medium', wrap: true }]),
    { type: 'TextBlock', text: message, wrap: true },
    ...(facts.length === 0 ? [] : [{ type: 'FactSet', facts }]),
  ];
  const $schema = 'http://adaptivecards.io/schemas/adaptive-card.json';
  const content = { $schema, type: 'AdaptiveCard', version: '1.4', body };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}

const priorities: Readonly<Record<string, number>> = { min: 1, low: 2, default: 3, high: 4, max: 5, urgent: 5 };

function ntfyMessage({ topic, message, title, priority, tags, click }: Fields): object {
  const number = typeof priority === 'string' ? priorities[priority] : priority;
  return { topic, message, ...set({ title, priority: number, tags, click }) };
}

function set(fields: Fields): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
