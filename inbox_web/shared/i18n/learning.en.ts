// The page about learning from corrected tags in English. learning.vi.ts is held to the same keys by its type.

export const learning = {
  title: "Learning", what: "Colleagues correct tags in the inbox; the tagger learns from it.", model: "The model", waiting: (n: string) => `Corrections that the current model has not learnt: ${n}`, nothing: "The current model has learnt every correction.",
  serves: (version: string) => `In use: ${version}`, noModel: "There is no model yet. The first one is learnt when the hub starts.", train: "Train now", how: "Takes a minute or two beside the work. A new model serves only if it loses no more than 0.5 points overall and 3 in any intent, also for words typed without diacritics.",
  running: (who: string, n: string) => `Learning ${n === "1" ? "1 correction" : `${n} corrections`}, begun by ${who}`, step: { starting: "Getting ready", reading: "Reading the examples", fitting: "Learning the words", "second head": "Learning the network", calibrating: "Measuring how sure it is", judging: "Comparing with the current model" } as Record<string, string>, fold: (n: string, of: string) => `Part ${n} of ${of}`,
  back: "Go back to the former model", wentBack: "The former model is in use again", result: "The last training", by: (who: string, when: string) => `${who}, ${when}`,
  passed: "The gate holds: the new model is in use.", gone: "The gate held, but you went back: an earlier model is in use.", refused: "The gate does not hold: the new model loses too much, so the former one stays. Look again at the corrections of what is marked.", failed: (why: string) => `The training failed; the current model stays. ${why}`,
  measured: (n: string) => `Right tags, on ${n} messages that neither model had seen`, of: "Messages", before: "Before", after: "After", change: "Change", overall: "All", bare: "Without diacritics", bareOf: (name: string) => `${name}, without diacritics`, tooMuch: "too much",
  latest: "The latest corrections", none: "Nothing corrected yet", noneHow: "Press the intent of a message in a conversation to correct it.", untagged: "no tag", see: (text: string) => `See “${text}”`, to: "to",
};

export type LearningText = typeof learning;
