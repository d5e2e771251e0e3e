/** What was before and what was undone. */

export interface History<State> {
  readonly past: readonly State[];
  readonly now: State;
  readonly future: readonly State[];
  /** What the last change was about: another of the same kind soon after joins it. */
  readonly topic: string | null;
}

export function historyOf<State>(now: State): History<State> {
  return { past: [], now, future: [], topic: null };
}

/** With a topic, as while a slider is dragged, changes in a row are one step. */
export function changed<State>(
  history: History<State>,
  now: State,
  topic: string | null = null,
): History<State> {
  const joins = topic !== null && topic === history.topic;
  const past = joins ? history.past : [...history.past, history.now];
  return { past, now, future: [], topic };
}

export function undone<State>({ past, now, future, ...rest }: History<State>): History<State> {
  const before = past.at(-1);
  if (before === undefined) return { past, now, future, ...rest };
  return { past: past.slice(0, -1), now: before, future: [now, ...future], topic: null };
}

export function redone<State>({ past, now, future, ...rest }: History<State>): History<State> {
  const [after, ...later] = future;
  if (after === undefined) return { past, now, future, ...rest };
  return { past: [...past, now], now: after, future: later, topic: null };
}

/** The topic has ended, as when a slider is let go. */
export function settled<State>(history: History<State>): History<State> {
  return { ...history, topic: null };
}
