// What is masked, by which names, and what stays.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Masker } from '../../../src/report/masking/masker.ts';
import type { MaskOptions } from '../../../src/report/masking/secret-names.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.Zm9vYmFyYmF6';

/** What a new mask makes of a text. */
const text = (given: string, options?: MaskOptions): string => new Masker(options).text(given);
const value = (given: unknown, options?: MaskOptions): unknown => new Masker(options).value(given);

describe('a mask', () => {
  const names = [
    ...['password', 'userPassword', 'DB_PASSWORD', 'passwd', 'pwd', 'passphrase', 'secret', 'client-secret'],
    ...['token', 'accessToken', 'refresh_token', 'ID-Token', 'X-Api-Key', 'apikey', 'api_key', 'privateKey'],
    ...['authorization', 'Proxy-Authorization', 'cookie', 'Set-Cookie', 'session', 'sessionId', 'sid'],
    ...['credential', 'credentials', 'cardNumber', 'card', 'cvv', 'cvc', 'iban', 'pin', 'otp', 'ssn', 'jwt'],
    ...['tokens', 'csrf', 'xsrfToken', 'auth', 'bearer', 'AWS_SECRET_ACCESS_KEY', 'signing_key'],
  ];
  for (const name of names) {
    test(`masks what stands under ${name}`, () => {
      assert.deepEqual(value({ [name]: 'hunter-2' }), { [name]: '[masked-1]' });
    });
  }
  const plain = ['name', 'author', 'key', 'id', 'idempotency-key', 'tokenizer', 'compass', 'carded', 'spin'];
  for (const name of plain) {
    test(`leaves what stands under ${name}`, () => {
      assert.deepEqual(value({ [name]: 'hunter-2' }), { [name]: 'hunter-2' });
    });
  }

  const texts: readonly [string, string][] = [
    ['login with password=hunter2 now', 'login with password=[masked-1] now'],
    ['password: "two words"', 'password: "[masked-1]"'],
    ["token='abc-123', retries=3", "token='[masked-1]', retries=3"],
    ['Authorization: Bearer abc.def-9', 'Authorization: Bearer [masked-1]'],
    ['sent Bearer topsecret to it', 'sent Bearer [masked-1] to it'],
    ['Basic dXNlcjpwYXNzMQ== refused', 'Basic [masked-1] refused'],
    ['Basic understanding of it', 'Basic understanding of it'],
    ['GET /reset?user=bob&token=a%20b#top', 'GET /reset?user=bob&token=[masked-1]#top'],
    ['user%5Bpassword%5D=x+y&a=b', 'user%5Bpassword%5D=[masked-1]&a=b'],
    ['postgres://app:s3cret@db/shop', 'postgres://app:[masked-1]@db/shop'],
    [`got ${JWT}.`, 'got [masked-1].'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n', '[masked-1]\n'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE, cut', '[masked-1]'],
    ['<login><password>x y</password></login>', '<login><password>[masked-1]</password></login>'],
    ['a name="pin"\r\n\r\n1234\r\n--b', 'a name="pin"\r\n\r\n[masked-1]\r\n--b'],
    ['he said: {"password":"x\\"y","n":1}', 'he said: {"password":"[masked-1]","n":1}'],
    ['{"body":"{\\"password\\":\\"x\\"}"}', '{"body":"{\\"password\\":\\"[masked-1]\\"}"}'],
    ['log "{\\"pin\\":\\"9\\"}"', 'log "{\\"pin\\":\\"[masked-1]\\"}"'],
    ['the card: declined', 'the card: declined'],
    ['token 3 is older than 4', 'token 3 is older than 4'],
    [
      '{"a":1,\n  "cvv" : 123, "big":12345678901234567890}',
      '{"a":1,\n  "cvv" : "[masked-1]", "big":12345678901234567890}',
    ],
    [
      '{"credentials":{"user":"bob","keys":["k"]},"x":"bob"}',
      '{"credentials":{"user":"[masked-1]","keys":["[masked-2]"]},"x":"bob"}',
    ],
    ['{"user":"bob","password":"half of a sec', '{"user":"bob","password":"[masked-1]"'],
    [
      '[{"pin":"1"},{"pin":"2"},{"pin":"1"}]',
      '[{"pin":"[masked-1]"},{"pin":"[masked-2]"},{"pin":"[masked-1]"}]',
    ],
    ['[info] pin=1', '[info] pin=[masked-1]'],
    ['{"pin":"1"}... [5 more characters]', '{"pin":"[masked-1]"}... [5 more characters]'],
  ];
  for (const [given, masked] of texts) {
    test(`makes ${JSON.stringify(masked)}`, () => assert.equal(text(given), masked));
    test(`changes nothing more in ${JSON.stringify(masked)}`, () => assert.equal(text(masked), masked));
  }

  test('keeps numbers that count, under names that may mean a counter', () => {
    const lease = {
      token: 33,
      tokens: [1, 2],
      session: 4,
      password: 5,
      pin: 1234,
      card: 4_111_111_111_111_111,
    };
    assert.deepEqual(value(lease), {
      ...{ token: 33, tokens: [1, 2], session: 4 },
      ...{ password: '[masked-1]', pin: '[masked-2]', card: '[masked-3]' },
    });
    assert.deepEqual(new Masker().header(['fencing-token', '33']), ['fencing-token', '33']);
  });

  test('keeps null, booleans and empty strings: that there is none tells no secret', () => {
    const given = { password: null, token: '', secret: true };
    assert.deepEqual(value(given), given);
  });

  test('keeps of a session what is not its id', () => {
    assert.deepEqual(value({ session: { id: 'abc', user: 'bob' } }), {
      session: { id: '[masked-1]', user: 'bob' },
    });
  });

  test('masks keys of a table of secrets', () => {
    const sessions = { 'f00d-cafe-1': { user: 'bob' }, count: 1 };
    assert.deepEqual(value({ sessions }), { sessions: { '[masked-1]': { user: 'bob' }, count: 1 } });
    assert.deepEqual(new Masker().path(['sessions', 'f00d-cafe-1', 'user']), [
      'sessions',
      '[masked-1]',
      'user',
    ]);
  });

  test('knows by the path what a patch writes', () => {
    assert.equal(new Masker().value('x', ['users', 3, 'password']), '[masked-1]');
    assert.equal(new Masker().value('x', ['users', 3, 'name']), 'x');
  });

  test('masks in Maps as in objects', () => {
    const map = { '[Map]': { password: 'x' } };
    assert.deepEqual(value(map), { '[Map]': { password: '[masked-1]' } });
    assert.deepEqual(value({ tokens: { '[Set]': ['x'] } }), { tokens: { '[Set]': ['[masked-1]'] } });
  });

  test('masks the values of cookies, and leaves their names', () => {
    const mask = new Masker();
    assert.deepEqual(mask.header(['cookie', 'sid=a; theme=b']), [
      'cookie',
      'sid=[masked-1]; theme=[masked-2]',
    ]);
    assert.deepEqual(mask.header(['set-cookie', 'sid=a; Path=/; HttpOnly']), [
      'set-cookie',
      'sid=[masked-1]; Path=/; HttpOnly',
    ]);
  });

  test('masks the same secret the same way, wherever it stands afterwards', () => {
    const mask = new Masker();
    assert.deepEqual(mask.header(['authorization', 'Bearer s3cr3t-77']), [
      'authorization',
      'Bearer [masked-1]',
    ]);
    assert.deepEqual(mask.value({ token: 's3cr3t-77', pin: '1' }), {
      token: '[masked-1]',
      pin: '[masked-2]',
    });
    assert.equal(mask.text('DELETE /sessions/s3cr3t-77 #1'), 'DELETE /sessions/[masked-1] #1');
    assert.equal(mask.text('was s3cr3t-77.'), 'was [masked-1].');
    assert.deepEqual(mask.value({ owner: 's3cr3t-77' }), { owner: '[masked-1]' });
    assert.equal(mask.text('s3cr3t-778 is another, 1 too'), 's3cr3t-778 is another, 1 too');
  });

  test('leaves the names of the simulation, whatever they stand under', () => {
    const mask = new Masker({}, ['worker-1']);
    assert.deepEqual(mask.value({ session: 'worker-1' }), { session: 'worker-1' });
  });

  test('leaves the token of a replay, even behind a name of a secret', () => {
    const line = 'npx wavetank replay a.sim.ts wt1:NcexCsIwFAXQXwl3-_a.1xdmoc3';
    assert.equal(text(`${line} password=x`), `${line} password=[masked-1]`);
    assert.equal(text('token: wt1:NcexCsIwFAXQXwl3-_a.1xdmoc3'), 'token: wt1:NcexCsIwFAXQXwl3-_a.1xdmoc3');
  });

  test('knows further names, and names that are none', () => {
    const options = { mask: ['Nick-Name', /^x-/], unmask: ['token', /^test/i] };
    const given = {
      nickname: 'a',
      nick_names: 'b',
      'x-1': 'c',
      token: 'd',
      testPassword: 'e',
      password: 'f',
    };
    assert.deepEqual(value(given, options), {
      ...{ nickname: '[masked-1]', nick_names: 'b', 'x-1': '[masked-2]' },
      ...{ token: 'd', testPassword: 'e', password: '[masked-3]' },
    });
  });

  test('takes a pattern that has a position of its own', () => {
    const mask = new Masker({ mask: [/nick/g] });
    assert.deepEqual(mask.value([{ nick: 'a' }, { nickTwo: 'a' }]), [
      { nick: '[masked-1]' },
      { nickTwo: '[masked-1]' },
    ]);
  });

  test('is not led astray by long hostile texts', () => {
    for (const hostile of [
      '\\'.repeat(60_000),
      'a'.repeat(60_000),
      'token:'.repeat(10_000),
      '<a '.repeat(20_000),
    ]) {
      assert.equal(typeof text(`password=x ${hostile}`), 'string');
    }
  });
});
