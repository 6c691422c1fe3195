// usage: started by scripts/bench.ts   The least that a proxy in Node can do: pass request and answer on, over connections kept open.
import { Agent, createServer, request } from 'node:http';
import { announce } from './announce.ts';

const platform = new URL(process.env.GATE_GRAPH_URL ?? '');
const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo' });

announce(
  createServer((req, res) => {
    const { host: _, connection: __, ...headers } = req.headers;
    const forward = request(
      { agent, hostname: platform.hostname, port: platform.port, method: req.method, path: req.url, headers },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    forward.on('error', () => res.destroy());
    req.pipe(forward);
  }),
);
