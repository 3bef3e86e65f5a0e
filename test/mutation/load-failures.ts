import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Makes an error of the run out of a test file that cannot be loaded. Vitest ends such a run with a failure, but Stryker looks at tests
 * alone: a defect that breaks what a file does before its first test would leave no test to fail, and pass for one that nobody noticed.
 */
export class LoadFailures implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestModuleEnd(module: TestModule): void {
    const [first] = module.errors();
    if (first) this.vitest?.state.catchError(new Error(`${module.moduleId}: ${first.message}`), 'Unhandled Error');
  }
}
