import { describe, expect, it } from '@jest/globals';
import { toGitOpsError, type Cause } from '../../src/adapters/cluster/status-failure.js';

const attempt = (kind: string) => ({
  verb: 'apply',
  cluster: 'c1',
  subject: { apiVersion: 'v1', kind, namespace: 'shop', name: 'db' },
});

const messageFor = (kind: string, code: number, message: string, causes?: readonly Cause[]): string =>
  toGitOpsError({ code, status: { message, ...(causes && { details: { name: 'db', causes } }) } }, attempt(kind))
    .message;

const typed = 'failed to create typed patch object (shop/db; /v1, Kind=Secret): ';
const notAccepted = 'has a value the server does not accept (not shown: it is a Secret)';

describe('of a failure about a Secret no value is told', () => {
  it.each<[number, string, string]>([
    [
      500,
      `${typed}.stringData.pin: expected string, got &value.valueUnstructured{Value:987654321}`,
      '.stringData.pin: expected string',
    ],
    [
      500,
      `${typed}errors:\n  .stringData.a: expected string, got &value.valueUnstructured{Value:987654321}\n  .data.b-c: expected string, got &value.valueUnstructured{Value:map[x:987654321]}`,
      '.stringData.a: expected string; .data.b-c: expected string',
    ],
    [500, `${typed}.stringdata: field not declared in schema`, ': .stringdata: field not declared in schema'],
    [500, `${typed}.data.x: duplicate entries "987654321"`, `.data.x: ${notAccepted}`],
    [422, 'Secret "db" is invalid: data[tls.crt]: Required value', 'data[tls.crt]: Required value'],
    [
      422,
      'Secret "db" is invalid: data[.dockerconfigjson]: Invalid value: "987654321": invalid character',
      `data[.dockerconfigjson]: ${notAccepted}`,
    ],
    [
      422,
      'Secret "db" is invalid: [metadata.labels: Invalid value: "987654321": no, data[a]: Invalid value: 987654321: no]',
      `metadata.labels: ${notAccepted}; data[a]: ${notAccepted}`,
    ],
    [400, 'illegal base64 data at input byte 8 of "987654321"', 'illegal base64 data at input byte 8'],
    [
      400,
      'json: cannot unmarshal number 987654321 into Go struct field Secret.stringData of type string',
      'into Go struct field Secret.stringData of type string',
    ],
    [400, 'json: trailing 987654321', "the server's message is left out (not shown: it is a Secret)"],
    [400, 'admission webhook "pin.io" denied the request: 987654321 is short', 'webhook "pin.io" denied the request'],
    [403, 'admission webhook "pin.io" denied the request: 987654321 is short', 'webhook "pin.io" denied the request'],
    [409, 'admission webhook "pin.io" denied the request: 987654321 is short', 'webhook "pin.io" denied the request'],
    [500, 'Internal error occurred: 987654321', "the server's message is left out"],
    [
      500,
      'Internal error occurred: failed calling webhook "pin.io": Post "https://x/987654321": context deadline exceeded',
      'failed calling webhook "pin.io"; context deadline exceeded',
    ],
    [503, 'etcdserver: leader changed', 'etcdserver: leader changed'],
    [403, 'secrets "db" is forbidden: User "x" cannot patch', 'secrets "db" is forbidden: User "x" cannot patch'],
  ])('%i %j', (code, message, told) => {
    const text = messageFor('Secret', code, message);
    expect(text).toContain(told);
    expect(text).not.toContain('987654321');
  });

  it.each<[Cause, string]>([
    [{ field: 'data[a]', message: 'Invalid value: "987654321": too weak' }, `data[a]: ${notAccepted}`],
    [{ field: 'data[a]', message: 'Required value: 987654321' }, 'data[a]: Required value'],
    [
      { field: 'data', message: 'Forbidden: field is immutable when `immutable` is set' },
      'data: Forbidden: field is im',
    ],
    [{ message: '987654321 is too weak' }, "the server's message is left out"],
  ])('by the cause %j', (cause, told) => {
    const text = messageFor('Secret', 422, 'Secret "db" is invalid: 987654321', [cause]);
    expect(text).toContain(told);
    expect(text).not.toContain('987654321');
  });

  it('nor changes what the failure means', () => {
    const answer = { code: 500, status: { message: `${typed}.data.a: expected string, got x` } };
    expect(toGitOpsError(answer, attempt('Secret')).code).toBe('ObjectInvalid');
    expect(toGitOpsError({ ...answer, status: { message: 'x' } }, attempt('Secret')).code).toBe('ClusterUnreachable');
  });
});

it('messages about other kinds are told whole', () => {
  expect(messageFor('ConfigMap', 422, 'data[a]: Invalid value: "1"')).toContain('data[a]: Invalid value: "1"');
  expect(messageFor('ConfigMap', 422, 'x', [{ field: 'data[a]', message: 'Invalid value: "1"' }])).toContain(
    'data[a]: Invalid value: "1"',
  );
});
