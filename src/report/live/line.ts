import { formatCount, formatMicros } from '../../basis/format.js';
import type { LiveSnapshot } from './snapshot.js';
import { courseNote, errorWords, generatorWords, stageLabel, stageNote } from './words.js';

/** The snapshot as one line for a log. */
export function liveLine(snapshot: LiveSnapshot): string {
  const { course, stage, load, seconds, generator } = snapshot;
  const parts = [
    ...(course === null ? [] : [course.label]),
    ...(stage === null ? [] : [stageLabel(stage), stageNote(stage, load)]),
  ];
  if (load !== null && stage?.kind === 'running') {
    const failed = errorWords(load);
    const last = seconds.at(-1);
    parts.push(
      [
        `${formatCount(load.responses)} responses`,
        ...(last === undefined ? [] : [`${formatCount(last.requestsPerSecond)}/s`]),
        ...latency('p50', last?.p50Us),
        ...latency('p99', last?.p99Us),
        `${formatCount(load.established)}/${formatCount(load.wanted)} connections`,
        ...(failed === '' ? [] : [`errors: ${failed}`]),
        ...(generator?.saturated === true ? [`generator ${generatorWords(generator)}`] : []),
      ].join(', '),
    );
  }
  return [...parts, courseNote(snapshot)].filter((part) => part !== '').join('  ');
}

function latency(name: string, micros: number | null | undefined): string[] {
  return micros === null || micros === undefined ? [] : [`${name} ${formatMicros(micros)}`];
}
