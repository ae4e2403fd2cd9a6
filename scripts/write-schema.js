// Writes the published JSON Schema of the result document from the schema that c1m checks with.
// Of its two sides the one that is read (`input`): fields that were added later may be missing.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { resultSchema } from '../dist/results/schema.js';

const file = new URL('../schema/result.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(z.toJSONSchema(resultSchema, { io: 'input' }), null, 2)}\n`);
