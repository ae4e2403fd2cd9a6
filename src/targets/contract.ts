import type { BuiltTarget } from './build.js';
import { connectionRules } from './contract/connection-rules.js';
import { endpointRules } from './contract/endpoint-rules.js';
import { verifyIdle } from './contract/idle.js';
import { misbehaviourRules } from './contract/misbehaviour-rules.js';
import { probeRules } from './contract/probe-rules.js';
import { processRules } from './contract/process-rules.js';
import { ContractBreach } from './contract/raw-connection.js';
import type { Rule, Subject } from './contract/subject.js';
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
      probeUrl: running.probeUrls[0] ?? null,
    };
    const idling = outcome(() => verifyIdle(subject));
    const rules = [...endpointRules, ...connectionRules, ...misbehaviourRules, ...probeRules];
    for (const { rule, verify } of rules.filter((each) => applies(each, subject))) {
      await record(rule, () => verify(subject));
    }
    report({ check: 'Idle connections stay open, used or unused', ...(await idling) });
    if (family !== 'custom') {
      const due = processRules.filter(({ probe }) => probe !== true || serves.includes('probe'));
      for (const { rule, verify } of due) await record(rule, () => verify(running));
    }
    return checks;
  } finally {
    signal?.removeEventListener('abort', stop);
    await running.stop();
  }
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
