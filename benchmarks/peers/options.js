import { parseArgs } from 'node:util';

/** What `npm run bench` measures where nothing else is asked for. */
const defaults = {
  rounds: { type: 'string', default: '6' },
  seconds: { type: 'string', default: '3' },
  connections: { type: 'string', default: '1,64,1000,10000' },
  open: { type: 'string', default: 'delays:2000:100,delays:10000:1000,null:10000:1000' },
  only: { type: 'string', default: '' },
  out: { type: 'string', default: '' },
};

const servers = ['delays', 'null'];

/** @param names of all clients, which `--only` chooses from */
export function readOptions(argv, names) {
  const { values } = parseArgs({ args: argv, options: defaults });
  const folder = new URL('..', import.meta.url);
  return {
    rounds: count(values.rounds),
    seconds: count(values.seconds),
    connections: list(values.connections).map(count),
    open: list(values.open).map(openWorkload),
    only: list(values.only).map(known(names)),
    out: values.out || new URL(`results-${today()}.md`, folder),
  };
}

const list = (text) => text.split(',').filter((part) => part !== '');
const today = () => new Date().toISOString().slice(0, 10);

const known = (names) => (name) => {
  if (names.includes(name)) return name;
  throw new Error(`"${name}" is none of ${names.join(', ')}`);
};

function count(text) {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`"${text}" is not a whole number above 0`);
}

function openWorkload(text) {
  const [server, rate, connections] = text.split(':');
  if (servers.includes(server))
    return { server, rate: count(rate), connections: count(connections) };
  throw new Error(`"${text}" is not SERVER:RATE:CONNECTIONS, where SERVER is delays or null`);
}
