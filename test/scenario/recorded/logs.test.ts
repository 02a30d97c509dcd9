// What hosts of every kind, and clients, print is in the trace with who printed it.

// oxlint-disable no-console -- what is printed is what this is about

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { http, HttpResponse } from 'msw';
import { daemon, handler } from '../../../src/host/definition.ts';
import { program } from '../../../src/host/program.ts';
import { virtualService } from '../../../src/services/virtual-service.ts';
import { programFiles } from '../../host/program-files.ts';
import { asGuest } from '../driven.ts';

test('console, process.stdout and process.stderr of every kind of host, and of clients', async () => {
  const text = 'process.stdout.write("a "); console.log("program"); process.stderr.write("not ended");';
  const hosts = {
    handled: handler(() => () => {
      console.error('handler');
      return new Response('ok');
    }),
    background: daemon(() => console.info('daemon')),
    'third.test': virtualService(() => [
      http.get('http://third.test/', () => {
        console.warn('third party');
        return HttpResponse.text('ok');
      }),
    ]),
    started: program(programFiles({ 'main.ts': text }).path('main.ts')),
  };
  const { result } = await asGuest(
    { hosts },
    async () => {
      await fetch('http://handled/');
      await fetch('http://third.test/');
      process.stdout.write('client\n');
    },
    { record: true },
  );
  const lines = (result.trace ?? []).flatMap((entry) =>
    entry.kind === 'log' ? `${entry.host} ${entry.stream}: ${entry.text}` : [],
  );
  assert.deepEqual(lines.toSorted(), [
    'background stdout: daemon',
    'guest stdout: client',
    'handled stderr: handler',
    'started stderr: not ended',
    'started stdout: a program',
    'third.test stderr: third party',
  ]);
});
