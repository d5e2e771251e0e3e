/** The newest of a kind of result, kept until another is asked for. */

export class Latest<Result> {
  #key: string | null = null;
  #result: Promise<Result> | null = null;

  /** It is kept, or being made. */
  has(key: string): boolean {
    return this.#key === key && this.#result !== null;
  }

  /** What `make` made for this key; what fails is not kept. */
  get(key: string, make: () => Promise<Result>): Promise<Result> {
    if (this.#key === key && this.#result) return this.#result;
    const result = make();
    this.#key = key;
    this.#result = result;
    result.catch(() => {
      if (this.#result === result) this.#result = null;
    });
    return result;
  }
}
