// Makes a picture of what c1m prints: node scripts/picture.js FILE COLUMNS ARGUMENTS…
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { terminalSvg } from './terminal-svg.js';

const [file, columns, ...args] = process.argv.slice(2);
const command = fileURLToPath(new URL('../bin/c1m.js', import.meta.url));
const env = { ...process.env, COLUMNS: columns, FORCE_COLOR: '1' };
const output = execFileSync(process.execPath, [command, ...args], { env, encoding: 'utf8' });
writeFileSync(file, terminalSvg(output, `npx c1m ${args.join(' ')}`));
