/** What an amount would fetch, asked for a moment after it was typed. */

import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";

import { asProblem, type Problem } from "@/api/client";
import { language } from "@/i18n/language";

const WAIT_MS = 250;

/**
 * Ask for a quote of what `amount` names; nothing is asked while it is null.
 *
 * @param amount - What is typed, null while it is no amount that can be asked for.
 * @param ask - The call.
 * @returns The latest quote, null while none fits what is typed.
 */
export function quoting<T>(
  amount: () => string | null,
  ask: (amount: string, signal: AbortSignal) => Promise<T>,
): { quote: ShallowRef<T | null>; problem: ShallowRef<Problem | null>; busy: Ref<boolean>; again: () => void } {
  const quote = shallowRef<T | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const busy = ref(false);
  let running = new AbortController();
  let waiting = 0;

  async function work(wanted: string): Promise<void> {
    const mine = (running = new AbortController());
    try {
      const answer = await ask(wanted, mine.signal);
      if (!mine.signal.aborted) {
        quote.value = answer;
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

  function again(): void {
    running.abort();
    clearTimeout(waiting);
    quote.value = null;
    problem.value = null;
    const wanted = amount();
    busy.value = wanted !== null;
    if (wanted !== null) {
      waiting = window.setTimeout(() => void work(wanted), WAIT_MS);
    }
  }

  watch([amount, language], again, { immediate: true });
  onScopeDispose(() => {
    running.abort();
    clearTimeout(waiting);
  });
  return { quote, problem, busy, again };
}
