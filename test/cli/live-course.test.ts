import { describe, expect, it } from 'vitest';
import { BudgetCourse, TurnsCourse } from '../../src/cli/live-course.js';

describe('the course of several trials', () => {
  it('expects the trials to come to take as long as those before', () => {
    const course = new TurnsCourse();
    expect(course.at(0, null)).toBeNull();
    course.turn(0, 4, 'a', 100);
    // Nothing is known yet but what the trial itself says.
    expect(course.at(102, null)).toMatchObject({ share: 0, remainingSeconds: null });
    expect(course.at(102, 8)).toMatchObject({ share: 0.05, remainingSeconds: 8 + 30 });
    course.turn(1, 4, 'b', 120);
    expect(course.at(125, 5)).toMatchObject({ label: 'b', share: 0.3125, remainingSeconds: 55 });
    // One that takes longer than those before ends when it says so.
    expect(course.at(139, 10)?.remainingSeconds).toBe(50);
  });
});

describe('the course of a budget', () => {
  it('is what is left of it at the most', () => {
    const course = new BudgetCourse(10, 60);
    expect(course.at(40)).toMatchObject({ share: 0.5, remainingSeconds: 30, atMost: true });
    expect(course.at(90)).toMatchObject({ share: 1, remainingSeconds: 0 });
  });
});
