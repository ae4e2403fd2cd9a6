import { formatBytes, formatCount, formatMicros, formatPercent } from '../../basis/format.js';
import type { LiveGenerator, LiveLoad, LiveServer, LiveSnapshot, Stage } from './snapshot.js';

/** "6 s", "1 min 20 s", "2 h 5 min": whole, and never 0 before the end. */
function formatRest(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** How much of the stage is done, from 0 to 1; null where that cannot be told. */
export function stageShare(stage: Stage, load: LiveLoad | null): number | null {
  switch (stage.kind) {
    case 'starting':
    case 'closing':
      return null;
    case 'opening':
      return load === null || load.wanted === 0 ? 0 : load.established / load.wanted;
    case 'running': {
      const { requests, seconds, elapsedSeconds } = stage;
      const ofRequests = requests === null ? 0 : (load?.responses ?? 0) / requests;
      const ofTime = seconds === null ? 0 : elapsedSeconds / seconds;
      if (requests === null && seconds === null) return null;
      return Math.min(1, Math.max(ofRequests, ofTime));
    }
  }
}

/** Null while that cannot be told. */
export function stageRest(
  stage: Extract<Stage, { kind: 'running' }>,
  load: LiveLoad | null,
): number | null {
  const { seconds, elapsedSeconds } = stage;
  if (seconds !== null) return Math.max(0, seconds - elapsedSeconds);
  const share = stageShare(stage, load);
  return share === null || share === 0 ? null : (elapsedSeconds * (1 - share)) / share;
}

/** Where it stands, beside the bar. */
export function stageNote(stage: Stage, load: LiveLoad | null): string {
  switch (stage.kind) {
    case 'starting':
    case 'closing':
      return '';
    case 'opening':
      return load === null
        ? 'opening connections'
        : `opening ${formatCount(load.established)}/${formatCount(load.wanted)} connections`;
    case 'running': {
      const elapsed = Math.floor(stage.elapsedSeconds);
      const clock =
        stage.seconds === null
          ? `${elapsed} s`
          : `${elapsed}/${Number(stage.seconds.toFixed(1))} s`;
      const rest = stageRest(stage, load);
      return rest === null ? clock : `${clock}, ${formatRest(rest)} left`;
    }
  }
}

export function stageLabel(stage: Stage): string {
  switch (stage.kind) {
    case 'starting':
      return stage.text;
    case 'opening':
    case 'running':
      return stage.label;
    case 'closing':
      return `closing ${formatCount(stage.connections)} connections`;
  }
}

export function courseNote({ course }: LiveSnapshot): string {
  const remaining = course?.remainingSeconds ?? null;
  if (course === null || remaining === null) return '';
  return `${course.atMost ? 'at most' : 'about'} ${formatRest(remaining)} left`;
}

/** By kind, the most frequent first. */
export function errorWords({ errors }: LiveLoad): string {
  return Object.entries(errors)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${formatCount(count)} ${kind}`)
    .join(', ');
}

export function serverWords({ rssBytes, cpus, ofCpus }: LiveServer): string {
  const used =
    cpus === null ? '' : `, ${cpus.toFixed(2)} of ${ofCpus} CPU${ofCpus === 1 ? '' : 's'}`;
  return `RSS ${formatBytes(rssBytes)}${used}`;
}

export function generatorWords(generator: LiveGenerator): string {
  const { cpuUtilization, waitingForCpu, pacingLagP99Us, saturated } = generator;
  return [
    ...(saturated ? ['at its limit'] : []),
    ...(cpuUtilization === null ? [] : [`CPU ${formatPercent(Math.min(1, cpuUtilization))}`]),
    ...(pacingLagP99Us === null ? [] : [`lag p99 ${formatMicros(pacingLagP99Us)}`]),
    ...(waitingForCpu === null ? [] : [`waiting for a CPU ${formatPercent(waitingForCpu)}`]),
  ].join(', ');
}
