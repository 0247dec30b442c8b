// A server that answers what a test tells it to: for faults that no healthy gateway shows.
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * `answers` maps "GET /path" to `{ status, body, headers }`, or to a function of the request that gives it; what is not there is 404.
 * It stops when the test ends.
 */
export async function startFake(t, answers) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { pathname, searchParams } = new URL(request.url, 'http://fake');
    const name = `${request.method} ${pathname}`;
    const entry = { name, query: Object.fromEntries(searchParams), headers: request.headers, text };
    requests.push(entry);

    const answer = answers[name] ?? problem(404, 'not_found', 'There is no such path.');
    const { status = 200, body, headers = {} } = typeof answer === 'function' ? answer(entry) : answer;
    const isHtml = typeof body === 'string';
    response.writeHead(status, { 'content-type': isHtml ? 'text/html' : 'application/json', ...headers });
    response.end(isHtml || body === undefined ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());

  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    answers,
    requests,
    close: () => new Promise((resolve) => server.close(resolve)),
    /** The body of the latest request. */
    body: () => JSON.parse(requests.at(-1).text),
    authData: { url, client_id: 'cli_1', client_secret: 'secret', access_token: 'token-1' },
  };
}

export const problem = (status, code, detail, headers = {}) => ({ status, headers, body: { title: 'Problem', status, detail, code } });
