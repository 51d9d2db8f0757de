import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with one plain line that a program can read: how many tests passed and how many failed. */
export default function countReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
      const passed = states.filter((state) => state === 'passed').length;
      const failed = states.filter((state) => state === 'failed').length;
      const broken = modules.reduce((sum, module) => sum + errorsBesideTests(module), unhandledErrors.length);
      // At the very end of the process: what other reporters have to say comes before.
      process.once('exit', () => console.log(`${passed} passed, ${failed + broken} failed`));
    },
  };
}

/** A file that cannot be loaded and a hook that throws leave tests that never ran, and so did not fail. */
function errorsBesideTests(module: TestModule): number {
  const places = [module, ...module.children.allSuites()];
  return places.filter((place) => place.errors().length > 0).length;
}
