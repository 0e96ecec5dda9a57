/** Something that the person at the keyboard can mend: the message is one line that says what is wrong and what to do. */
export class Failure extends Error {
  name = 'Failure';
}

/** Runs `main` and ends the process with its exit code, or with 1 and one line. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
