import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * When a process started, as text that no other process with the same pid ever has; null where no such process runs (a
 * zombie does not run).
 * Pids are used again, after a restart of a container almost surely, so a pid alone tells nothing.
 */
export function processStart(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return null;
  if (process.platform === 'linux') return linuxStart(pid);
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || null
    );
  } catch {
    return null;
  }
}

/**
 * Whether `pid` runs and has `directory` as its working directory; where the system does not tell, whether it runs at
 * all.
 */
export function runsIn(pid: number, directory: string): boolean {
  if (processStart(pid) === null) return false;
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return false;
  }
}

/**
 * Processes of a program whose working directory is `directory`; none where the system does not tell (anything but
 * Linux). @param program as the kernel names it, at most 15 characters.
 */
export function processesIn(directory: string, program: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && nameOf(pid) === program && runsIn(pid, directory));
}

function nameOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Between two looks at a process that is no child of ours: of its end the system tells nobody else. */
const watchMilliseconds = 250;

/** Resolves when a process that is no child of ours has ended, also where its pid is used again at once. */
export async function untilEnded(pid: number): Promise<void> {
  const start = processStart(pid);
  if (start === null) return;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (processStart(pid) === start) return;
      clearInterval(timer);
      resolve();
    }, watchMilliseconds);
    timer.unref();
  });
}

/** Resolves to whether the process has ended within `milliseconds`. */
export async function endsWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (processStart(pid) !== null) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/** Sends a signal; a process that is already gone is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** proc(5): after the name in parentheses, field 3 is the state and field 22 the start in clock ticks since boot. */
function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}
