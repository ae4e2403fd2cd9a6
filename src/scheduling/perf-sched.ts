import { distributionOf } from '../latency/log-buckets.js';
import { ProcessTree } from '../measure/process-tree.js';
import type { SchedulingInstrument, SchedulingReading } from './instrument.js';
import { ServerHistory } from './perf-history.js';
import { PerfRecorder } from './perf-recorder.js';

/** Watches the server's threads with `perf sched`: their waits for a CPU, but not its requests. */
export class PerfSched implements SchedulingInstrument {
  readonly source = 'perf';
  readonly #server: ProcessTree;
  #recorder: PerfRecorder;

  private constructor(server: ProcessTree, recorder: PerfRecorder) {
    this.#server = server;
    this.#recorder = recorder;
  }

  /** @param pids the server's processes; their descendants are watched as well */
  static async start(pids: readonly number[]): Promise<PerfSched> {
    return new PerfSched(new ProcessTree(pids), await PerfRecorder.start());
  }

  begin(): void {
    this.#recorder.enable();
  }

  async end(): Promise<SchedulingReading> {
    const done = this.#recorder;
    this.#server.discover();
    await done.stop();
    const history = new ServerHistory((pid) => this.#server.has(pid));
    for await (const line of done.history()) history.add(line);
    await done.close();
    this.#recorder = await PerfRecorder.start();
    return reading(history);
  }

  async close(): Promise<void> {
    await this.#recorder.close();
  }
}

function reading(history: ServerHistory): SchedulingReading {
  const [waited, ran, off] = [history.waited.buckets, history.ran.buckets, history.off.buckets];
  return {
    delayUs: null,
    counted: {
      source: 'perf',
      valid: ran.counts.size > 0,
      requests: null,
      contextSwitches: null,
      wakeups: null,
      migrations: null,
      systemCalls: null,
      runQueueUs: distributionOf(waited),
      onCpuUs: distributionOf(ran),
      offCpuUs: distributionOf(off),
      runQueueDelayMs: waited.sum / 1e6,
    },
    histograms: new Map([
      ['runQueue', waited],
      ['onCpu', ran],
      ['offCpu', off],
    ]),
  };
}
