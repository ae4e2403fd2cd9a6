import type { BuiltTarget } from './build.js';
import { connectionRules } from './contract/connection-rules.js';
import { endpointRules } from './contract/endpoint-rules.js';
import { eventRules } from './contract/event-rules.js';
import { Http2Connection } from './contract/http2-connection.js';
import { http2Rules } from './contract/http2-rules.js';
import { verifyIdle } from './contract/idle.js';
import { misbehaviourRules } from './contract/misbehaviour-rules.js';
import { probeRules } from './contract/probe-rules.js';
import { processRules } from './contract/process-rules.js';
import { ContractBreach, RawConnection } from './contract/raw-connection.js';
import type { Rule, Subject } from './contract/subject.js';
import { websocketRules } from './contract/websocket-rules.js';
import { launch } from './launch.js';

/** One sentence of targets/CONTRACT.md and whether it holds. */
interface ContractCheck {
  check: string;
  ok: boolean;
  /** What the server did instead; empty when all is well. */
  detail: string;
}

interface ContractOptions {
  /** How long a connection idles before it has to be open still. */
  idleSeconds?: number;
  signal?: AbortSignal;
  onCheck?: (check: ContractCheck) => void;
}

/**
 * Starts a target and holds it to targets/CONTRACT.md, as far as its manifest promises. A target of
 * the family `custom` need not refuse what is malformed, nor say 404 or how it minds its process.
 */
export async function checkContract(
  built: BuiltTarget,
  options: ContractOptions = {},
): Promise<ContractCheck[]> {
  const { idleSeconds = 6.5, signal, onCheck } = options;
  const { serves, family, ready } = built.target.manifest;
  // What speaks something else altogether is held to how it minds its process alone.
  const http1 = !ready.http2 && !ready.listening;
  const running = await launch(built, { probe: true, ...(signal === undefined ? {} : { signal }) });
  const stop = () => void running.stop();
  signal?.addEventListener('abort', stop, { once: true });
  const checks: ContractCheck[] = [];
  const report = (result: ContractCheck) => {
    checks.push(result);
    onCheck?.(result);
  };
  const record = async (check: string, verify: () => Promise<void>) => {
    signal?.throwIfAborted();
    report({ check, ...(await outcome(verify)) });
  };
  try {
    const subject: Subject = {
      url: new URL(running.urls[0]!),
      serves,
      family,
      knownPath: serves.includes('plaintext') ? '/plaintext' : ready.path,
      idleSeconds,
      http1,
      probeUrl: running.probeUrls[0] ?? null,
    };
    const idling = idlingOf(subject);
    const rules = [...(http1 ? http1Rules : []), ...http2Rules, ...probeRules];
    for (const { rule, verify } of rules.filter((each) => applies(each, subject))) {
      await record(rule, () => verify(subject));
    }
    for (const [check, result] of idling) report({ check, ...(await result) });
    if (family !== 'custom') {
      const due = processRules.filter(({ probe }) => probe !== true || serves.includes('probe'));
      for (const { rule, verify } of due) await record(rule, () => verify(running, subject));
    }
    return checks;
  } finally {
    signal?.removeEventListener('abort', stop);
    await running.stop();
  }
}

const http1Rules = [
  ...[...endpointRules, ...connectionRules, ...misbehaviourRules],
  ...[...eventRules, ...websocketRules],
];

/** Begins them all, since they take their time. */
function idlingOf(subject: Subject): [string, ReturnType<typeof outcome>][] {
  const { url, http1, serves } = subject;
  const open = {
    'Idle connections stay open, used or unused': http1 ? () => RawConnection.open(url) : null,
    'HTTP/2: idle connections stay open, used or unused': serves.includes('http2')
      ? () => Http2Connection.open(url)
      : null,
  };
  return Object.entries(open).flatMap(([check, opener]) =>
    opener === null ? [] : [[check, outcome(() => verifyIdle(subject, opener))]],
  );
}

function applies({ endpoint, referenceOnly }: Rule, { serves, family }: Subject): boolean {
  if (referenceOnly === true && family === 'custom') return false;
  return [endpoint ?? []].flat().every((each) => serves.includes(each));
}

async function outcome(verify: () => Promise<void>): Promise<{ ok: boolean; detail: string }> {
  try {
    await verify();
    return { ok: true, detail: '' };
  } catch (error) {
    if (error instanceof ContractBreach) return { ok: false, detail: error.message };
    // A refused or reset connection is the server's failure too.
    const { code, message } = error as NodeJS.ErrnoException;
    return { ok: false, detail: code === undefined ? message : `${message} (${code})` };
  }
}
