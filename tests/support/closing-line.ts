import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the report with one plain line: how many tests passed and failed. A file that could not be loaded counts as a
 * failure.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter(
      (module) =>
        module.state() === 'failed' &&
        ![...module.children.allTests()].some((test) => test.result().state === 'failed'),
    ).length;
    const skipped = count('skipped');
    // After the default reporter's summary, which is printed later in the same turn.
    setImmediate(() =>
      process.stdout.write(
        `\n${count('passed')} passed, ${count('failed') + broken + errors.length} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
      ),
    );
  }
}
