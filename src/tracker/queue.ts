/** First in, first out, in constant time however long it gets; keeps nothing that was taken. */
export interface Queue<Item> {
  /** Puts an item at the end. */
  push(item: Item): void;
  /** Takes the first item; undefined when there is none. */
  shift(): Item | undefined;
}

/** An empty queue. */
export function createQueue<Item>(): Queue<Item> {
  // An array's own `shift` moves all the rest; reversing one half now and then moves each item once.
  let arrived: Item[] = [];
  let leaving: Item[] = [];
  return {
    push: (item) => void arrived.push(item),
    shift() {
      if (leaving.length === 0) {
        leaving = arrived.reverse();
        arrived = [];
      }
      return leaving.pop();
    },
  };
}
