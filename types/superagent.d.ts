// The part of superagent that the programs of the tests use; it brings no types.

declare module 'superagent' {
  interface Response {
    readonly status: number;
    readonly body: unknown;
  }
  interface Request extends PromiseLike<Response> {
    set(name: string, value: string): this;
    timeout(ms: number | { response?: number; deadline?: number }): this;
    ok(isOk: (response: Response) => boolean): this;
    send(body: unknown): this;
  }
  const superagent: { post(url: string): Request };
  export default superagent;
}
