const GROWTH = 1.3;
const FLOOR = 0.02;

/** One step of a ramp, in ms. */
export const RAMP_STEP_MS = 1000;

/**
 * A slow return to full traffic: a share of the calls is let through, ×1.3 after each healthy second, half after one
 * with a failure, never less than 2 %. What was down comes back cold, and all calls at once would break it again.
 */
export interface Ramp {
  share: number;
  /** Each call adds `share`; a whole one lets a call through. */
  credit: number;
  stepEnd: number;
  /** What happened in this step. */
  passed: boolean;
  succeeded: boolean;
  failed: boolean;
}

/** @param phase from 0 to 1: where in the first round the first call gets through, so that instances differ */
export function startRamp(now: number, share: number, phase: number): Ramp {
  return { share, credit: phase, stepEnd: now + RAMP_STEP_MS, passed: false, succeeded: false, failed: false };
}

/** Brings a ramp up to date; true once its share is everything. */
export function climb(ramp: Ramp, now: number): boolean {
  while (now >= ramp.stepEnd && ramp.share < 1) {
    if (ramp.failed) ramp.share = Math.max(FLOOR, ramp.share / 2);
    // A step in which calls went out and none came back proves nothing: they may all be hanging.
    else if (ramp.succeeded || !ramp.passed) ramp.share *= GROWTH;
    ramp.passed = ramp.succeeded = ramp.failed = false;
    ramp.stepEnd += RAMP_STEP_MS;
  }
  return ramp.share >= 1;
}

/** Is the next call part of the share? */
export function pass(ramp: Ramp): boolean {
  ramp.credit += ramp.share;
  if (ramp.credit < 1) return false;
  ramp.credit -= 1;
  return (ramp.passed = true);
}
