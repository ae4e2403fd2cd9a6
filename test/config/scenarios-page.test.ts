import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listScenarios } from '../../src/config/scenario-catalog.js';
import { loadScenario } from '../../src/config/scenario-file.js';

const page = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms');
  return [...page.matchAll(fence)].map((match) => match[1]!);
}

describe('docs/scenarios.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'users.csv'), blocks('csv')[0]!);
  writeFileSync(join(folder, 'hello.proto'), blocks('proto')[0]!);

  it.each(blocks('yaml').map((text) => [/^name: (.*)$/m.exec(text)?.[1] ?? '', text]))(
    'shows a valid scenario: %s',
    async (name, text) => {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, text);
      expect((await loadScenario(file)).name).toBe(name);
    },
  );

  it('shows several scenarios', () => {
    expect(blocks('yaml').length).toBeGreaterThanOrEqual(4);
  });

  it('names every built-in scenario', async () => {
    for (const { name } of await listScenarios()) expect(page).toContain(`| \`${name}\` |`);
  });
});
