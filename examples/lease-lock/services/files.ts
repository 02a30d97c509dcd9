// The client of the file storage. Every request says by whom it is made, and under which lease.

import type { Held } from './lease.ts';

export async function readFile(name: string, lease: Held): Promise<string> {
  const response = await request(`/files/${name}`, lease, { method: 'GET' });
  return response.text();
}

/** Replaces a file: asks for an upload, and sends it. */
export async function replaceFile(name: string, content: string, lease: Held): Promise<void> {
  const begun = await request(`/files/${name}/uploads`, lease, { method: 'POST' });
  const { id } = (await begun.json()) as { id: string };
  await request(`/uploads/${id}`, lease, { method: 'PUT', body: content });
}

async function request(path: string, { token, by }: Held, init: RequestInit): Promise<Response> {
  const headers = { 'Fencing-Token': String(token), Worker: by };
  const response = await fetch(`http://storage:9000${path}`, { ...init, headers });
  if (!response.ok) throw new Error(`${init.method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}
