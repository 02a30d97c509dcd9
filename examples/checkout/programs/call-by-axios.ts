// The HTTP client of the programs: axios, with the retries that all services share.

import axios from 'axios';
import { callsBy, type Call } from '../services/retry.ts';

export const call: Call = callsBy(async ({ method, url, headers, body, timeoutMs }) => {
  try {
    const { status, data } = await axios.request<unknown>({
      method,
      url,
      headers,
      data: body,
      timeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
      validateStatus: () => true,
    });
    return { status, body: data };
  } catch {
    return undefined; // Timed out, refused or reset, perhaps in the middle of the answer.
  }
});
