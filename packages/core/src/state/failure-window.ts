const BUCKETS = 10;

/** What became of the latest calls. A window of time, cut into ten buckets: what is older than the window is gone. */
export interface FailureWindow {
  readonly bucketMs: number;
  /** Failures since the last success. */
  inARow: number;
  /** The number of the bucket that was written last. */
  latest: number;
  /** Successes and failures in turn, for each bucket. */
  readonly counts: number[];
}

export function failureWindow(windowMs: number): FailureWindow {
  return { bucketMs: windowMs / BUCKETS, inARow: 0, latest: 0, counts: Array<number>(BUCKETS * 2).fill(0) };
}

/** Counts one outcome. */
export function count(window: FailureWindow, now: number, failed: boolean): void {
  const bucket = Math.floor(now / window.bucketMs);
  // All that was not written since is cleared here, not by a timer: after a long silence that is every bucket.
  if (bucket - window.latest >= BUCKETS) window.inARow = 0;
  for (let old = Math.max(window.latest, bucket - BUCKETS) + 1; old <= bucket; old++) {
    window.counts.fill(0, (old % BUCKETS) * 2, (old % BUCKETS) * 2 + 2);
  }
  window.latest = bucket;
  window.inARow = failed ? window.inARow + 1 : 0;
  window.counts[(bucket % BUCKETS) * 2 + Number(failed)]! += 1;
}

/** How many calls are in the window, and which share of them failed. Up to date after `count`. */
export function failureRate({ counts }: FailureWindow): { readonly calls: number; readonly rate: number } {
  let calls = 0;
  let failures = 0;
  counts.forEach((n, index) => {
    calls += n;
    failures += n * (index % 2);
  });
  return { calls, rate: failures / calls };
}
