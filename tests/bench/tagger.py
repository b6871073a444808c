"""How right, how sure and how fast is the tagger, on public sets and on the project's own messages?

Public sets lie outside the project; without them their rows say so. Own messages: five folds by twins, the whole
training each time, and the part that somebody wrote who saw only the list of intents. Times are CPU time of the thread
on one core: of each message written blind, once, after all that were learnt from have gone through (it keeps what it
knows of words, so a message that it saw before would not count).
A calibration error of few messages is mostly chance: beside it stands what a perfectly calibrated model would show.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from nlp.evaluate import Report, calibration_error, evaluate, heads_of
from nlp.examples import Row, blind, of_split, read_rows, shipped
from nlp.fold import fold
from nlp.heads import Heads, Judgement
from nlp.intents import UNKNOWN
from nlp.language import language
from nlp.plan import known
from nlp.tagger import Tagger, blank, load
from nlp.train import fit, folds, labels_of, train_to
from nlp.versions import make_current, put
from nlp.words import words
from tests.bench.figures import Figure, Goal, not_run, percentile
from tests.bench.house import Grounds
from tests.bench.tagger_speed import BATCH, measured, unseen

PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "data" / "intents"
ROUNDS = 3
MOST_S = 3_600.0  # twelve trainings; on a quiet machine they take eight minutes
RATE, SWAP_S = 200, 12.0


def _goal(what: str, unit: str, must: float, aim: float, *, less: bool = False) -> Goal:
    sense = "at most" if less else "at least"
    return Goal(what=what, unit=unit, must=must, aim=aim, sense=sense, issue="tagging-routing")


CLINC = _goal("CLINC150 in-scope accuracy", "%", 92.5, 93.5)
CLINC_AUROC = _goal("CLINC150 out-of-scope AUROC", "", 0.945, 0.96)
CLINC_RECALL = _goal("CLINC150 out-of-scope recall at 95 % kept", "", 0.74, 0.80)
CLINC_SURE = _goal("CLINC150 calibration error", "", 0.03, 0.02, less=True)
BANKING = _goal("Banking77 accuracy", "%", 91.5, 93)
BANKING_SURE = _goal("Banking77 calibration error", "", 0.03, 0.02, less=True)
RETRAIN = _goal("retraining 10,003 rows, 77 intents", "CPU s", 120, 20, less=True)
OWN = _goal("own messages, 5-fold by twin groups: accuracy", "%", 85, 93)
OWN_BARE = _goal("own messages, 5-fold: lost without diacritics", "points", 2, 0.5, less=True)
OWN_SURE = _goal("own messages, 5-fold: calibration error", "", 0.03, 0.02, less=True)
BLIND = _goal("own messages written blind: accuracy", "%", 85, 93)
BLIND_BARE = _goal("own messages written blind: lost without diacritics", "points", 2, 0.5, less=True)
BLIND_SURE = _goal("own messages written blind: calibration error", "", 0.03, 0.02, less=True)
P50 = _goal("one message, p50", "CPU ms", 1.5, 0.4, less=True)
P99 = _goal("one message, p99", "CPU ms", 2.5, 1.0, less=True)
BATCHES = _goal("batches of 64", "msg/CPU s", 1_000, 5_000)
DISK = _goal("model on disk", "MB", 25, 10, less=True)
MEMORY = _goal("memory added by loading", "MB", 150, 80, less=True)
LOST = _goal("hot swap under 200 messages/s: lost", "messages", 0, 0, less=True)
SWAP = _goal("hot swap under 200 messages/s: p99", "ms", 100, 20, less=True)
OF_CLINC = (CLINC, CLINC_AUROC, CLINC_RECALL, CLINC_SURE)
OF_BANKING = (BANKING, BANKING_SURE, RETRAIN)
GOALS = (*OF_CLINC, *OF_BANKING, OWN, OWN_BARE, OWN_SURE, BLIND, BLIND_BARE, BLIND_SURE)
GOALS += (P50, P99, BATCHES, DISK, MEMORY, LOST, SWAP)


async def run(grounds: Grounds) -> list[Figure]:
    models = Path(grounds.folder) / "tagger"
    version = await asyncio.to_thread(train_to, models)
    tagger = load(models)
    figures = [*await asyncio.to_thread(_speed, models), *_weight(models, version)]
    figures += await asyncio.to_thread(_swap, models, version)
    figures += await asyncio.to_thread(_blind, tagger)
    figures += await asyncio.to_thread(_own)
    figures += await asyncio.to_thread(_clinc)
    figures += await asyncio.to_thread(_banking)
    order = {goal.what: place for place, goal in enumerate(GOALS)}
    return sorted(figures, key=lambda figure: order[figure.goal.what])


# -- public sets ------------------------------------------------------------------------------------------------------


def _clinc() -> list[Figure]:
    found = _public("clinc150.jsonl", OF_CLINC)
    if isinstance(found, list):
        return found
    report, _ = found
    return [
        Figure(goal=CLINC, readings=(report.best_guess * 100,)),
        Figure(goal=CLINC_AUROC, readings=(report.outside_auroc or 0.0,)),
        Figure(goal=CLINC_RECALL, readings=(report.outside_recall or 0.0,)),
        Figure(goal=CLINC_SURE, readings=(report.calibration_error,)),
    ]


def _banking() -> list[Figure]:
    found = _public("banking77.jsonl", OF_BANKING)
    if isinstance(found, list):
        return found
    report, spent_s = found
    return [
        Figure(goal=BANKING, readings=(report.best_guess * 100,)),
        Figure(goal=BANKING_SURE, readings=(report.calibration_error,)),
        Figure(goal=RETRAIN, readings=(spent_s,)),
    ]


def _public(name: str, goals: Sequence[Goal]) -> tuple[Report, float] | list[Figure]:
    path = PUBLIC / name
    if not path.exists():
        return [
            not_run(goal, f"{name} is not on this machine: public sets are not part of the project") for goal in goals
        ]
    rows = read_rows(path)
    began = time.process_time()
    tagger = _tagger(fit(of_split(rows, "train")))
    spent_s = time.process_time() - began
    return evaluate(tagger, of_split(rows, "test")), spent_s


def _tagger(model: Heads) -> Tagger:
    tagger = Tagger(blank(), "bench")
    tagger.component.heads = model
    return tagger


# -- own messages -----------------------------------------------------------------------------------------------------


class _Judged:
    """Messages judged by models that did not see them, as written and without diacritics."""

    def __init__(self) -> None:
        self.sure: list[float] = []
        self.right: list[bool] = []
        self.bare: list[bool] = []
        self.linear: list[bool] = []
        self.marked: list[bool] = []  # has diacritics to lose

    def add(self, model: Heads, rows: Sequence[Row]) -> None:
        found = _judge(model, [row.text for row in rows])
        bare = _judge(model, [fold(row.text) for row in rows])
        truth = np.array([model.labels.index(row.intent) for row in rows])
        self.sure += found.confidence.max(axis=1).tolist()
        self.right += (found.confidence.argmax(axis=1) == truth).tolist()
        self.linear += (found.raw.argmax(axis=1) == truth).tolist()
        self.bare += (bare.confidence.argmax(axis=1) == truth).tolist()
        self.marked += [fold(row.text) != row.text for row in rows]

    def figures(self, right: Goal, bare: Goal, sure: Goal) -> list[Figure]:
        marked = np.array(self.marked)
        lost = (np.array(self.right)[marked].mean() - np.array(self.bare)[marked].mean()) * 100
        error = calibration_error(np.array(self.sure, dtype=np.float32), np.array(self.right))
        return [
            Figure(
                goal=right,
                readings=(float(np.mean(self.right)) * 100,),
                beside={"messages": f"{len(self.right):,}", "linear head alone": f"{np.mean(self.linear):.1%}"},
            ),
            Figure(goal=bare, readings=(float(lost),)),
            Figure(goal=sure, readings=(error,), beside={"perfectly calibrated": f"{_by_chance(self.sure):.3f}"}),
        ]


def _judge(model: Heads, texts: Sequence[str]) -> Judgement:
    return model.judge([words(text) for text in texts], [language(text) for text in texts])


def _by_chance(sure: Sequence[float]) -> float:
    """The median calibration error of a model that is right exactly as often as it says, on as many messages."""
    chance, said = np.random.default_rng(7), np.array(sure, dtype=np.float32)
    return float(np.median([calibration_error(said, chance.random(len(said)) < said) for _ in range(200)]))


def _own() -> list[Figure]:
    rows = known(shipped())
    label = np.array([labels_of(rows).index(row.intent) for row in rows])
    place = folds(rows, label, "bench")
    judged = _Judged()
    for number in range(5):
        model = fit([row for row, mine in zip(rows, place, strict=True) if mine != number])
        judged.add(model, [row for row, mine in zip(rows, place, strict=True) if mine == number])
    return judged.figures(OWN, OWN_BARE, OWN_SURE)


def _blind(tagger: Tagger) -> list[Figure]:
    judged = _Judged()
    judged.add(heads_of(tagger), [row for row in blind() if row.intent != UNKNOWN])
    return judged.figures(BLIND, BLIND_BARE, BLIND_SURE)


# -- speed and weight -------------------------------------------------------------------------------------------------


def _speed(models: Path) -> list[Figure]:
    runs = [[spent * 1000 for spent in measured(models, 1)] for _ in range(ROUNDS)]
    count = len(unseen())
    rates = [count / sum(measured(models, BATCH)) for _ in range(ROUNDS)]
    return [
        Figure(goal=P50, readings=tuple(percentile(run, 0.5) for run in runs), beside={"messages": f"{count:,}"}),
        Figure(goal=P99, readings=tuple(percentile(run, 0.99) for run in runs)),
        Figure(goal=BATCHES, readings=tuple(rates)),
    ]


_ADDED = """
import sys
from pathlib import Path
from nlp.serve import spare_the_command_line
spare_the_command_line()
from nlp.tagger import load
def held():
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
before = held()
tagger = load(Path(sys.argv[1]))
tagger.tag(["giá bao nhiêu vậy shop"] * 64)
print(held() - before, held())
"""


def _weight(models: Path, version: str) -> list[Figure]:
    files = [path for path in (models / version).rglob("*") if path.is_file()]
    ended = subprocess.run(
        [sys.executable, "-c", _ADDED, str(models)], capture_output=True, text=True, check=True, timeout=60
    )
    added, whole = map(float, ended.stdout.split())
    return [
        Figure(goal=DISK, readings=(sum(path.stat().st_size for path in files) / 1e6,)),
        Figure(goal=MEMORY, readings=(added,), beside={"whole process": f"{whole:.0f} MB"}),
    ]


# -- the swap ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _served(models: Path) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "nlp.serve", str(models)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _swap(models: Path, version: str) -> list[Figure]:
    """200 messages a second for twelve seconds, and every three another model."""
    put(models, "other", heads_of(load(models)), [])
    texts = [row.text for row in shipped()]
    times: dict[str, float] = {}
    took: list[float] = []
    swapped = 0
    with _served(models) as process:
        assert process.stdin and process.stdout
        process.stdout.readline()
        os.set_blocking(process.stdout.fileno(), False)
        began, sent, rest = time.perf_counter(), 0, b""
        while (now := time.perf_counter() - began) < SWAP_S + 2:
            while sent < min(now, SWAP_S) * RATE:
                if sent % (3 * RATE) == RATE:
                    make_current(models, "other" if sent // (3 * RATE) % 2 == 0 else version)
                    process.stdin.write(b'{"reload":true}\n')
                line = msgspec.json.encode({"id": str(sent), "text": texts[sent % len(texts)]})
                times[str(sent)] = time.perf_counter()
                process.stdin.write(line + b"\n")
                process.stdin.flush()
                sent += 1
            *lines, rest = (rest + (process.stdout.read() or b"")).split(b"\n")
            for line in lines:
                answer = msgspec.json.decode(line)
                swapped += "ready" in answer
                if "id" in answer:
                    took.append((time.perf_counter() - times.pop(answer["id"])) * 1000)
            time.sleep(0.0005)
    make_current(models, version)
    beside = {"messages": f"{sent:,}", "swaps": str(swapped)}
    return [
        Figure(goal=LOST, readings=(float(len(times)),), beside=beside),
        Figure(
            goal=SWAP, readings=(percentile(took, 0.99),), beside=beside | {"p50": f"{percentile(took, 0.5):.1f} ms"}
        ),
    ]
