// A page from a template, for each request anew. Templates are compiled once (NODE_ENV=production).
import ejs from 'ejs';
import express from 'express';

const number = (name) => Number(process.env[name] ?? 0);
const extraRounds = number('EXTRA_CPU');
const kept = Buffer.alloc(number('KEEP_KB') * 1024, 1);

const items = Array.from({ length: 20 }, (_, id) => ({
  id,
  name: `item <${id}>`,
  price: id * 1.5,
  tags: ['small', 'blue'],
}));
const row = ejs.compile('<tr><td><%= item.id %></td><td><%= item.name %></td></tr>');

const app = express();
app.set('view engine', 'ejs');
app.set('views', new URL('views', import.meta.url).pathname);
app.get('/', (_request, response) => {
  for (let i = 0; i < extraRounds; i++) row({ item: items[i % items.length] });
  response.render('items', { title: 'Items', items });
});
app.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(kept.length === 0 || kept[0] === 1 ? 0 : 1));
