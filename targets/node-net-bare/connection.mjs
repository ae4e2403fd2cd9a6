import { answer } from './endpoints.mjs';
import { parseRequest } from './request.mjs';
import { continueHead, refusal, responseHead } from './response.mjs';

const lingerMs = 500;

/** Shorter bodies are sent in one piece with their heads, longer ones from where they are. */
const copiedBodyBytes = 8 * 1024;

const emptyBody = Buffer.alloc(0);

/**
 * One client. Its requests are answered in order, and what was received together is
 * answered together. While a request sleeps, or the client leaves its answers unread,
 * nothing more is read from it.
 */
export class Connection {
  #socket;
  /** The beginning of a request that is not whole yet, or what came behind a sleeping one. */
  #unread = [];
  #unreadBytes = 0;
  /** With less than this the request cannot be whole, so there is no use in looking. */
  #neededBytes = 0;
  /** Ready to be sent, a character per byte. */
  #out = '';
  #sleeping = false;
  #closing = false;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('drain', () => this.#readOn());
    // A client that leaves is nothing to report, and its socket closes by itself.
    socket.on('error', () => {});
  }

  #receive(chunk) {
    if (this.#closing) return;
    if (this.#unreadBytes > 0) {
      this.#keep(chunk);
      if (this.#unreadBytes >= this.#neededBytes) this.#serve(this.#takeUnread());
    } else {
      this.#serve(chunk);
    }
  }

  #serve(received) {
    let start = 0;
    while (start < received.length && !this.#sleeping && !this.#closing) {
      const served = this.#serveRequest(received, start);
      if (served === 0) break;
      start += served;
    }
    if (start < received.length) this.#keep(start === 0 ? received : received.subarray(start));
    this.#flush();
    if (this.#closing) this.#close();
  }

  /** Answers the request that starts there, and returns its bytes; 0 when it is not whole. */
  #serveRequest(received, start) {
    const request = parseRequest(received, start);
    if (request === undefined) return 0;
    if (request.refused !== 0) {
      this.#out += refusal(request.refused);
      this.#closing = true;
      return 0;
    }
    const bodyStart = start + request.headBytes;
    const end = bodyStart + request.bodyBytes;
    if (end > received.length) {
      if (request.expectsContinue && bodyStart === received.length) this.#out += continueHead;
      this.#neededBytes = end - start;
      return 0;
    }
    const body = request.bodyBytes === 0 ? emptyBody : received.subarray(bodyStart, end);
    const response = answer(request, body);
    if (response.sleepMs > 0) this.#sleep(response, request.closes);
    else this.#respond(response, request.closes);
    return end - start;
  }

  #respond({ status, type, body }, closes) {
    this.#closing = closes;
    this.#out += responseHead(status, type, body.length, closes);
    if (typeof body === 'string') this.#out += body;
    else if (body.length <= copiedBodyBytes) this.#out += body.latin1Slice();
    else this.#sendBehindOut(body);
  }

  /** Answers that are ready do not wait with it, requests behind it do. */
  #sleep(response, closes) {
    this.#sleeping = true;
    this.#socket.pause();
    setTimeout(() => {
      this.#sleeping = false;
      this.#respond(response, closes);
      this.#readOn();
      this.#serve(this.#takeUnread());
    }, response.sleepMs);
  }

  #readOn() {
    if (!this.#sleeping) this.#socket.resume();
  }

  #keep(chunk) {
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
  }

  #takeUnread() {
    const unread = this.#unread.length === 1 ? this.#unread[0] : Buffer.concat(this.#unread);
    this.#unread = [];
    this.#unreadBytes = 0;
    this.#neededBytes = 0;
    return unread;
  }

  #sendBehindOut(body) {
    this.#socket.cork();
    this.#flush();
    this.#stopReadingIf(!this.#socket.write(body));
    this.#socket.uncork();
  }

  #flush() {
    if (this.#out === '') return;
    this.#stopReadingIf(!this.#socket.write(this.#out, 'latin1'));
    this.#out = '';
  }

  /** A client that sends without reading would otherwise fill the memory with answers. */
  #stopReadingIf(unsent) {
    if (unsent) this.#socket.pause();
  }

  #close() {
    if (this.#unreadBytes === 0) {
      this.#socket.destroySoon();
      return;
    }
    // Closing on bytes that nobody read would reset the connection before the answer arrives.
    this.#unread = [];
    this.#socket.end();
    this.#socket.resume();
    setTimeout(() => this.#socket.destroy(), lingerMs);
  }
}
