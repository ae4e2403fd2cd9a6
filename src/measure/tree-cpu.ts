import type { ProcessTree, TreeProcess } from './process-tree.js';
import { readStat, type ProcessStat } from './procfs.js';
import { systemConstants } from './system-constants.js';

interface Account {
  last: ProcessStat | null;
  /** What waited-for children brought since the last update. */
  bornUser: number;
  bornSystem: number;
  /** The part of that which was counted while those children lived. */
  knownUser: number;
  knownSystem: number;
}

/**
 * CPU time of a process tree, each child once. The kernel adds a child's time to its parent's
 * `cutime` when the parent waits for it, so children too short to be seen still count; those that
 * had been seen are taken off that sum. A child that ends without being waited for (its parent
 * ignores SIGCHLD, or has ended) counts until it was last seen.
 */
export class TreeCpu {
  readonly #accounts = new Map<number, Account>();
  #userTicks = 0;
  #systemTicks = 0;

  get userSeconds(): number {
    return this.#userTicks / systemConstants.ticksPerSecond;
  }

  get systemSeconds(): number {
    return this.#systemTicks / systemConstants.ticksPerSecond;
  }

  /** Starts again from zero. */
  reset(): void {
    this.#userTicks = 0;
    this.#systemTicks = 0;
  }

  /** Reads every member once (10 µs each) and removes those that have ended; returns the ended ones. */
  update(tree: ProcessTree): TreeProcess[] {
    const ended: TreeProcess[] = [];
    // Parents come before children. Were a child read first and waited for next, the time that its
    // parent then shows would hold it a second time; this way a child that is missing tells of it.
    for (const member of tree.members) if (!this.#read(member)) ended.push(member);
    for (const member of ended) tree.remove(member);
    for (const member of ended) this.#passOn(member);
    for (const member of ended) this.#accounts.delete(member.pid);
    this.#settle();
    return ended;
  }

  #read({ pid, startTicks }: TreeProcess): boolean {
    const stat = readStat(pid);
    if (stat?.startTicks !== startTicks) return false;
    const account = this.#accounts.get(pid) ?? newAccount();
    this.#accounts.set(pid, account);
    const { last } = account;
    this.#userTicks += stat.userTicks - (last?.userTicks ?? 0);
    this.#systemTicks += stat.systemTicks - (last?.systemTicks ?? 0);
    account.bornUser += stat.childrenUserTicks - (last?.childrenUserTicks ?? 0);
    account.bornSystem += stat.childrenSystemTicks - (last?.childrenSystemTicks ?? 0);
    account.last = stat;
    return true;
  }

  /** Tells the nearest living ancestor what of the ended child's time has been counted already. */
  #passOn({ pid }: TreeProcess): void {
    const last = this.#accounts.get(pid)?.last ?? null;
    if (last === null) return;
    let heir = last.parentPid;
    for (;;) {
      const account = this.#accounts.get(heir);
      const seen = account?.last ?? null;
      if (account === undefined || seen === null) return; // outside the tree
      // Read again: had it waited for the child only after it was read, the child would be missing.
      if (this.#read({ pid: heir, startTicks: seen.startTicks })) {
        account.knownUser += last.userTicks + last.childrenUserTicks;
        account.knownSystem += last.systemTicks + last.childrenSystemTicks;
        return;
      }
      heir = seen.parentPid;
    }
  }

  #settle(): void {
    for (const account of this.#accounts.values()) {
      this.#userTicks += Math.max(0, account.bornUser - account.knownUser);
      this.#systemTicks += Math.max(0, account.bornSystem - account.knownSystem);
      account.bornUser = account.bornSystem = account.knownUser = account.knownSystem = 0;
    }
  }
}

function newAccount(): Account {
  return { last: null, bornUser: 0, bornSystem: 0, knownUser: 0, knownSystem: 0 };
}
