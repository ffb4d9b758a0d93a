#!/usr/bin/env python3
"""Records what your model says of every sample after every epoch, and reads it back.

One file for Python 3.8 or later: the standard library, numpy where it is there.

    import adadf
    run = adadf.start("http://127.0.0.1:4500", "my-data", name="resnet18", config={"lr": 0.1})
    run.log(epoch, "train", keys=keys, logits=logits)      # in the loop, a batch or all at once
    run.finish()

`log` never stops a training: what it is given is first written into a folder, and sent from there in the
background. Where the server is away the folder stays, and `python3 adadf.py record FOLDER` sends it later.

    adadf.frame("run_1", epoch=3, split="test")            # pandas, or a dict of arrays without it
    adadf.query("{ trainingRuns(first: 3) { nodes { id name } } }")
"""
import atexit
import http.client
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import warnings
import zipfile
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

try:
    import numpy
except ImportError:  # Everything works without it, more slowly.
    numpy = None  # type: ignore[assignment]

__all__ = ["start", "frame", "query", "Run", "AdadfError", "Refused", "Away"]
__version__ = "0.1.0"

DEFAULT_URL = "http://127.0.0.1:4500"
SPLITS = {
    "train": "TRAIN", "training": "TRAIN",
    "validation": "VALIDATION", "valid": "VALIDATION", "val": "VALIDATION", "dev": "VALIDATION",
    "test": "TEST", "testing": "TEST",
}
VECTORS = ("logits", "target", "label", "features")
SCALARS = ("auxiliary_attention", "target_attention", "loss", "prediction", "margin")
# Tries of a server that is away are this far apart, so that a training does not wait for it again and again.
AWAY_SECONDS = 15.0
FINISH_SECONDS = 120.0
# A server that was stopped while it began a run says so after 15 s, and begins it anew.
PENDING_SECONDS = 60.0


class AdadfError(Exception):
    """Something that the platform, or this file, cannot do; the message says what to do next."""


class Refused(AdadfError):
    """The server does not take it. `code` is stable; `row` (from 1) and `key` name what does not fit."""

    def __init__(self, status: int, code: str, message: str, row: Optional[int] = None, key: Any = None) -> None:
        super().__init__(message)
        self.status, self.code, self.row, self.key = status, code, row, key


class Away(AdadfError):
    """The server does not answer."""


# --- recording ------------------------------------------------------------------------------------------------------


def start(
    url: str,
    dataset: str,
    *,
    name: Optional[str] = None,
    config: Optional[Mapping[str, Any]] = None,
    capture: str = "EVALUATION_PASS",
    classes: Optional[Sequence[str]] = None,
    label_set: Optional[str] = None,
    method: Optional[str] = None,
    framework: Optional[str] = None,
    code: Optional[str] = None,
    device: Optional[str] = None,
    seed: Optional[Union[int, str]] = None,
    notes: Optional[str] = None,
    epochs: Optional[int] = None,
    fusion: Optional[Tuple[float, float]] = None,
    folder: Optional[str] = None,
) -> "Run":
    """Begins a run. Never raises for a server that is away: then everything waits in the folder.

    dataset    its name or id on the platform
    config     your settings, of any names and depth: runs are searched and compared by them
    capture    EVALUATION_PASS: outputs of a pass of its own after each epoch. TRAINING_PASS: taken while training
    classes    your classes in the order of your logits; default: the order of the data set
    fusion     (lowest, highest) fusion weight of an Ada-DF run
    folder     where parts wait until they are sent; default: ./adadf-runs/<name>-<time>
    """
    configuration = _plain(dict(config or {}))
    given = {
        "dataset": dataset, "name": name, "capture": capture, "classes": None if classes is None else list(classes),
        "labelSet": label_set, "method": method, "framework": framework or _framework(), "code": code or _code(),
        "device": device or _device(), "seed": None if seed is None else str(seed), "notes": notes, "epochs": epochs,
        "configuration": configuration,
        "fusion": None if fusion is None else {"minimum": fusion[0], "maximum": fusion[1]},
    }
    where = folder or os.path.join("adadf-runs", _slug(name or dataset) + time.strftime("-%Y%m%d-%H%M%S-") + uuid.uuid4().hex[:6])
    return Run(_Spool.create(where, url, {key: value for key, value in given.items() if value is not None}))


class Run:
    """A run that is being recorded. Its methods warn instead of raising; nothing is lost but what is malformed."""

    def __init__(self, spool: "_Spool") -> None:
        self._spool = spool
        self._buffers: Dict[Tuple[int, str], _Buffer] = {}
        self._warned: set = set()
        self._lock = threading.Lock()
        self._sender = _Sender(spool, self._warn)
        self._finished = False
        atexit.register(self._at_exit)

    @property
    def id(self) -> Optional[str]:
        """Like `run_12`; None while no server has answered."""
        return self._spool.run

    @property
    def url(self) -> Optional[str]:
        """Its page; None while no server has answered."""
        return None if self.id is None else "%s/runs/%s" % (self._spool.url, self.id)

    @property
    def folder(self) -> str:
        """Where parts wait until they are sent."""
        return self._spool.folder

    def log(
        self,
        epoch: int,
        split: str,
        *,
        keys: Any,
        logits: Any = None,
        target: Any = None,
        label: Any = None,
        auxiliary_attention: Any = None,
        target_attention: Any = None,
        loss: Any = None,
        features: Any = None,
        prediction: Any = None,
        margin: Any = None,
    ) -> None:
        """What the model says of some samples after an epoch (counted from 1): torch tensors, numpy arrays or lists.

        keys       [N] keys of the data set, names of image files, or places in the order of import
        logits     [N, C]; or `target`, probabilities; or `prediction` alone
        label      [N, C], the label distribution of an Ada-DF run, with its two attentions [N]
        loss       [N], of each sample (reduction="none"); features [N, F]

        Call it a batch at a time or once. A split of an epoch is sent when the next epoch begins, or by `flush`.
        """
        try:
            given = {
                "logits": logits, "target": target, "label": label, "features": features,
                "auxiliary_attention": auxiliary_attention, "target_attention": target_attention,
                "loss": loss, "prediction": prediction, "margin": margin,
            }
            place = (int(epoch), _split(split))
            with self._lock:
                for other in [key for key in self._buffers if key[0] != place[0]]:
                    self._send(other)
                buffer = self._buffers.setdefault(place, _Buffer())
                buffer.add(keys, {name: value for name, value in given.items() if value is not None})
        except Exception as error:  # noqa: BLE001: a training must not end by its log.
            self._warn("log", "epoch %s of %s was not logged: %s" % (epoch, split, error))

    def epoch(
        self,
        epoch: int,
        *,
        losses: Optional[Mapping[str, float]] = None,
        learning_rate: Optional[float] = None,
        class_distributions: Any = None,
        duration_seconds: Optional[float] = None,
        images_per_second: Optional[float] = None,
    ) -> None:
        """What is said of an epoch as a whole. `losses`: {"total": 0.4}, with crossEntropy, kullbackLeibler and
        rankRegularization of an Ada-DF run; `class_distributions` [C, C], row y of label y."""
        try:
            facts = {
                "losses": None if losses is None else {key: float(value) for key, value in losses.items()},
                "learningRate": learning_rate, "durationSeconds": duration_seconds, "imagesPerSecond": images_per_second,
                "classDistributions": None if class_distributions is None else _lists(class_distributions),
            }
            known = {key: value for key, value in facts.items() if value is not None}
            self._spool.write_facts(int(epoch), known)
            self._sender.wake()
        except Exception as error:  # noqa: BLE001
            self._warn("epoch", "facts of epoch %s were not logged: %s" % (epoch, error))

    def weights(self, file: Any, epoch: Optional[int] = None, name: Optional[str] = None) -> None:
        """Attaches weights: the path of a file, or what torch.save takes, like `model.state_dict()`."""
        try:
            if isinstance(file, (str, os.PathLike)):
                with open(file, "rb") as given:
                    body, called = given.read(), name or os.path.basename(os.fspath(file))
            else:
                memory = io.BytesIO()
                __import__("torch").save(file, memory)
                body, called = memory.getvalue(), name or "weights.pth"
            self._spool.write_weights(None if epoch is None else int(epoch), called, body)
            self._sender.wake()
        except Exception as error:  # noqa: BLE001
            self._warn("weights", "weights were not attached: %s" % error)

    def flush(self) -> None:
        """Sends what was logged so far, without waiting for it."""
        with self._lock:
            for place in list(self._buffers):
                self._send(place)

    def finish(self, state: str = "COMPLETED", error: Optional[str] = None, timeout: float = FINISH_SECONDS) -> bool:
        """Sends what is left and ends the run: COMPLETED, FAILED or CANCELLED. True where everything was taken;
        False where something stays in the folder, as the warning says."""
        if self._finished:
            return self._spool.is_empty()
        self._finished = True
        try:
            self.flush()
            self._spool.write_finish(state, error)
            done = self._sender.drain(timeout)
        except Exception as problem:  # noqa: BLE001
            self._warn("finish", str(problem))
            done = False
        if done:
            self._sender.end()
        else:
            self._warn("left", "not everything was taken; it waits in %s. Send it with: %s" % (self.folder, _command(self.folder)))
        return done

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.finish()
        else:
            self.finish("CANCELLED" if issubclass(kind, KeyboardInterrupt) else "FAILED", "%s: %s" % (kind.__name__, error))

    def _send(self, place: Tuple[int, str]) -> None:
        buffer = self._buffers.pop(place)
        if buffer.dropped and self._spool.input["capture"] != "TRAINING_PASS":
            self._warn("twice", "%d samples came twice in epoch %d of %s; their last outputs count" % (buffer.dropped, place[0], place[1]))
        self._spool.write_part(place[0], place[1], buffer)
        self._sender.wake()

    def _warn(self, kind: str, message: str) -> None:
        """Once of a kind: a training of 200 epochs does not want 200 warnings."""
        if kind in self._warned:
            return
        self._warned.add(kind)
        warnings.warn("adadf: " + message, RuntimeWarning, stacklevel=3)

    def _at_exit(self) -> None:
        if self._finished:
            return
        self.flush()
        self._sender.drain(5.0)
        if not self._spool.is_empty():
            sys.stderr.write("adadf: %s was not finished; send what is left with: %s\n" % (self.folder, _command(self.folder)))


class _Buffer:
    """Batches of one split of one epoch. A sample that comes twice counts as it came last."""

    def __init__(self) -> None:
        self.keys: List[Union[str, int]] = []
        self.columns: Dict[str, List[Any]] = {}
        self.places: Dict[Union[str, int], int] = {}
        self.dropped = 0
        self.rows = 0

    def add(self, keys: Any, columns: Mapping[str, Any]) -> None:
        named = _keys(keys)
        arrays = {name: _array(value) for name, value in columns.items()}
        for name, array in arrays.items():
            if len(array) != len(named):
                raise AdadfError("%s has %d rows, keys have %d" % (name, len(array), len(named)))
        if self.rows and set(arrays) != set(self.columns):
            raise AdadfError("this batch has %s, the first had %s" % (", ".join(sorted(arrays)), ", ".join(sorted(self.columns))))
        for name, array in arrays.items():
            self.columns.setdefault(name, []).append(array)
        for key in named:
            if key in self.places:
                self.dropped += 1
            self.places[key] = self.rows
            self.rows += 1
        self.keys.extend(named)

    def body(self) -> Tuple[str, bytes]:
        """The ending and the bytes of a file: .npz with numpy, else JSON lines."""
        kept = sorted(self.places.values())
        whole = len(kept) == self.rows
        if numpy is not None:
            columns = {name: numpy.concatenate([numpy.asarray(part) for part in parts]) for name, parts in self.columns.items()}
            keys = numpy.asarray(self.keys)
            if not whole:
                keys, columns = keys[kept], {name: column[kept] for name, column in columns.items()}
            file = io.BytesIO()
            numpy.savez(file, keys=keys, **columns)
            return ".npz", file.getvalue()
        joined = {name: [row for part in parts for row in part] for name, parts in self.columns.items()}
        name = "index" if isinstance(self.keys[0], int) else "key"
        lines = (json.dumps(dict({name: self.keys[n]}, **{column: values[n] for column, values in joined.items()})) for n in kept)
        return ".jsonl", "\n".join(lines).encode()


class _Spool:
    """A folder with what has still to be sent. Files appear whole, and go when the server has them."""

    def __init__(self, folder: str, header: Dict[str, Any]) -> None:
        self.folder, self._header = folder, header

    @staticmethod
    def create(folder: str, url: str, given: Dict[str, Any]) -> "_Spool":
        os.makedirs(folder, exist_ok=True)
        spool = _Spool(folder, {"url": _base(url), "key": str(uuid.uuid4()), "input": given, "run": None})
        spool._write("run.json", json.dumps(spool._header, indent=1).encode())
        return spool

    @staticmethod
    def open(folder: str) -> "_Spool":
        with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
            return _Spool(folder, json.load(file))

    @property
    def url(self) -> str:
        return self._header["url"]

    @url.setter
    def url(self, value: str) -> None:
        self._header["url"] = _base(value)

    @property
    def run(self) -> Optional[str]:
        return self._header["run"]

    @property
    def input(self) -> Dict[str, Any]:
        return self._header["input"]

    @property
    def key(self) -> str:
        return self._header["key"]

    def began(self, run: str) -> None:
        self._header["run"] = run
        self._write("run.json", json.dumps(self._header, indent=1).encode())

    def write_part(self, epoch: int, split: str, buffer: _Buffer) -> None:
        if buffer.rows == 0:
            return
        ending, body = buffer.body()
        self._write("epoch-%05d-%s%s" % (epoch, split, ending), body)

    def write_facts(self, epoch: int, facts: Mapping[str, Any]) -> None:
        self._write("epoch-%05d.json" % epoch, json.dumps(facts).encode())

    def write_weights(self, epoch: Optional[int], name: str, body: bytes) -> None:
        self._write("weights-%05d-%s" % (epoch or 0, re.sub(r"[^\w.-]+", "-", name)), body)

    def write_finish(self, state: str, error: Optional[str]) -> None:
        self._write("finish.json", json.dumps({"state": state, "error": error}).encode())

    def waiting(self) -> List[str]:
        """Names in the order in which they are to be sent: epochs, facts before parts, the end last."""
        names = [name for name in os.listdir(self.folder) if re.match(r"epoch-\d+(-[A-Z]+)?\.(npz|jsonl|json)$", name)]
        names.sort(key=lambda name: (name[:11], not name.endswith(".json"), "-TRAIN" not in name, name))
        names += sorted(name for name in os.listdir(self.folder) if name.startswith("weights-") and not name.endswith(".partial"))
        return names + (["finish.json"] if os.path.exists(os.path.join(self.folder, "finish.json")) else [])

    def is_empty(self) -> bool:
        return not os.path.isdir(self.folder) or self.waiting() == []

    def read(self, name: str) -> bytes:
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def sent(self, name: str) -> None:
        os.remove(os.path.join(self.folder, name))

    def refuse(self, name: str, message: str) -> None:
        """Put aside: what is wrong with it does not change by sending it again."""
        aside = os.path.join(self.folder, "refused")
        os.makedirs(aside, exist_ok=True)
        os.replace(os.path.join(self.folder, name), os.path.join(aside, name))
        self._write(os.path.join("refused", name + ".txt"), message.encode())

    def remove(self) -> None:
        if os.path.isdir(os.path.join(self.folder, "refused")):
            return
        for name in ("run.json",):
            if os.path.exists(os.path.join(self.folder, name)):
                os.remove(os.path.join(self.folder, name))
        for folder in (self.folder, os.path.dirname(self.folder)):
            try:
                os.rmdir(folder)
            except OSError:
                break

    def _write(self, name: str, body: bytes) -> None:
        path = os.path.join(self.folder, name)
        partial = path + ".partial"
        with open(partial, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)


class _Sender:
    """Sends a spool in the background, in order; waits where the server is away."""

    def __init__(self, spool: _Spool, warn: Callable[[str, str], None]) -> None:
        self._spool, self._warn = spool, warn
        self._wanted = threading.Event()
        self._working = threading.Lock()
        self._away_until = 0.0
        self._ended = False
        self._thread: Optional[threading.Thread] = None
        self.wake()

    def wake(self) -> None:
        self._wanted.set()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="adadf", daemon=True)
            self._thread.start()

    def drain(self, timeout: float) -> bool:
        """Sends what is left now. False where some of it stays."""
        end = time.monotonic() + timeout
        self._away_until = 0.0
        while True:
            if self._send_all() and self._spool.run is not None and self._spool.is_empty():
                return not os.path.isdir(os.path.join(self._spool.folder, "refused"))
            if time.monotonic() > end or self._away_until:
                return False
            time.sleep(0.1)

    def end(self) -> None:
        """Removes the folder, of which everything was sent. Whoever was woken meanwhile finds nothing to do."""
        with self._working:
            self._ended = True
            self._spool.remove()

    def _work(self) -> None:
        while self._wanted.is_set():
            self._wanted.clear()
            if time.monotonic() >= self._away_until:
                self._send_all()

    def _send_all(self) -> bool:
        with self._working:
            if self._ended:
                return True
            try:
                send_folder(self._spool, self._warn)
                self._away_until = 0.0
                return True
            except Away as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                self._warn("away", "%s; outputs wait in %s" % (error, self._spool.folder))
            except Exception as error:  # noqa: BLE001
                self._away_until = time.monotonic() + AWAY_SECONDS
                self._warn("sending", "%s; outputs wait in %s" % (error, self._spool.folder))
            return False


def send_folder(spool: _Spool, warn: Callable[[str, str], None]) -> int:
    """Sends all that waits; what the server has already it does not take twice. Returns parts sent. Raises Away."""
    if spool.run is None:
        spool.began(_record_run(spool.url, spool.input, spool.key))
    count = 0
    for name in spool.waiting():
        try:
            _send_file(spool, name)
            spool.sent(name)
            count += 1
        except Refused as error:
            if error.status >= 500:
                raise Away("%s answers: %s" % (spool.url, error))
            warn("refused " + error.code, "%s was refused and put aside: %s" % (name, error))
            spool.refuse(name, str(error))
    return count


def _record_run(url: str, given: Mapping[str, Any], key: str) -> str:
    """The id of the run under this key. Waits where somebody else, perhaps a killed client, is asking for it just now."""
    end = time.monotonic() + PENDING_SECONDS
    pause = 0.05
    while True:
        try:
            return query(_RECORD_RUN, {"input": given, "key": key}, url=url)["recordRun"]["id"]
        except Refused as error:
            if error.code != "IDEMPOTENCY_PENDING":
                raise
            if time.monotonic() + pause > end:
                raise Away("%s has been beginning the run for %d s" % (_base(url), PENDING_SECONDS))
        time.sleep(pause)
        pause = min(2 * pause, 2.0)


def _send_file(spool: _Spool, name: str) -> None:
    if name == "finish.json":
        end = json.loads(spool.read(name).decode())
        query(_FINISH_RUN, {"run": spool.run, "state": end["state"], "error": end["error"]}, url=spool.url)
        return
    if name.startswith("weights-"):
        _send_weights(spool, name)
        return
    epoch, split = re.match(r"epoch-(\d+)(?:-([A-Z]+))?", name).groups()  # type: ignore[union-attr]
    path = "/runs/%s/epochs/%d%s" % (spool.run, int(epoch), "" if split is None else "/" + split)
    kind = "application/json" if name.endswith(".json") else "application/octet-stream"
    _request("PUT", spool.url + path, spool.read(name), kind)


def _send_weights(spool: _Spool, name: str) -> None:
    epoch, called = re.match(r"weights-(\d+)-(.*)", name, re.S).groups()  # type: ignore[union-attr]
    address = "%s/uploads?%s" % (spool.url, urllib.parse.urlencode({"name": called}))
    upload = json.loads(_request("POST", address, spool.read(name), "application/octet-stream", timeout=600.0).decode())
    query(_ATTACH_WEIGHTS, {"run": spool.run, "upload": upload["id"], "epoch": int(epoch) or None}, url=spool.url)


_ATTACH_WEIGHTS = "mutation ($run: ID!, $upload: ID!, $epoch: Int) { attachWeights(run: $run, upload: $upload, epoch: $epoch) { id } }"
_RECORD_RUN = "mutation ($input: RecordRunInput!, $key: String) { recordRun(input: $input, idempotencyKey: $key) { id } }"
_FINISH_RUN = """mutation ($run: ID!, $state: RecordedOutcome!, $error: String) {
  finishRun(run: $run, state: $state, error: $error) { id state } }"""


# --- reading --------------------------------------------------------------------------------------------------------


def query(graphql: str, variables: Optional[Mapping[str, Any]] = None, *, url: str = DEFAULT_URL) -> Dict[str, Any]:
    """The data of a GraphQL operation. Raises Refused with what the API says is wrong, Away without an answer."""
    body = json.dumps({"query": graphql, "variables": dict(variables or {})}).encode()
    answer = json.loads(_request("POST", _base(url) + "/graphql", body, "application/json").decode())
    if answer.get("errors"):
        first = answer["errors"][0]
        code = first.get("extensions", {}).get("code", "UNKNOWN")
        raise Refused(503 if code in ("INTERNAL", "INTERNAL_SERVER_ERROR", "TIMEOUT") else 400, code, first["message"])
    return answer["data"]


def frame(
    run: Union[str, "Run"],
    epoch: Optional[int] = None,
    split: Optional[str] = None,
    *,
    columns: Optional[Sequence[str]] = None,
    url: Optional[str] = None,
) -> Any:
    """What a run says, a row a sample and epoch: a pandas frame; without pandas a dict of arrays, without numpy of lists.

    Without `epoch` every epoch, in one call: run, epoch, split, sample, key, image, given label and distributions.
    With one every measure too. `columns` chooses, by the names of docs/columns.md (`targetDistribution`, `entropy`).
    Distributions are columns like `targetDistribution.fear` in pandas, [N, C] in a dict.
    """
    name = run if isinstance(run, str) else run.id
    base = _base(url or (DEFAULT_URL if isinstance(run, str) else run._spool.url))
    asked = {"split": None if split is None else _split(split), "columns": None if columns is None else ",".join(columns)}
    text = urllib.parse.urlencode({key: value for key, value in asked.items() if value is not None})
    path = "/columns/%s%s" % (name, "" if epoch is None else "/epochs/%d" % epoch)
    ending = ".csv" if numpy is None else ".npz"
    body = _request("GET", base + path + ending + ("?" + text if text else ""), timeout=600.0)
    return _lists_of_csv(body) if numpy is None else _frame_of_npz(body)


def _arrays_of_npz(body: bytes) -> Dict[str, Any]:
    """What numpy.load reads, where it lies in the body: the server stores arrays as they are. They cannot be written to."""
    arrays: Dict[str, Any] = {}
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for entry in archive.infolist():
            name = entry.filename[: -len(".npy")]
            if entry.compress_type != zipfile.ZIP_STORED:
                arrays[name] = numpy.load(io.BytesIO(archive.read(entry)), allow_pickle=False)
                continue
            head = entry.header_offset
            start = head + 30 + int.from_bytes(body[head + 26:head + 28], "little") + int.from_bytes(body[head + 28:head + 30], "little")
            file = io.BytesIO(body[start:start + 4096])
            if numpy.lib.format.read_magic(file) != (1, 0):
                raise AdadfError("%s: expected an array as numpy.save writes it" % entry.filename)
            shape, _, kind = numpy.lib.format.read_array_header_1_0(file)
            arrays[name] = numpy.frombuffer(body, kind, int(numpy.prod(shape)), start + file.tell()).reshape(shape)
    return arrays


def _frame_of_npz(body: bytes) -> Any:
    arrays = _arrays_of_npz(body)
    classes = [str(name) for name in arrays["classes"]]
    names = [name for name in arrays if name != "classes" and not name.endswith(".values")]
    rows = max([0] + [len(arrays[name]) for name in names])
    for name in names:
        if arrays[name].ndim == 2 and len(arrays[name]) < rows:  # Unknown of every row: not sent.
            arrays[name] = None
    try:
        import pandas
    except ImportError:
        return {name: _unknown((rows, len(classes))) if arrays[name] is None else _decoded(arrays, name) for name in names}
    series: Dict[str, Any] = {}
    for name in names:
        values = arrays[name]
        if values is None:
            series.update({"%s.%s" % (name, label): _unknown(rows) for label in classes})
        elif name + ".values" in arrays:
            series[name] = pandas.Categorical.from_codes(values, [str(each) for each in arrays[name + ".values"]])
        elif values.ndim == 2:
            columns = _transposed(values)
            series.update({"%s.%s" % (name, label): columns[k] for k, label in enumerate(classes)})
        else:
            series[name] = values.copy()
    return pandas.DataFrame(series, copy=False)


def _unknown(shape: Any) -> Any:
    return numpy.full(shape, numpy.nan, numpy.float32)


def _transposed(values: Any) -> Any:
    """A copy whose rows lie together, some thousand samples at a time: they stay in the processor's cache."""
    columns = numpy.empty(values.shape[::-1], values.dtype)
    for first in range(0, len(values), 16384):
        columns[:, first:first + 16384] = values[first:first + 16384].T
    return columns


def _decoded(arrays: Any, name: str) -> Any:
    values = arrays[name]
    if name + ".values" not in arrays:
        return values.copy()
    texts = numpy.append(arrays[name + ".values"].astype(object), None)
    return texts[values]


def _lists_of_csv(body: bytes) -> Dict[str, List[Any]]:
    import csv

    rows = csv.reader(io.StringIO(body.decode("utf-8")))
    names = next(rows)
    columns: List[List[Any]] = [[] for _ in names]
    for row in rows:
        for values, text in zip(columns, row):
            values.append(_number(text))
    return dict(zip(names, columns))


def _number(text: str) -> Any:
    if text == "":
        return None
    try:
        return float(text) if "." in text or "e" in text or "E" in text else int(text)
    except ValueError:
        return text


def _request(method: str, url: str, body: Optional[bytes] = None, kind: Optional[str] = None, timeout: float = 120.0) -> bytes:
    headers = {"accept": "application/json, */*"}
    if kind:
        headers["content-type"] = kind
    if os.environ.get("ADADF_TOKEN"):
        headers["authorization"] = "Bearer " + os.environ["ADADF_TOKEN"]
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        raise _refusal(error)
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        raise Away("%s does not answer (%s)" % (_base(url), reason))


def _refusal(error: urllib.error.HTTPError) -> AdadfError:
    text = error.read().decode("utf-8", "replace")
    try:
        answer = json.loads(text)
        found = answer["error"] if "error" in answer else answer["errors"][0]
        code = found.get("code") or found.get("extensions", {}).get("code", "HTTP_%d" % error.code)
        return Refused(error.code, code, found["message"], found.get("row"), found.get("key"))
    except (ValueError, KeyError, TypeError, IndexError):
        return Refused(error.code, "HTTP_%d" % error.code, "%s answered %d: %s" % (error.url, error.code, text[:200]))


# --- what people have -----------------------------------------------------------------------------------------------


def _array(value: Any) -> Any:
    """A copy: whoever logs may write over what was logged. numpy where it is there, else lists."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        if str(getattr(value, "dtype", "")) in ("torch.bfloat16", "torch.float16"):
            value = value.float()
        value = value.numpy() if numpy is not None else value.tolist()
    if numpy is None:
        return [_lists(row) for row in value]
    if isinstance(value, (list, tuple)) and len(value) and hasattr(value[0], "detach"):
        value = numpy.stack([_array(row) for row in value])
    array = numpy.array(value)
    if array.dtype == object:
        raise AdadfError("rows of different lengths")
    return array.astype(numpy.float32) if array.dtype.kind == "f" else array


def _keys(value: Any) -> List[Union[str, int]]:
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (str, bytes)):
        raise AdadfError("keys: expected one a row, found a single text")
    keys = [key.item() if hasattr(key, "item") else key for key in value]
    return [key.decode() if isinstance(key, bytes) else key if isinstance(key, (str, int)) else os.fspath(key) for key in keys]


def _lists(value: Any) -> Any:
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if hasattr(value, "tolist"):
        return value.tolist()
    return [_lists(each) for each in value] if isinstance(value, (list, tuple)) else value


def _plain(value: Any) -> Any:
    """JSON of whatever stands in a configuration; what JSON has not becomes its text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(each) for each in value]
    if hasattr(value, "item") and getattr(value, "size", 1) == 1:
        value = value.item()
    if isinstance(value, float) and value != value:
        return "nan"
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def _split(name: str) -> str:
    found = SPLITS.get(str(name).lower())
    if found is None:
        raise AdadfError("split: expected train, validation or test, found %r" % (name,))
    return found


def _base(url: str) -> str:
    """With or without /graphql at its end."""
    base = re.sub(r"(/graphql)?/*$", "", url.strip())
    return base if re.match(r"https?://", base) else "http://" + base


def _framework() -> Optional[str]:
    for module, called in (("torch", "PyTorch"), ("tensorflow", "TensorFlow"), ("jax", "JAX"), ("sklearn", "scikit-learn")):
        if module in sys.modules:
            return "%s %s" % (called, getattr(sys.modules[module], "__version__", ""))
    return None


def _device() -> Optional[str]:
    torch = sys.modules.get("torch")
    try:
        if torch is not None and torch.cuda.is_available():
            return torch.cuda.get_device_name()
    except Exception:  # noqa: BLE001
        pass
    return None


def _code() -> Optional[str]:
    """The program, and the commit where it lies in a git repository."""
    program = os.path.basename(sys.argv[0]) if sys.argv and sys.argv[0] else None
    try:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2)
        known = commit.stdout.decode().strip()
    except (OSError, subprocess.SubprocessError):
        known = ""
    return " ".join(part for part in (program, known) if part) or None


def _slug(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text).strip("-")[:60] or "run"


def _command(folder: str) -> str:
    return "python3 %s record %s" % (os.path.relpath(__file__), folder)


# --- python3 adadf.py ... -------------------------------------------------------------------------------------------


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """`record FOLDER`: sends what waits in a folder, or files that other tools wrote."""
    import argparse

    parser = argparse.ArgumentParser(prog="adadf.py", description="Records runs on the platform, and reads them.")
    commands = parser.add_subparsers(dest="command", required=True)
    record = commands.add_parser("record", help="send what waits in FOLDER, or files that other tools wrote there")
    record.add_argument("folder", metavar="FOLDER")
    record.add_argument("--url", default=None, help="the platform; default: where the folder was to go, or %s" % DEFAULT_URL)
    foreign = record.add_argument_group("files of other tools: cartography's dynamics_epoch_E.jsonl, AUM's full_aum_records.csv, probabilities as csv, parquet, npz or npy")
    foreign.add_argument("--dataset", help="name or id of the data set")
    foreign.add_argument("--split", default="train", help="whose samples: train (default), validation, test")
    foreign.add_argument("--capture", choices=["EVALUATION_PASS", "TRAINING_PASS"], help="when the outputs were taken; required for files of other tools")
    foreign.add_argument("--name", help="of the run")
    foreign.add_argument("--classes", help="the classes in the order of the columns, with commas between")
    foreign.add_argument("--epoch", type=int, help="of files whose name does not say it; default 1")
    given = parser.parse_args(arguments)
    try:
        if os.path.exists(os.path.join(given.folder, "run.json")):
            return _record_spool(given.folder, given.url)
        return _record_files(given)
    except (AdadfError, OSError) as error:
        sys.stderr.write("adadf: %s\n" % error)
        return 1


def _record_spool(folder: str, url: Optional[str]) -> int:
    spool = _Spool.open(folder)
    if url is not None:
        spool.url = url
    said: List[str] = []
    sent = send_folder(spool, lambda kind, message: said.append(message))
    for message in said:
        sys.stderr.write("adadf: %s\n" % message)
    sys.stdout.write("%s/runs/%s: %d files sent%s\n" % (spool.url, spool.run, sent, ", %d refused" % len(said) if said else ""))
    spool.remove()
    return 1 if said else 0


def _record_files(given: Any) -> int:
    """Every file of a folder that the server knows what to do with; a file at a time, in the order of their epochs."""
    names = sorted(os.listdir(given.folder)) if os.path.isdir(given.folder) else [os.path.basename(given.folder)]
    folder = given.folder if os.path.isdir(given.folder) else os.path.dirname(given.folder) or "."
    files = [name for name in names if re.search(r"\.(jsonl?|csv|parquet|npz|npy|arrow|pkl|pickle|pt|pth)$", name)]
    if not files:
        raise AdadfError("%s: expected run.json of a recording, or .jsonl, .csv, .parquet, .npz or .npy files; found none" % given.folder)
    for option in ("dataset", "capture"):
        if getattr(given, option) is None:
            raise AdadfError("--%s is needed for files of other tools" % option)
    base = _base(given.url or DEFAULT_URL)
    made = {"dataset": given.dataset, "capture": given.capture, "name": given.name or os.path.basename(os.path.abspath(folder)),
            "classes": given.classes.split(",") if given.classes else None}
    key = "files:%s" % uuid.uuid4()
    run = _record_run(base, {name: value for name, value in made.items() if value is not None}, key)
    try:
        for name in _in_order(files):
            _send_foreign(given, "%s/runs/%s/files" % (base, run), folder, name)
    except (AdadfError, OSError) as error:
        # What was taken before stays, and the run says why there is no more.
        query(_FINISH_RUN, {"run": run, "state": "FAILED", "error": str(error)}, url=base)
        sys.stderr.write("adadf: %s/runs/%s is FAILED\n" % (base, run))
        raise
    query(_FINISH_RUN, {"run": run, "state": "COMPLETED", "error": None}, url=base)
    sys.stdout.write("%s/runs/%s\n" % (base, run))
    return 0


def _in_order(files: Iterable[str]) -> List[str]:
    """By the numbers in their names: epoch 2 before epoch 10."""
    return sorted(files, key=lambda each: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", each)])


def _send_foreign(given: Any, address: str, folder: str, name: str) -> None:
    asked = {"name": name, "split": _split(given.split)}
    if given.epoch is not None:
        asked["epoch"] = str(given.epoch)
    body, asked["name"] = _with_keys(folder, name)
    if body is None:
        return
    answer = json.loads(_request("POST", "%s?%s" % (address, urllib.parse.urlencode(asked)), body, "application/octet-stream").decode())
    for part in answer:
        sys.stdout.write("%s: epoch %d of %s, %d samples, %s\n" % (name, part["epoch"], part["split"], part["samples"], ", ".join(part["columns"])))


def _with_keys(folder: str, name: str) -> Tuple[Optional[bytes], str]:
    """The bytes of a file; an .npy without keys together with `keys.txt` or `keys.npy` beside it, as an .npz."""
    path = os.path.join(folder, name)
    with open(path, "rb") as file:
        body = file.read()
    if not name.endswith(".npy"):
        return body, name
    if name == "keys.npy":
        return None, name
    if numpy is None:
        raise AdadfError("%s: numpy is needed to put keys beside an .npy" % name)
    array = numpy.load(path, allow_pickle=False)
    keys: Any = numpy.arange(len(array))
    if os.path.exists(os.path.join(folder, "keys.npy")):
        keys = numpy.load(os.path.join(folder, "keys.npy"), allow_pickle=False)
    elif os.path.exists(os.path.join(folder, "keys.txt")):
        with open(os.path.join(folder, "keys.txt"), encoding="utf-8") as lines:
            keys = numpy.asarray(lines.read().split("\n"))[: len(array)]
    whole = io.BytesIO()
    column = "logits" if "logit" in name else "features" if "feature" in name or "embed" in name else "target"
    numpy.savez(whole, keys=keys, **{column: array})
    return whole.getvalue(), re.sub(r"\.npy$", ".npz", name)


if __name__ == "__main__":
    sys.exit(main())
