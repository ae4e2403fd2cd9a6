import { expect, it } from 'vitest';
import { startCommand } from '../../src/subject/start-command.js';

const started = (command: string) => {
  const subject = { kind: 'command', name: command, command, path: '/', where: '--x' } as const;
  return startCommand(subject, [], new AbortController().signal);
};

it('a command that does not answer in time is told of as such, and not as killed', async () => {
  // Its last words are the only hint at why.
  const said = /was not ready within 30 s: it does not answer http:\S+ with 200 \(last: nothing\)/;
  const rejected = expect(started('echo no database; sleep 300')).rejects;
  await rejected.toThrow(said);
  await rejected.toThrow(/\nno database$/);
  await rejected.not.toThrow('SIGKILL');
}, 60_000);

it('one that ends by itself is told of by how it ended', async () => {
  await expect(started('echo no database; exit 7')).rejects.toThrow(
    /ended \(.*7.*\) when it had just begun:\nno database$/,
  );
});
