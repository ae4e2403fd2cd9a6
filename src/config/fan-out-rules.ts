import { mostFanOutMessages, mostFanOutPhases } from '../load/fan-out.js';
import type { Phase, RequestSpec } from '../load/plan.js';
import { parseTemplate } from '../load/protocol/http1/template.js';
import { RequestError } from '../load/protocol/http1/request-error.js';
import { createSchedule } from '../load/schedule.js';
import type { Breach } from './breach.js';
import type { Scenario } from './scenario.js';

/** What a fan-out cannot be, whatever it is of. */
export function fanOutBreaches(
  scenario: Pick<
    Scenario,
    'fanOut' | 'phases' | 'requests' | 'data' | 'keepAlive' | 'deadlineMicros'
  >,
): Breach[] {
  if (!scenario.fanOut) return [];
  const { requests, phases, keepAlive, deadlineMicros, data } = scenario;
  const [{ body, expect }] = requests as [RequestSpec];
  const found: (Omit<Breach, 'key'> | null)[] = [
    ...phases.map(phaseBreach),
    phases.length > mostFanOutPhases
      ? {
          message: `a fan-out has at most ${mostFanOutPhases} phases`,
          remedy: 'Leave some out.',
        }
      : null,
    requests.length > 1
      ? {
          message: 'a fan-out publishes messages of one kind, and here are several',
          remedy: 'Keep one of the requests; its text may vary by placeholders.',
        }
      : null,
    body !== null && !holdsNumber(body, data?.columns ?? [])
      ? {
          message: 'the messages of a fan-out are told apart by their number, and this has none',
          remedy: "Put {seq} into the text, without digits: 'hello {seq}'.",
        }
      : null,
    expect.bodyContains === null
      ? null
      : {
          message: 'the messages of a fan-out are not answered, so no text is expected',
          remedy: 'Leave expect out.',
        },
    keepAlive
      ? null
      : {
          message: 'receivers keep their connections',
          remedy: 'Leave out --no-keepalive, or keepAlive: false.',
        },
    deadlineMicros === null
      ? null
      : {
          message: 'a deadline would leave messages out, and each is expected at every receiver',
          remedy: 'Leave the deadline out; timeout bounds each delivery.',
        },
  ];
  return found.filter((breach) => breach !== null).map((breach) => ({ key: 'fanOut', ...breach }));
}

function phaseBreach({
  arrival,
  connections,
  durationMicros,
  requests,
}: Phase): Omit<Breach, 'key'> | null {
  if (arrival.kind === 'idle') {
    if (!arrival.touch) return null;
    const message = 'in a fan-out what is sent comes to all, so a hold cannot touch single ones';
    return { message, remedy: 'Leave touch out.' };
  }
  if (arrival.kind === 'closed' || requests === 'each') {
    const message = 'a fan-out publishes at a rate, since nothing answers its messages';
    return { message, remedy: 'Give a rate, such as 10/s.' };
  }
  if (connections.from !== connections.to || connections.to < 2) {
    const message = 'a fan-out has one connection that publishes, and a fixed number that receive';
    return { message, remedy: 'Give a number of connections, 2 or more.' };
  }
  if (durationMicros === null && requests === null) return null;
  const { planned } = createSchedule(arrival.ratePerSecond, durationMicros, requests);
  if (planned <= mostFanOutMessages) return null;
  const message = `a phase of a fan-out has at most ${mostFanOutMessages} messages`;
  return { message, remedy: 'Shorten it, or lower the rate.' };
}

/** Whether each message holds its whole number. */
function holdsNumber(body: NonNullable<RequestSpec['body']>, columns: readonly string[]): boolean {
  if (typeof body !== 'string') return false;
  try {
    return parseTemplate(body, columns).some((part) => part.kind === 'seq' && part.digits === null);
  } catch (error) {
    // What is wrong with the text is told elsewhere.
    if (error instanceof RequestError) return true;
    throw error;
  }
}
