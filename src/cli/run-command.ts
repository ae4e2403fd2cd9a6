import { Option, type Command } from 'commander';
import { engineChoices, mostStreams } from '../config/scenario.js';
import { StreamsCommand } from './streams-command.js';
import { schedulingChoices } from '../scheduling/choice.js';
import { collect } from './repeated-flag.js';
import type { Invocation } from './invocation.js';
import type { RunCommandFlags } from './run-action.js';

const examples = `
Examples:
  c1m run http://localhost:8080/                      50 connections for 10 s, as fast as it goes
  c1m run -c 10k -d 30s http://localhost:8080/        10,000 connections
  c1m run -R 2k -d 30s http://localhost:8080/         2,000 requests/s, whatever the server does
  c1m run -R 100:5k -d 1m http://localhost:8080/      a ramp from 100 to 5,000 requests/s
  c1m run -n 100000 http://localhost:8080/            exactly so many requests
  c1m run --body '{"a":{seq}}' http://localhost:8080/echo
                                                      a POST of JSON; --body @order.json of a file
  c1m run ws://localhost:8080/chat --body 'hello {seq}' -R 1k
                                                      1,000 messages/s over WebSockets
  c1m run ws://localhost:8080/room --fan-out --body 'hello {seq}' -c 1000 -R 10
                                                      one publishes, 999 receive: reach, latency
  c1m run --grpc helloworld.Greeter/SayHello --proto hello.proto --data '{"name":"{seq}"}' \
    --streams 10 http://localhost:50051/              calls of gRPC, ten at once on each connection
  c1m run --grpc chat.Chat/Talk --ping-pong --data '{"text":"{seq}"}' -R 1k http://localhost:50051/
                                                      1,000 messages/s on calls that are held open
  c1m run -d 5s go-bare                               a reference server, started and measured
  c1m run -d 5s ./server                              your own, a folder with a target.yaml
  c1m run --pid 4711 http://localhost:8080/           with the memory and CPU of that process
  c1m run --stream --body @prompt.json http://localhost:8000/v1/completions
                                                      time to the first event, and between events
  sudo c1m run --sched ebpf -R 1k -d 5s go-bare       with the delay until it takes each request
  c1m run --fail-if 'p99<=20ms' --fail-if 'errors==0' http://localhost:8080/
                                                      both must hold, or it exits with 3
  c1m run unix:/run/app.sock                          over a Unix socket; with a path after it:
                                                      unix:/run/app.sock:/path
  c1m run --json http://localhost:8080/ > result.json`;

export function runCommand(invocation: Invocation): Command {
  return new StreamsCommand('run')
    .description('load a URL, or a target that is started for it, and show its latency')
    .argument(
      '<url...>',
      'such as http://localhost:8080/path (http:// may be left out), or a target:\n' +
        'its name, or its folder as . or ./server;\n' +
        'ports as in http://127.0.0.1:9100-9155/, or several URLs, share the connections',
    )
    .option('--pid <pid>', 'the process of the server, to measure its memory and CPU as well')
    .addOption(
      new Option('--sched <how>', 'watch how the server is scheduled (default: off)').choices(
        schedulingChoices,
      ),
    )
    .option('--probe', 'of a target: ask each second what its runtime says of itself')
    .option('--targets <dir...>', 'folders with further targets')
    .option(
      '-c, --connections <n>',
      'connections held open: 100, 10k, 1M, or a ramp 10:1k (default: 50)',
    )
    .option('-d, --duration <time>', 'how long: 10s, 2m, 1m30s (default: 10s, or as -n takes)')
    .option('-n, --requests <n>', 'exactly so many requests, or what the duration allows')
    .option(
      '-R, --rate <rate>',
      'open workload: requests per second, 10k, 2.5k/s, or a ramp 100:5k',
    )
    .option('-t, --threads <n>', 'worker threads (default: half of the CPUs, at most 4)')
    .option('--warmup <time>', 'load of the same shape before, that does not count')
    .option('--timeout <time>', 'longest wait for a response or a connection (default: 10s)')
    .option('--deadline <time>', 'with --rate: do not send what is later than this already')
    .option('--method <method>', 'GET, or POST where there is a body')
    .option('-H, --header <header>', "'Name: value'; may be repeated", collect)
    .option(
      '--body <text>',
      'what to send: JSON as application/json, else as text/plain, unless -H says otherwise;\n' +
        '@file sends a file as it is, @- standard input, @@ begins a text with @',
    )
    .option('--body-file <file>', 'as --body @file')
    .option('--grpc <method>', 'call package.Service/Method over HTTP/2; -H gives metadata')
    .option('--proto <file>', 'a .proto file that defines it; may be repeated', collect)
    .option('--proto-path <dir>', 'where what it imports is looked for; may be repeated', collect)
    .option(
      '--data <json>',
      'with --grpc: the message, or a list of them, with placeholders; @file reads it (default: {})',
    )
    .option(
      '--ping-pong',
      'with --grpc: hold each call open, and send message after message on it; a message\n' +
        'and the next one that comes back count as a request',
    )
    .option('--no-keepalive', 'a new connection for each request')
    .option('--scenario <file>', 'a scenario file, or the name of a built-in one')
    .option('--seed <n>', 'of random choices, so that a run repeats')
    .option('--connect-timeout <time>', 'longest wait for a connection')
    .option('--connect-rate <rate>', 'connections opened per second at the most: 500, 10k')
    .option('--local-ips <list>', 'addresses of this host to come from: 10.0.0.1-10.0.0.20')
    .option(
      '--stream [format]',
      'read the response as a stream of events: sse, ndjson, or by its Content-Type (default)',
    )
    .option('--http2', 'HTTP/2: by ALPN for https, else by prior knowledge')
    .option(
      '--streams <n>',
      `with --http2: requests at once on each connection, 1 to ${mostStreams}`,
    )
    .option('--websocket', 'messages over WebSockets, of a target; a ws:// URL says so itself')
    .option(
      '--fan-out',
      'of WebSockets: one connection publishes at --rate, all others receive; {seq} in the\n' +
        'body tells messages apart',
    )
    .option('--insecure', 'accept certificates that cannot be verified')
    .option('--cacert <file>', 'who may have signed the server’s certificate (PEM)')
    .option('--cert <file>', 'a certificate of the client’s own (PEM), with --key')
    .option('--key <file>', 'its private key (PEM; default: in the same file)')
    .option('--tls-min <version>', 'the lowest version of TLS: 1.2 or 1.3 (default: 1.2)')
    .option('--tls-max <version>', 'the highest (default: 1.3)')
    .option('--servername <name>', 'the name that is asked for (SNI), and that is verified')
    .option('--no-resume', 'a full TLS handshake for each connection')
    .option(
      '--connect-to <host:port:host:port>',
      'connect elsewhere, as curl has it; may be repeated',
      collect,
    )
    .option(
      '--resolve <host:port:address>',
      'the address of a host, as curl has it; may be repeated',
      collect,
    )
    .option('--unix <path>', 'connect to this Unix socket (as curl’s --unix-socket)')
    .option('--proxy-protocol <version>', 'begin each connection with a PROXY header: v1 or v2')
    .addOption(new Option('--engine <name>', 'what makes the load').choices(engineChoices))
    .option('--load-cpus <list>', 'CPUs of the load, such as 0-3')
    .option('--target-cpus <list>', 'CPUs of a target that c1m starts')
    .option('--memory-limit <limit>', 'of what is available: 80%, or 12GiB (default: 80%)')
    .option(
      '--fail-if <condition>',
      "what must hold, such as 'p99<=20ms': if it does not, exit with 3; may be repeated",
      collect,
    )
    .option('--json', 'print the result document, and nothing else, on standard output')
    .option('-o, --output <dir>', 'keep the result and the histograms in this folder')
    .option('--no-live', 'on a terminal too, progress as a line every five seconds')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', examples)
    .action(async (urls: string[], flags: RunCommandFlags) => {
      const { runAction } = await import('./run-action.js');
      invocation.ended(await runAction(urls, flags, invocation.heed()));
    });
}
