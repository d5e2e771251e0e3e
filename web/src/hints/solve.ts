/** Linear equations by Gauss's elimination with pivots. */

/** x of matrix · x = goal. Throws `RangeError` for equations that have no one solution. */
export function solved(matrix: readonly (readonly number[])[], goal: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, goal[index]]);
  const size = goal.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const largest = rows.reduce(
      (best, row, index) =>
        index >= pivot && Math.abs(row[pivot]) > Math.abs(rows[best][pivot]) ? index : best,
      pivot,
    );
    [rows[pivot], rows[largest]] = [rows[largest], rows[pivot]];
    if (rows[pivot][pivot] === 0) throw new RangeError("the equations have no one solution");
    for (let index = pivot + 1; index < size; index++) {
      const factor = rows[index][pivot] / rows[pivot][pivot];
      for (let at = pivot; at <= size; at++) rows[index][at] -= factor * rows[pivot][at];
    }
  }
  const found = Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    const known = found.reduce((sum, value, at) => sum + (at > row ? value * rows[row][at] : 0), 0);
    found[row] = (rows[row][size] - known) / rows[row][row];
  }
  return found;
}
