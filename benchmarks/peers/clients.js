import { ab } from './clients/ab.js';
import { autocannon } from './clients/autocannon.js';
import { c1mEngines } from './clients/c1m.js';
import { gcannon } from './clients/gcannon.js';
import { h2load } from './clients/h2load.js';
import { hey } from './clients/hey.js';
import { k6 } from './clients/k6.js';
import { oha } from './clients/oha.js';
import { vegeta } from './clients/vegeta.js';
import { wrk, wrk2 } from './clients/wrk.js';
import { zrk } from './clients/zrk.js';

/**
 * Each has `closed` and `open`, the arguments for such a workload, as far as it has one, and `read`,
 * which takes from what it prints its own requests, requests/s and, where it tells, p99.
 */
export const allClients = [
  ...c1mEngines,
  ...[gcannon, wrk, wrk2, zrk, h2load, oha, hey, ab, autocannon, k6, vegeta],
];
