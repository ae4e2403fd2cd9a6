import { version } from '../version.js';

/** What c1m says when it is asked for nothing: at most 24 lines of 80 columns. */
export function firstScreen(): string {
  return `c1m ${version}: honest load tests, from one connection to a million

Test a server
  c1m run http://localhost:8080/          50 connections for 10 s, at full load
  c1m run -c 10k -R 2k -d 30s http://localhost:8080/   at 2,000 requests/s
  c1m report results --html report.html   a page of what -o results kept

Choose a runtime
  c1m compare --quick                     servers in Go, Java, Python and Node
  c1m wakeup go java                      their schedulers, without a server

Guard a repository
  c1m init                                writes the files for your project
  c1m gate --base origin/main -- .        is your change slower? pass, fail, or
                                          an honest "cannot tell"
Look around
  c1m demo                                ten seconds that explain each figure
  c1m doctor                              what of this machine limits a test
  c1m scenarios list; c1m targets list    what comes with c1m

Help: c1m --help lists all commands, c1m COMMAND --help the flags of one.
`;
}
