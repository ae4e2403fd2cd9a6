// What k6 runs: a virtual user for each connection, closed, or open where RATE is given.
import http from 'k6/http';

const { URL, RATE, CONNECTIONS, SECONDS } = __ENV;
const users = Number(CONNECTIONS);
const duration = `${SECONDS}s`;

export const options = {
  discardResponseBodies: true,
  summaryTrendStats: ['p(99)'],
  scenarios: {
    load:
      RATE === undefined
        ? { executor: 'constant-vus', vus: users, duration }
        : {
            executor: 'constant-arrival-rate',
            rate: Number(RATE),
            timeUnit: '1s',
            duration,
            preAllocatedVUs: users,
            maxVUs: users,
          },
  },
};

export default function () {
  http.get(URL);
}

export const handleSummary = ({ metrics }) => ({ stdout: JSON.stringify(metrics) });
