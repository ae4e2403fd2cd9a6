// Puts the gate's report into the pull request: one comment, written anew each time.
// REST API: https://docs.github.com/en/rest/issues/comments
import { readFileSync } from 'node:fs';

const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST, REPORT } = process.env;
const marker = `<!-- c1m gate ${process.env['TARGET'] ?? ''} -->`;
const comments = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${PULL_REQUEST}/comments`;
const perPage = 100;
/** A pull request with more comments than this has its report at the end. */
const mostPages = 20;

async function ask(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${GITHUB_TOKEN}`,
      'x-github-api-version': '2022-11-28',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status}`);
  return response.json();
}

async function ownComment() {
  for (let page = 1; page <= mostPages; page++) {
    const some = await ask('GET', `${comments}?per_page=${perPage}&page=${page}`);
    const own = some.find(({ body }) => body.startsWith(marker));
    if (own !== undefined || some.length < perPage) return own;
  }
  return undefined;
}

try {
  const body = `${marker}\n${readFileSync(REPORT, 'utf8')}`;
  const own = await ownComment();
  await (own === undefined ? ask('POST', comments, { body }) : ask('PATCH', own.url, { body }));
} catch (error) {
  // The verdict does not hang on it: of a fork's pull request the token may not write.
  const words = error.message.replaceAll('%', '%25').replaceAll('\n', '%0A');
  console.log(
    `::notice title=c1m gate::No comment (${words}). The job needs "permissions: pull-requests: write"`,
  );
}
