import { Command, type ParseOptionsResult } from 'commander';
import { streamFormats } from '../config/stream-format.js';

/** A command with `--stream`: what follows that may be a URL, and is its value only where it is a format. */
export class StreamsCommand extends Command {
  override parseOptions(argv: string[]): ParseOptionsResult {
    const formats: readonly string[] = streamFormats;
    return super.parseOptions(
      argv.map((word, place) =>
        word === '--stream' && !formats.includes(argv[place + 1] ?? '') ? '--stream=auto' : word,
      ),
    );
  }
}
