// A list as JSON, with a schema for the answer, as Fastify's own documentation advises.
import Fastify from 'fastify';

const number = (name) => Number(process.env[name] ?? 0);
const extraRounds = number('EXTRA_CPU');
const kept = Buffer.alloc(number('KEEP_KB') * 1024, 1);

const items = Array.from({ length: 20 }, (_, id) => ({
  id,
  name: `item ${id}`,
  price: id * 1.5,
  tags: ['small', 'blue'],
}));
const item = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    price: { type: 'number' },
    tags: { type: 'array', items: { type: 'string' } },
  },
};

const app = Fastify();
const schema = { response: { 200: { type: 'array', items: item } } };
app.get('/', { schema }, async () => {
  for (let i = 0; i < extraRounds; i++) JSON.parse(JSON.stringify(items[i % items.length]));
  return items;
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(kept.length === 0 || kept[0] === 1 ? 0 : 1));
