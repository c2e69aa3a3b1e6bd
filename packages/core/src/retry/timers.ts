import { type Clock, MAX_TIMER_MS } from "./clock.ts";

/** Something that will ring unless it is stopped. */
export interface Alarm {
  /** Called once, when the time is over. */
  ring: () => void;
  due: number;
  queue: Queue | null;
  previous: Alarm | null;
  next: Alarm | null;
}

// All alarms of one duration ring in the order they were set, so one timer, for the first of them, is enough.
interface Queue {
  readonly ms: number;
  first: Alarm | null;
  last: Alarm | null;
  /** The timer of the first alarm; `null` when there is none. */
  timer: { readonly handle: unknown; readonly by: unknown } | null;
}

/** Durations whose timer stays when no alarm needs it. */
const KEPT = 16;

/** Sets alarms of a few durations by the thousand, at the price of one timer per duration. */
export interface Timers {
  /** Rings once in `ms`; `Infinity` never rings. `now` is what the clock says. */
  set(ring: () => void, ms: number, now: number): Alarm | null;
  /** Takes the alarm back; nothing happens when it has rung or was taken back. */
  clear(alarm: Alarm | null): void;
}

/**
 * Makes timers that share: a call that ends in time costs two list operations instead of a timer of the runtime.
 *
 * @param clock its timers are set as background timers: they only guard work that keeps the process alive itself
 */
export function createTimers(clock: Clock): Timers {
  const queues = new Map<number, Queue>();

  function arm(queue: Queue, wait: number): void {
    const handle = clock.set(() => sweep(queue), Math.min(Math.max(0, Math.ceil(wait)), MAX_TIMER_MS), true);
    queue.timer = { handle, by: globalThis.setTimeout };
  }

  /** A test that fakes the timers of the platform, and takes them away again, takes ours with them. */
  function isArmed({ timer }: Queue): boolean {
    return timer !== null && timer.by === globalThis.setTimeout;
  }

  function sweep(queue: Queue): void {
    queue.timer = null;
    const now = clock.now();
    while (queue.first !== null && queue.first.due <= now) {
      const { ring } = queue.first;
      remove(queue.first);
      ring();
    }
    if (queue.first !== null && !isArmed(queue)) arm(queue, queue.first.due - now);
    // A duration that is not in use takes no memory.
    if (queue.first === null) queues.delete(queue.ms);
  }

  return {
    set(ring, ms, now) {
      if (ms === Infinity) return null;
      let queue = queues.get(ms);
      if (queue === undefined) queues.set(ms, (queue = { ms, first: null, last: null, timer: null }));
      const alarm: Alarm = { ring, due: now + ms, queue, previous: queue.last, next: null };
      if (queue.last === null) queue.first = alarm;
      else queue.last.next = alarm;
      queue.last = alarm;
      if (!isArmed(queue)) arm(queue, ms);
      return alarm;
    },
    clear(alarm) {
      if (alarm === null || alarm.queue === null) return;
      const { queue } = alarm;
      remove(alarm);
      // The timer of a duration in use stays for the next call; those of many odd ones would pile up.
      if (queue.first !== null || queues.size <= KEPT) return;
      clock.clear(queue.timer?.handle);
      queues.delete(queue.ms);
    },
  };
}

function remove(alarm: Alarm): void {
  const queue = alarm.queue!;
  if (alarm.previous === null) queue.first = alarm.next;
  else alarm.previous.next = alarm.next;
  if (alarm.next === null) queue.last = alarm.previous;
  else alarm.next.previous = alarm.previous;
  alarm.queue = alarm.previous = alarm.next = null;
}

const shared: WeakMap<Clock, Timers> = /* @__PURE__ */ new WeakMap();

/** The timers of a clock: one set for all who use it. */
export function timersOf(clock: Clock): Timers {
  const timers = shared.get(clock) ?? createTimers(clock);
  // workerd ends the timers of a request with the request: one that others wait for would never ring.
  if (globalThis.navigator?.userAgent !== "Cloudflare-Workers") shared.set(clock, timers);
  return timers;
}
