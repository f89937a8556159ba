/** Loading something for a page, with its skeleton and its problem. */

import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";

import { asProblem, type Problem } from "@/api/client";
import { language } from "@/i18n/language";

export interface Asked<T> {
  /** What was answered; null until then. */
  value: ShallowRef<T | null>;
  problem: ShallowRef<Problem | null>;
  busy: Ref<boolean>;
  /** Ask again; what is shown stays until the answer comes. */
  again: () => Promise<void>;
}

/**
 * Ask the server now, again when `sources` or the language change, and stop when the page is left.
 *
 * @param ask - The call; it is given a signal that stops it.
 * @param sources - What the call depends on, as () => route.params.id.
 */
export function asking<T>(ask: (signal: AbortSignal) => Promise<T>, sources: () => unknown = () => null): Asked<T> {
  const value = shallowRef<T | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const busy = ref(false);
  let running = new AbortController();

  async function again(): Promise<void> {
    running.abort();
    const mine = (running = new AbortController());
    busy.value = true;
    problem.value = null;
    try {
      const answer = await ask(mine.signal);
      if (!mine.signal.aborted) {
        value.value = answer;
      }
    } catch (fault) {
      if (!mine.signal.aborted) {
        problem.value = asProblem(fault);
      }
    } finally {
      if (!mine.signal.aborted) {
        busy.value = false;
      }
    }
  }

  watch([sources, language], () => void again(), { immediate: true });
  onScopeDispose(() => {
    running.abort();
  });
  return { value, problem, busy, again };
}

/** A write that a button starts: it runs once at a time, and keeps its problem. */
export function doing(): {
  busy: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  run: <T>(work: () => Promise<T>) => Promise<T | undefined>;
} {
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);
  async function run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (busy.value) {
      return undefined;
    }
    busy.value = true;
    problem.value = null;
    try {
      return await work();
    } catch (fault) {
      problem.value = asProblem(fault);
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  return { busy, problem, run };
}
