/** One step of the stop; the steps run in the reverse order of the start. */
export type Undo = () => void | Promise<void>;

/** Runs every step of the undoing, even after one fails; throws the first failure at the end. */
export async function unwind(undo: Undo[]): Promise<void> {
  const failures: unknown[] = [];
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
