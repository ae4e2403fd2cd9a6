import { subBuckets } from '../latency/log-buckets.js';

/**
 * The bpftrace program that follows a server's requests through the kernel, as text. It runs on
 * bpftrace ≥ 0.17 and counts inside the kernel, so nothing is lost on the way out.
 *
 * A server is known by the ports that it serves, so its replicas and descendants are found by
 * themselves, and process namespaces do not matter:
 * - a socket of such a port that gets data is stamped with the time, once, until it is read;
 * - who reads it takes the request. The bytes that the connection has sent so far (`write_seq`) tell
 *   a new request from the rest of one that was taken in several reads: in between, the server
 *   answers;
 * - the process that takes a request is the server, and its threads' last waits for a CPU are kept,
 *   to be held against the time that the request waited.
 */

/** Where the kernel lets itself be watched: tracepoints since 6.3, functions before. */
export type Instrument = 'tracepoints' | 'kprobes';

/** What c1m tells the running script, as the last digit of a number that only this run knows. */
export const marks = { begin: 1, end: 2, first: 3, last: 4 } as const;
export type Mark = keyof typeof marks;

/** The argument of getpriority(2) by which a mark is set: the call fails, and is seen. */
export function markNumber(nonce: number, mark: Mark): number {
  return nonce * 8 + marks[mark];
}

/** The distributions that the script counts, in nanoseconds. */
export const traced = [
  'total',
  'kernel',
  'runtime',
  'connection',
  'runQueue',
  'onCpu',
  'offCpu',
] as const;
export type Traced = (typeof traced)[number];

/** What it counts besides. */
const tallies = [
  'takes',
  'unseen',
  'unattributed',
  'wakeups',
  'migrations',
  'systemCalls',
  'voluntary',
  'involuntary',
] as const;
export type Tally = (typeof tallies)[number];

const established = 1;
const closed = 7;
const peek = 2;
const tcp = 6;
/** Waits for a CPU that are kept of each thread; a power of 2. */
export const keptWaits = 32;

export function traceScript(ports: readonly number[], nonce: number, instrument: Instrument) {
  return [
    begin(),
    // Before their readers, since the types of maps are known from what is put in.
    threads(),
    instrument === 'tracepoints' ? socketTracepoints(ports) : socketFunctions(ports),
    closing(ports),
    system(),
    control(nonce),
  ].join('\n');
}

function begin(): string {
  return `BEGIN { @on = 0; }`;
}

function ofPorts(ports: readonly number[], number: string): string {
  return ranges(ports)
    .map(([low, high]) =>
      low === high ? `${number} == ${low}` : `(${number} >= ${low} && ${number} <= ${high})`,
    )
    .join(' || ');
}

/** Neighbours in one, so that a hundred replicas do not make a hundred comparisons. */
function ranges(ports: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === port - 1) last[1] = port;
    else found.push([port, port]);
  }
  return found;
}

function socketTracepoints(ports: readonly number[]): string {
  return `
tracepoint:sock:sk_data_ready / args->protocol == ${tcp} / {
  $sk = (struct sock *)args->skaddr;
  ${arrival(ports)}
}
tracepoint:sock:sock_recv_length / args->ret > 0 && args->protocol == ${tcp} / {
  $sk = (struct sock *)args->sk;
  if ((args->flags & ${peek}) == 0) {
    ${take(ports)}
  }
}`;
}

function socketFunctions(ports: readonly number[]): string {
  return `
kprobe:sock_def_readable {
  $sk = (struct sock *)arg0;
  if ($sk->sk_protocol == ${tcp}) {
    ${arrival(ports)}
  }
}
kprobe:tcp_recvmsg { @reading[tid] = (arg3 & ${peek}) == 0 ? arg0 : 0; }
kretprobe:tcp_recvmsg / @reading[tid] / {
  $sk = (struct sock *)@reading[tid];
  @reading[tid] = 0;
  if ((int32)retval > 0) {
    ${take(ports)}
  }
}`;
}

function arrival(ports: readonly number[]): string {
  return `
  $port = $sk->__sk_common.skc_num;
  if ((${ofPorts(ports, '$port')}) && $sk->__sk_common.skc_state == ${established}) {
    $key = (uint64)$sk;
    if (@ready[$key] == 0) {
      @ready[$key] = nsecs;
      @woken[$key] = 0;
      @arriving[cpu] = $key;
    }
  }`;
}

function take(ports: readonly number[]): string {
  return `
    $port = $sk->__sk_common.skc_num;
    if (${ofPorts(ports, '$port')}) {
      $now = nsecs;
      $key = (uint64)$sk;
      $since = @ready[$key];
      @ready[$key] = 0;
      $written = (uint64)((struct tcp_sock *)$sk)->write_seq + 1;
      if (@written[$key] != $written) {
        @written[$key] = $written;
        @server[pid] = 1;
        if (@on) {
          @takes = count();
          if ($since == 0) { @unseen = count(); }
          if ($since != 0) {
            $delay = $now - $since;
            $waited = (uint64)0;
            $n = @waits[tid];
            if ($n > 0 && @waitEnd[${kept('tid', '$n - 1')}] > $since) {
              ${waitedSince()}
            }
            if (@woken[$key] != 0 && @woken[$key] != tid) { $waited = $waited + @wokenWait[$key]; }
            if ($waited > $delay) { $waited = $delay; }
            $rest = $delay - $waited;
            ${count('total', '$delay')}
            ${count('kernel', '$waited')}
            ${count('runtime', '$rest')}
            @delayOf[$key] = @delayOf[$key] + $delay;
            @takesOf[$key] = @takesOf[$key] + 1;
          }
        }
      }
    }`;
}

/**
 * How long the thread waited since the arrival: what it has waited in all, less what it had before
 * the first wait that ended after the arrival, less the part of that one which lies before. The ends
 * are in order, so that wait is found by halving.
 */
function waitedSince(): string {
  const steps = halvings(keptWaits).map(
    (step) =>
      `if ($j + ${step} <= $n && @waitEnd[${kept('tid', `$n - $j - ${step}`)}] > $since) { $j = $j + ${step}; }`,
  );
  return `$j = (uint64)1;
              ${steps.join('\n              ')}
              $first = ${kept('tid', '$n - $j')};
              $start = @waitStart[$first];
              $waited = @waited[tid] - @waitedBefore[$first];
              if ($start < $since) { $waited = $waited - ($since - $start); }
              else if ($j == ${keptWaits} && $n > ${keptWaits}) { @unattributed = count(); }`;
}

/** 16, 8, 4, 2, 1 for 32. */
function halvings(length: number): number[] {
  return length < 2 ? [] : [length / 2, ...halvings(length / 2)];
}

/** The key of a thread's nth wait. */
function kept(thread: string, nth: string): string {
  return `${thread} * ${keptWaits} + ((${nth}) % ${keptWaits})`;
}

/** A connection that ends is counted with the mean of its delays, and its address is free again. */
function closing(ports: readonly number[]): string {
  return `
tracepoint:sock:inet_sock_set_state / args->newstate == ${closed} / {
  $port = args->sport;
  if (${ofPorts(ports, '$port')}) {
    $key = (uint64)args->skaddr;
    if (@on && @takesOf[$key] > 0) {
      $mean = @delayOf[$key] / @takesOf[$key];
      ${count('connection', '$mean')}
    }
    delete(@ready[$key]); delete(@written[$key]); delete(@woken[$key]); delete(@wokenWait[$key]);
    delete(@delayOf[$key]); delete(@takesOf[$key]);
  }
}`;
}

/**
 * The scheduler's side (kernel/sched/core.c). A thread waits for a CPU from when it is woken, or
 * from when it is put off a CPU that it did not want to leave, until it runs. Bit 8 of prev_state
 * says that it was preempted (include/trace/events/sched.h).
 */
function threads(): string {
  return `
tracepoint:sched:sched_waking / @thread[args->pid] / {
  if (@runnable[args->pid] == 0) { @runnable[args->pid] = nsecs; }
  $key = @arriving[cpu];
  if ($key != 0) {
    @arriving[cpu] = 0;
    $since = @ready[$key];
    if ($since != 0 && nsecs - $since < 20000) {
      @woken[$key] = (uint64)args->pid;
      @wokenWait[$key] = 0;
      @wokenFor[args->pid] = $key;
    }
  }
  if (@on) { @wakeups = count(); }
}
tracepoint:sched:sched_wakeup / @thread[args->pid] / {
  if (@runnable[args->pid] == 0) { @runnable[args->pid] = nsecs; }
}
tracepoint:sched:sched_switch {
  if (@server[pid]) {
    $out = nsecs;
    @thread[tid] = 1;
    $preempted = (args->prev_state & 0xff) == 0;
    @runnable[tid] = $preempted ? $out : 0;
    if (@on) {
      if ($preempted) { @involuntary = count(); } else { @voluntary = count(); }
      $ran = @in[tid];
      if ($ran != 0) { $slice = $out - $ran; ${count('onCpu', '$slice')} }
    }
    @out[tid] = $out;
  }
  $next = (uint64)args->next_pid;
  if (@thread[$next]) {
    $in = nsecs;
    $from = @runnable[$next];
    if ($from != 0) {
      @runnable[$next] = 0;
      $n = @waits[$next];
      $wait = $in - $from;
      $nth = ${kept('$next', '$n')};
      @waitStart[$nth] = $from;
      @waitEnd[$nth] = $in;
      @waitedBefore[$nth] = @waited[$next];
      @waited[$next] = @waited[$next] + $wait;
      @waits[$next] = $n + 1;
      $key = @wokenFor[$next];
      if ($key != 0) { @wokenWait[$key] = $wait; @wokenFor[$next] = 0; }
      if (@on) { ${count('runQueue', '$wait')} }
    }
    if (@on && @out[$next] != 0) { $slice = $in - @out[$next]; ${count('offCpu', '$slice')} }
    @in[$next] = $in;
  }
}
tracepoint:sched:sched_process_exit / @thread[tid] / {
  delete(@thread[tid]); delete(@runnable[tid]); delete(@in[tid]); delete(@out[tid]);
  delete(@waits[tid]); delete(@waited[tid]); delete(@wokenFor[tid]);
}`;
}

function system(): string {
  return `
tracepoint:sched:sched_migrate_task / @on && @thread[args->pid] / { @migrations = count(); }
tracepoint:raw_syscalls:sys_enter / @on && @server[pid] / { @systemCalls = count(); }`;
}

/** Maps are printed and cleared once nothing changes them any more. */
function control(nonce: number): string {
  const number = (mark: Mark): number => markNumber(nonce, mark);
  const distributions = traced.flatMap((name) => [name, `${name}Sum`, `${name}Min`, `${name}Max`]);
  const maps = [...distributions, ...tallies, 'delayOf', 'takesOf'];
  const handOut = maps.map((map) => `print(@${map}); clear(@${map});`).join('\n    ');
  return `
tracepoint:syscalls:sys_enter_getpriority / args->who >> 3 == ${nonce} / {
  if (args->who == ${number('begin')}) { @on = 1; }
  if (args->who == ${number('end')}) {
    @on = 0;
    ${handOut}
    printf("end");
  }
  if (args->who == ${number('last')}) { printf("last"); }
}
tracepoint:syscalls:sys_enter_getpriority / args->who == ${number('first')} / { printf("first"); }`;
}

/** Counts nanoseconds in the buckets of log-buckets.ts. */
function count(name: Traced, value: string): string {
  const steps = [16, 8, 4, 2, 1].map(
    (bits) =>
      `if ($x >= ${subBuckets * 2 ** (bits - 1)}) { $x = $x >> ${bits}; $s = $s + ${bits}; }`,
  );
  return `$x = (uint64)${value}; $s = (uint64)0; ${steps.join(' ')}
      @${name}[$s * ${subBuckets} + $x] = count(); @${name}Sum = sum(${value});
      @${name}Min = min(${value}); @${name}Max = max(${value});`;
}
