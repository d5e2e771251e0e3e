/** A value that components can watch (`useSyncExternalStore`). */

export class Observable<Value> {
  #value: Value;
  readonly #watchers = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  set(value: Value): void {
    this.#value = value;
    for (const watcher of this.#watchers) watcher();
  }

  change(change: Partial<Value>): void {
    this.set({ ...this.#value, ...change });
  }
}
