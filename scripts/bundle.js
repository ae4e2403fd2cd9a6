// Puts into dist/ what is needed of packages that bring far more, so that an installed c1m does not
// bring them. What is bundled keeps its licence.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// Of CommonJS, what asks for a module of Node's has to find `require`.
const makesRequire = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

for (const entry of ['report/html/chart/d3.js', 'config/csv.js']) await bundle(entry, '');
await bundle('grpc/protobuf.js', makesRequire);

async function bundle(entry, before) {
  const file = fileURLToPath(new URL(`../dist/${entry}`, import.meta.url));
  const options = {
    ...{ entryPoints: [file], bundle: true, format: 'esm', platform: 'node' },
    ...{ minify: true, metafile: true },
  };
  const { metafile } = await build({ ...options, write: false });
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap((input) => /.*node_modules\/[^/]+/.exec(input)?.[0] ?? []),
  );
  const notices = [...packages].map((folder) => {
    const licence = `${folder}/LICENSE`;
    if (!existsSync(licence)) throw new Error(`${folder} has no LICENSE to keep`);
    return `${folder.replace(/.*\//, '')}\n${readFileSync(licence, 'utf8')}`;
  });
  await build({
    ...options,
    outfile: file,
    allowOverwrite: true,
    banner: { js: `/*!\n${notices.join('\n')}*/\n${before}` },
  });
}
