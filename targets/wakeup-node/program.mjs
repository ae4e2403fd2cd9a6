// Answers targets/PROGRAM.md with async functions: a command a line on standard input, a line of
// JSON for each on standard output.
import { createInterface } from 'node:readline';
import { ParkedTasks, pingPong, spawnJoin, timer } from './measurements.mjs';

const tasks = new ParkedTasks();
const commands = {
  'ping-pong 1': pingPong,
  'spawn-join 1': spawnJoin,
  'park 1': (count) => tasks.park(count),
  'wake 0': () => tasks.wakeAll(),
  'timer 2': timer,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...numbers] = line.trim().split(/\s+/);
  if (name === 'exit') break;
  const command = commands[`${name} ${numbers.length}`];
  if (command === undefined) {
    process.stderr.write(`wakeup-node: there is no command ${line}\n`);
    process.exit(1);
  }
  const answer = await command(...numbers.map(Number));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
