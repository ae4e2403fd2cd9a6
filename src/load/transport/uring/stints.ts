/** Does a piece of work again and again while it says that there is more, and lets Node's event loop run in between. */
export function inStints(work: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const stint = (): void => {
      try {
        if (work()) setImmediate(stint);
        else resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    stint();
  });
}
