"""The spaCy component `intent_linear`, and the Tagger that the hub asks for tags.

The component follows spaCy's own ways (`initialize`, `pipe`, `score`, `to_disk`, `from_disk`), so `nlp.evaluate`
and `spacy train` work on it. Anything a customer can type gets a tag; what the model does not know is "unknown".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import spacy
from spacy.language import Language as Pipeline
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from nlp import heads
from nlp.entities import Entity, entities
from nlp.errors import BrokenModel
from nlp.features import Floats
from nlp.heads import Heads, Other, cut, further
from nlp.intents import UNKNOWN
from nlp.language import Language, language
from nlp.signs import NO_SIGNS, Mood, Signs, signs
from nlp.versions import CURRENT as CURRENT
from nlp.versions import current_version as current_version
from nlp.words import MOST_CHARS, Words, words

Band = Literal["route", "suggest", "default"]
MOST_AT_ONCE = 64


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """What one message wants: `band` says whether to route by it, only suggest it, or use the default queue.

    `others` are the further wishes of a message that has several; `urgent` and `mood` are signs by rule.
    """

    intent: str
    confidence: float
    language: Language
    band: Band
    entities: list[Entity]
    words: list[str]
    model: str
    others: list[Other] = []
    urgent: bool = False
    mood: Mood = "plain"


class _Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The component's part of a tag."""

    intent: str
    confidence: float
    band: Band
    words: list[str]
    cats: dict[str, float]
    others: list[Other] = []
    signs: Signs = NO_SIGNS


class IntentLinear:
    """Intents by a linear model over hashed n-grams; without weights it abstains on everything."""

    def __init__(self, vocab: Any, name: str = "intent_linear") -> None:
        self.vocab = vocab
        self.name = name
        self.heads: Heads | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents that it was taught; empty before `initialize` or `from_disk`."""
        return self.heads.labels if self.heads else ()

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc.cats` to the probability of each intent and `doc._.verdict` to the decision."""
        self._settle([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = MOST_AT_ONCE) -> Iterator[Doc]:
        """The same for many, in order; a batch costs a fraction of its messages one by one."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            yield from self._settle(batch)

    def _settle(self, docs: list[Doc]) -> list[Doc]:
        texts = [doc.text for doc in docs]
        languages: list[Language] = [doc._.spoken or language(text) for doc, text in zip(docs, texts, strict=True)]
        for doc, spoken, verdict in zip(docs, languages, self.verdicts(texts, languages), strict=True):
            doc._.spoken = spoken
            doc.cats = verdict.cats
            doc._.verdict = verdict
        return docs

    def verdicts(self, texts: Sequence[str], languages: Sequence[Language]) -> list[_Verdict]:
        """Decide on a batch; messages without any known word are unknown."""
        if self.heads is None or not texts:
            return [_abstain({}) for _ in texts]
        heads, batch, pieces = self.heads, [words(text) for text in texts], cut(texts)
        found = heads.judge(batch, languages, pieces.words)
        best = found.confidence.argmax(axis=1)
        carriers = heads.linear.carriers(found.rows, best, batch)
        others = further(heads.labels, found.parts, pieces, best.tolist(), heads.linear.settings.other)
        known = found.rows.start[1:] > found.rows.start[:-1]
        seen = [_Seen(*each) for each in zip(texts, batch, carriers, others, strict=True)]
        return [
            _verdict(heads, found.raw[i], found.confidence[i], languages[i], seen[i]) if known[i] else _abstain({})
            for i in range(len(texts))
        ]

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Pipeline | None = None, labels: object = None
    ) -> None:
        """Learn from examples whose `cats` name one intent each; this is the whole training, there is no `update`."""
        from nlp.examples import Row  # training pulls in scikit-learn, which a tagging process must not pay for
        from nlp.train import fit

        gold = [(example.reference.text, example.reference.cats) for example in get_examples()]
        rows = [Row(text=text, intent=max(cats, key=lambda name: cats[name])) for text, cats in gold if cats]
        self.heads = fit(rows)

    def score(self, examples: Iterable[Example], **_: object) -> dict[str, Any]:
        """spaCy's category scores, for `nlp.evaluate`."""
        return Scorer.score_cats(examples, "cats", labels=self.labels, multi_label=False)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model into `path`; before `initialize` there is nothing to write."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        if self.heads is not None:
            heads.write(self.heads, folder)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "IntentLinear":
        """Load what `to_disk` wrote. Raises BrokenModel and keeps the old weights when it cannot be read."""
        self.heads = heads.read(Path(path))
        return self


class _Seen(NamedTuple):
    """A message in the forms that a verdict needs beside its scores."""

    text: str
    words: Words
    carriers: list[str]
    others: list[Other]


def _verdict(heads: Heads, raw: Floats, confidence: Floats, spoken: Language, seen: _Seen) -> _Verdict:
    cats = dict(zip(heads.labels, confidence.tolist(), strict=True))
    threshold, found = heads.threshold(spoken), signs(seen.words, seen.text)
    if raw.max() < threshold.known:
        return _abstain(cats, found)
    best = int(confidence.argmax())
    sure = float(confidence[best])
    band: Band = "route" if sure >= threshold.route else "suggest"
    return _Verdict(
        intent=heads.labels[best],
        confidence=sure,
        band=band,
        words=seen.carriers,
        cats=cats,
        others=seen.others,
        signs=found,
    )


def _abstain(cats: dict[str, float], found: Signs = NO_SIGNS) -> _Verdict:
    confidence = max(cats.values(), default=0.0)
    return _Verdict(intent=UNKNOWN, confidence=confidence, band="default", words=[], cats=cats, signs=found)


@Pipeline.factory("intent_linear", assigns=["doc.cats", "doc._.verdict"], default_score_weights={"cats_macro_f": 1.0})
def _make(nlp: Pipeline, name: str) -> IntentLinear:
    return IntentLinear(nlp.vocab, name)


for name in ("verdict", "spoken"):
    if not Doc.has_extension(name):
        Doc.set_extension(name, default=None)


def blank() -> Pipeline:
    """An untaught pipeline: spaCy's language-neutral tokeniser and the component."""
    pipeline = spacy.blank("xx")
    pipeline.add_pipe("intent_linear")
    return pipeline


class Tagger:
    """A loaded pipeline and its version; not safe to share between threads, cheap to replace by another one."""

    def __init__(self, pipeline: Pipeline, version: str) -> None:
        component = pipeline.get_pipe("intent_linear")
        assert isinstance(component, IntentLinear)
        self.pipeline, self.component, self.version = pipeline, component, version

    def tag(self, texts: Sequence[str], spoken: Language | None = None) -> list[Tag]:
        """One tag a text, in order. Never raises for what a customer wrote; only the first 2,000 characters count.

        `spoken` says the language of all of them; without it each is guessed. The component is asked without spaCy's
        documents round the texts: it reads none of their tokens, and they would cost a tenth of the time.
        """
        capped = [text[:MOST_CHARS] for text in texts]
        languages: list[Language] = [spoken or language(text) for text in capped]
        parts = range(0, len(capped), MOST_AT_ONCE)
        verdicts = [
            verdict
            for part in (slice(start, start + MOST_AT_ONCE) for start in parts)
            for verdict in self.component.verdicts(capped[part], languages[part])
        ]
        return [self._tag(*seen) for seen in zip(capped, languages, verdicts, strict=True)]

    def _tag(self, text: str, spoken: Language, verdict: _Verdict) -> Tag:
        return Tag(
            intent=verdict.intent,
            confidence=round(verdict.confidence, 3),
            language=spoken,
            band=verdict.band,
            entities=entities(text),
            words=verdict.words,
            model=self.version,
            others=verdict.others,
            urgent=verdict.signs.urgent,
            mood=verdict.signs.mood,
        )


def load(models: Path) -> Tagger:
    """The current model of a models folder. Raises BrokenModel, in one line, when it is missing or damaged."""
    version = current_version(models)
    return load_version(models / version)


def beside(models: Path) -> Tagger:
    """The current model for a process that has loaded one before; its numbers only, without spaCy's own loading.

    May run in a thread beside a Tagger that works. Raises BrokenModel.
    """
    version = current_version(models)
    pipeline = blank()
    component = pipeline.get_pipe("intent_linear")
    assert isinstance(component, IntentLinear)
    component.from_disk(models / version / "intent_linear")
    fresh = Tagger(pipeline, version)
    fresh.tag(["a"])  # the first call builds caches
    return fresh


def load_version(folder: Path) -> Tagger:
    """The model of one version's folder. Raises BrokenModel."""
    if not (folder / "meta.json").is_file():
        raise BrokenModel(f"The model {folder} is missing or incomplete; train again with: hub intents train")
    try:
        pipeline = spacy.load(folder)
    except BrokenModel:
        raise
    except Exception as why:  # spaCy, thinc and confection each raise their own for a damaged folder
        raise BrokenModel(f"The model {folder} cannot be loaded ({type(why).__name__}); train again") from why
    pipeline("")  # the first call builds caches; a customer's message should not pay for them
    return Tagger(pipeline, folder.name)
