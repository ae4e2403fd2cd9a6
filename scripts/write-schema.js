// Writes the published JSON Schemas of the result documents from the schemas that c1m checks with.
// Of their two sides the one that is read (`input`): fields that were added later may be missing.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { claimsSchema } from '../dist/results/claims.js';
import { gateSchema } from '../dist/results/gate.js';
import { resultSchema } from '../dist/results/schema.js';
import { wakeupSchema } from '../dist/results/wakeup.js';

const schemas = {
  result: resultSchema,
  wakeup: wakeupSchema,
  gate: gateSchema,
  claims: claimsSchema,
};
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../schema/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`);
}
