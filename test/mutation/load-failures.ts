import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Reports a test file that fails to load as an error of the run. Stryker looks at tests only: without this, a defect that breaks a file
 * before its first test would count as survived.
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
