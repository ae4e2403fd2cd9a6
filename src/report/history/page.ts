import type { PassedOver } from '../../store/folder.js';
import { htmlDocument, madeBy } from '../html/document.js';
import { markup, type Markup } from '../html/markup.js';
import { historyFigure } from './chart.js';
import type { History, TargetHistory } from './history.js';
import {
  changeSentence,
  historyNotes,
  lastSentence,
  methodLines,
  noChangeSentence,
  notValidSentence,
  plural,
  stretchOf,
} from './words.js';

/** A history as a page in one file, without any script. */
export function historyPage(history: History, passedOver: readonly PassedOver[]): string {
  const { scenario, host, results, targets } = history;
  return htmlDocument({
    title: headlineOf(history),
    eyebrow: [
      'c1m history',
      `scenario ${scenario.name}`,
      stretchOf(history),
      `${host.cpus} CPUs (${host.cpuModel})`,
    ].join(' · '),
    introduction: markup`${notice(history, passedOver)}
<dl class="findings">${targets.map((target) => markup`<dt class="name">${target.name}</dt><dd>${summaryText(history, target)}</dd>`)}</dl>`,
    main: markup`${targets.map(
      (target, index) =>
        markup`<section id="target-${index + 1}"><h2><span class="name">${target.name}</span></h2>${changeList(history, target)}${notValid(target)}${historyFigure(history, target)}</section>`,
    )}
<section id="method"><h2>How changes are found</h2>${methodLines(history).map((line) => markup`<p>${line}</p>`)}<p>${host.os}, kernel ${host.kernel}, host fingerprint ${host.fingerprint}, scenario hash ${scenario.hash}.</p></section>`,
    footer: madeBy(results),
  });
}

function headlineOf({ metric, results, targets }: History): string {
  const about = `${metric.label} over ${results.length} ${plural(results.length)}`;
  if (targets.every(({ changes }) => changes === null)) return about;
  const changed = targets.filter(({ changes }) => (changes ?? []).length > 0).length;
  if (changed === 0) return `${about}: no change point`;
  return `${about}: ${changed} of ${targets.length} ${targets.length === 1 ? 'target' : 'targets'} changed`;
}

function notice(history: History, passedOver: readonly PassedOver[]): Markup | null {
  const notes = [
    ...historyNotes(history),
    ...passedOver.map(({ file, reason }) => `${file} was passed over: ${reason}.`),
  ];
  if (notes.length === 0) return null;
  return markup`<section class="notice" aria-labelledby="to-know"><h2 id="to-know">To know first</h2>${notes.map((note) => markup`<p>${note}</p>`)}</section>`;
}

function summaryText(history: History, target: TargetHistory): string {
  const count = target.changes?.length ?? 0;
  const changes =
    count > 0
      ? `${count} change ${count === 1 ? 'point' : 'points'}.`
      : noChangeSentence(history, target);
  return `${lastSentence(history.metric, target)} ${changes}`;
}

function changeList({ metric }: History, { changes }: TargetHistory): Markup | null {
  if (changes === null || changes.length === 0) return null;
  return markup`<ul>${changes.map((change, index) => markup`<li>▲${index + 1} ${changeSentence(metric, change)}</li>`)}</ul>`;
}

function notValid(target: TargetHistory): Markup | null {
  const text = notValidSentence(target);
  return text === '' ? null : markup`<p class="remedy">${text}</p>`;
}
