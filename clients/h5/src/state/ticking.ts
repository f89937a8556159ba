/** The time, second by second, for as long as a page is open. */

import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from "vue";

const SECOND_MS = 1000;

/** Now, in milliseconds; it moves on once a second. */
export function ticking(): Ref<number> {
  const now = ref(Date.now());
  const clock = window.setInterval(() => {
    now.value = Date.now();
  }, SECOND_MS);
  onScopeDispose(() => {
    clearInterval(clock);
  });
  return now;
}

/** The seconds left until a moment: their number, and as a clock shows them. */
export function countdown(until: () => string): { seconds: ComputedRef<number>; clock: ComputedRef<string> } {
  const now = ticking();
  const seconds = computed(() => Math.max(0, Math.ceil((Date.parse(until()) - now.value) / SECOND_MS) || 0));
  const clock = computed(() => {
    const [minutes, rest] = [Math.floor(seconds.value / 60), seconds.value % 60];
    return `${String(minutes)}:${String(rest).padStart(2, "0")}`;
  });
  return { seconds, clock };
}

/** Do something again and again until the page is left or `stop` is called. */
export function polling(work: () => unknown, everyMs: number): { stop: () => void } {
  const clock = window.setInterval(() => {
    if (!document.hidden) {
      work();
    }
  }, everyMs);
  const stop = () => {
    clearInterval(clock);
  };
  onScopeDispose(stop);
  return { stop };
}
