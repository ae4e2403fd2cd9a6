// Writes the published JSON Schemas of the result documents from the schemas that c1m checks with.
// Of their two sides the one that is read (`input`): fields that were added later may be missing.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { resultSchema } from '../dist/results/schema.js';
import { wakeupSchema } from '../dist/results/wakeup.js';

for (const [name, schema] of Object.entries({ result: resultSchema, wakeup: wakeupSchema })) {
  const file = new URL(`../schema/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`);
}
