import { Command } from 'commander';
import type { Invocation } from './invocation.js';
import type { HistoryFlags } from './history-action.js';

const examples = `
Examples:
  c1m history                                   p99 latency in ./results, per target
  c1m history --metric requestsPerSecond bench  of the results in the folder bench
  c1m history --target go-bare --scenario compare
  c1m history --html history.html               a page with charts
  c1m history --json | jq '.targets[].changePoints'

Results get there by c1m compare, or c1m run -o results URL. Those of one scenario
and one host are compared; what is left out is said.

Metrics: p50, p75, p90, p95, p99, p999, p9999, mean, max, firstByte.p99, firstEvent.p99,
firstEventService.p99, betweenEvents.p99, eventsPerSecond, requestsPerSecond, rateRatio,
errors, errorRate, notSent, reach, deliveriesPerSecond, connectionsFailed, connectionsLost,
cpuUsPerRequest, cpuUtilization, contextSwitchesPerRequest, runQueueDelayUsPerRequest,
threadsPeak, descriptorsPeak, rssPeak, rssIdle, pssIdle, pssPeak, bytesPerConnection,
startup, artifact, schedulingDelay.
Those of streams of events have .p50, .p90, .mean and the like as well.`;

export function historyCommand(invocation: Invocation): Command {
  return new Command('history')
    .description('show a metric over the results of a folder, and where it changed')
    .argument('[folder]', 'where c1m run -o and c1m compare have kept results', 'results')
    .option('--metric <name>', 'which figure', 'p99')
    .option('--scenario <name>', 'by name, or by hash (default: that of the newest result)')
    .option('--target <name>', 'only this one; of c1m run, the URL')
    .option('--html <file>', 'write a page in one file, with charts; - is standard output')
    .option('--json', 'print all points and change points, and nothing else, on standard output')
    .addHelpText('after', examples)
    .action(async (folder: string, flags: HistoryFlags) => {
      const { historyAction } = await import('./history-action.js');
      invocation.ended(await historyAction(folder, flags));
    });
}
