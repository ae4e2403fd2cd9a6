import { printable } from '../basis/printable.js';

/**
 * The XML that CI systems read of test results: JUnit's, as Apache Ant and Maven Surefire write it
 * (https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd).
 */

export interface JunitSuite {
  readonly name: string;
  readonly seconds: number;
  /** As in the result's document. */
  readonly startedAt: string;
  readonly cases: readonly JunitCase[];
  readonly output?: string;
}

export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly seconds?: number;
  /** `failure`: what was tested is not as it should be. `error`: it could not be tested. */
  readonly outcome: 'pass' | 'failure' | 'error' | 'skipped';
  /** Why it did not pass. */
  readonly message?: string;
  /** What was said beside; may be empty. */
  readonly output: string;
}

/** One suite stands by itself. */
export function junitXml(suites: readonly JunitSuite[]): string {
  const [only] = suites;
  const lines =
    only !== undefined && suites.length === 1
      ? suiteLines(only)
      : ['<testsuites>', ...suites.flatMap(suiteLines).map((line) => `  ${line}`), '</testsuites>'];
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...lines, ''].join('\n');
}

function suiteLines({ name, seconds, startedAt, cases, output }: JunitSuite): string[] {
  const count = (of: JunitCase['outcome']): number =>
    cases.filter(({ outcome }) => outcome === of).length;
  const attributes = [
    `name="${escaped(name)}"`,
    `tests="${cases.length}"`,
    `failures="${count('failure')}"`,
    `errors="${count('error')}"`,
    `skipped="${count('skipped')}"`,
    `time="${seconds.toFixed(3)}"`,
    `timestamp="${startedAt.replace(/\.\d+Z$/, '')}"`,
  ].join(' ');
  return [
    `<testsuite ${attributes}>`,
    ...cases.map((each) => `  ${caseXml(each)}`),
    ...(output === undefined ? [] : [`  ${systemOut(output)}`]),
    '</testsuite>',
  ];
}

function caseXml({ classname, name, seconds, outcome, message, output }: JunitCase): string {
  const time = seconds === undefined ? '' : ` time="${seconds.toFixed(3)}"`;
  const open = `<testcase classname="${escaped(classname)}" name="${escaped(name)}"${time}`;
  const result = outcome === 'pass' ? '' : `<${outcome} message="${escaped(message ?? '')}"/>`;
  const content = `${result}${output === '' ? '' : systemOut(output)}`;
  return content === '' ? `${open}/>` : `${open}>${content}</testcase>`;
}

function systemOut(text: string): string {
  return `<system-out>${escaped(text)}</system-out>`;
}

function escaped(raw: string): string {
  return printable(raw)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '�')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
