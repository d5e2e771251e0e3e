/** Work that is done one piece after the other, what is urgent first. */

interface Waiting {
  readonly work: () => Promise<void>;
  readonly isUrgent: () => boolean;
  readonly done: () => void;
}

export class Turns {
  #waiting: Waiting[] = [];
  #isWorking = false;
  readonly #claimed = new Set<string>();

  /** Resolves when `work`, which must not throw, has had its turn. */
  take(work: () => Promise<void>, isUrgent: () => boolean): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ work, isUrgent, done });
      void this.#goOn();
    });
  }

  /** False while somebody else holds it. */
  claim(name: string): boolean {
    if (this.#claimed.has(name)) return false;
    this.#claimed.add(name);
    return true;
  }

  release(name: string): void {
    this.#claimed.delete(name);
  }

  async #goOn(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      const urgent = this.#waiting.findIndex(({ isUrgent }) => isUrgent());
      const [next] = this.#waiting.splice(Math.max(urgent, 0), 1);
      await next.work();
      next.done();
    }
    this.#isWorking = false;
  }
}
