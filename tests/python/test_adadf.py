"""Tests of python/adadf.py against a platform at ADADF_URL with the data set `seeded`. Run by tests/python/python.test.ts."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.path.join(HERE, "..", "..", "python")
sys.path.insert(0, PYTHON)
import adadf  # noqa: E402

URL = os.environ.get("ADADF_URL", adadf.DEFAULT_URL)
KEYS = ["face-%05d.png" % n for n in range(30)]
NOWHERE = "http://127.0.0.1:9"


def need(module):
    """Skips, and says why, where a package is not installed."""
    try:
        return __import__(module)
    except ImportError:
        raise unittest.SkipTest("python3-%s is not installed" % module)


def logits(epoch):
    return [[epoch + n % 5, n % 3, n % 2] for n in range(30)]


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.place = os.path.join(self.folder, "run")
        warnings.simplefilter("error")
        self.addCleanup(warnings.resetwarnings)

    def start(self, **given):
        return adadf.start(given.pop("url", URL), "seeded", folder=self.place, **given)

    def parts(self, run):
        return adadf.query("query ($id: ID!) { trainingRun(id: $id) { state parts { epoch split samples columns } } }", {"id": run}, url=URL)["trainingRun"]


class Recording(Base):
    def test_three_lines_record_a_run(self):
        run = self.start(name="three lines", config={"lr": 0.1, "nested": {"beta": [0.9, 0.99]}})
        for epoch in (1, 2):
            run.log(epoch, "train", keys=KEYS, logits=logits(epoch))
        self.assertTrue(run.finish())
        found = self.parts(run.id)
        self.assertEqual(found["state"], "COMPLETED")
        self.assertEqual([part["epoch"] for part in found["parts"]], [1, 2])
        self.assertFalse(os.path.exists(self.place))
        settings = adadf.query("query ($id: ID!) { trainingRun(id: $id) { name settings { name value } } }", {"id": run.id}, url=URL)["trainingRun"]
        self.assertIn({"name": "nested.beta", "value": "[0.9,0.99]"}, settings["settings"])

    def test_a_sender_that_is_woken_after_the_end_has_nothing_to_do(self):
        run = self.start()
        run.log(1, "train", keys=KEYS, logits=logits(1))
        self.assertTrue(run.finish())
        self.assertTrue(run._sender._send_all())
        self.assertEqual(run._warned, set())

    def test_batches_splits_and_facts_of_an_epoch(self):
        run = self.start()
        rows = logits(1)
        for first in range(0, 30, 8):
            run.log(1, "train", keys=KEYS[first:first + 8], logits=rows[first:first + 8], loss=[0.5] * len(rows[first:first + 8]))
        run.log(1, "val", keys=list(range(30, 39)), prediction=[0] * 9)
        run.epoch(1, losses={"total": 0.4}, learning_rate=0.1)
        self.assertTrue(run.finish())
        found = self.parts(run.id)["parts"]
        self.assertEqual([(part["split"], part["samples"]) for part in found], [("TRAIN", 30), ("VALIDATION", 9)])
        self.assertEqual(sorted(found[0]["columns"]), ["logits", "loss"])
        epoch = adadf.query("query ($id: ID!) { trainingRun(id: $id) { epoch { learningRate losses { total crossEntropy } metrics { split loss } } } }", {"id": run.id}, url=URL)["trainingRun"]["epoch"]
        self.assertEqual(epoch["losses"], {"total": 0.4, "crossEntropy": None})
        self.assertEqual(epoch["metrics"][0], {"split": "TRAIN", "loss": 0.5})

    def test_a_failing_training_is_recorded_as_failed(self):
        with self.assertRaises(ZeroDivisionError):
            with self.start() as run:
                run.log(1, "train", keys=KEYS, logits=logits(1))
                1 / 0
        found = adadf.query("query ($id: ID!) { trainingRun(id: $id) { state error } }", {"id": run.id}, url=URL)["trainingRun"]
        self.assertEqual(found, {"state": "FAILED", "error": "ZeroDivisionError: division by zero"})

    def test_a_sample_that_comes_twice_counts_as_it_came_last(self):
        run = self.start(capture="TRAINING_PASS")
        run.log(1, "train", keys=[KEYS[0], KEYS[1], KEYS[0]], logits=[[0, 0, 9], [1, 0, 0], [9, 0, 0]])
        self.assertTrue(run.finish())
        data = adadf.query("query ($id: ID!) { trainingRun(id: $id) { analyses(first: 5) { nodes { targetLabel } } } }", {"id": run.id}, url=URL)
        self.assertEqual([node["targetLabel"] for node in data["trainingRun"]["analyses"]["nodes"]], ["anger", "anger"])


    def test_weights_are_attached_byte_for_byte(self):
        path = os.path.join(self.folder, "best model.pth")
        with open(path, "wb") as file:
            file.write(b"any bytes")
        run = self.start()
        run.log(1, "train", keys=KEYS, logits=logits(1))
        run.weights(path, epoch=1)
        self.assertTrue(run.finish())
        found = adadf.query("query ($id: ID!) { trainingRun(id: $id) { weights { fileName epoch bytes url } } }", {"id": run.id}, url=URL)["trainingRun"]["weights"]
        self.assertEqual([(one["fileName"], one["epoch"], one["bytes"]) for one in found], [("best-model.pth", 1, 9)])
        with urllib.request.urlopen(URL + found[0]["url"]) as response:
            self.assertEqual(response.read(), b"any bytes")


class Trouble(Base):
    def test_log_never_raises_and_warns_once(self):
        run = self.start()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            run.log(1, "nowhere", keys=KEYS, logits=logits(1))
            run.log("first", "train", keys=KEYS, logits=logits(1))
            run.log(1, "train", keys=KEYS[:3], logits=logits(1))
        self.assertEqual(len(caught), 1)
        self.assertIn("expected train, validation or test", str(caught[0].message))
        run.finish()

    def test_what_the_server_refuses_is_put_aside_with_the_row_and_the_key(self):
        run = self.start()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            run.log(1, "train", keys=KEYS[:2] + ["nobody.png"], logits=logits(1)[:3])
            run.log(2, "train", keys=KEYS, logits=logits(2))
            self.assertFalse(run.finish())
        self.assertTrue(any("Row 3" in str(one.message) and "nobody.png" in str(one.message) for one in caught), [str(one.message) for one in caught])
        self.assertEqual([part["epoch"] for part in self.parts(run.id)["parts"]], [2])
        aside = [name for name in os.listdir(os.path.join(self.place, "refused")) if name.endswith(".txt")]
        self.assertEqual(len(aside), 1)

    def test_without_a_server_everything_waits_in_the_folder_and_is_sent_later(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            run = self.start(url=NOWHERE, name="spooled")
            for epoch in (1, 2, 3):
                run.log(epoch, "train", keys=KEYS, logits=logits(epoch))
            self.assertFalse(run.finish())
        self.assertTrue(any("does not answer" in str(one.message) for one in caught))
        self.assertIsNone(run.id)
        command = [sys.executable, os.path.join(PYTHON, "adadf.py"), "record", self.place, "--url", URL]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
        found = self.parts(said.split("/runs/")[1].split(":")[0])
        self.assertEqual(([part["epoch"] for part in found["parts"]], found["state"]), ([1, 2, 3], "COMPLETED"))
        self.assertFalse(os.path.exists(self.place))

    def test_a_client_that_is_killed_loses_nothing_that_was_logged_and_doubles_nothing(self):
        program = (
            "import sys, os; sys.path.insert(0, %r); import adadf\n"
            "run = adadf.start(%r, 'seeded', folder=%r)\n"
            "keys = ['face-%%05d.png' %% n for n in range(30)]\n"
            "for epoch in (1, 2, 3): run.log(epoch, 'train', keys=keys, logits=[[epoch, n %% 3, 0] for n in range(30)])\n"
            "run.flush(); os.kill(os.getpid(), 9)\n" % (PYTHON, URL, self.place)
        )
        self.assertEqual(subprocess.run([sys.executable, "-c", program]).returncode, -9)
        command = [sys.executable, os.path.join(PYTHON, "adadf.py"), "record", self.place, "--url", URL]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
        self.assertEqual([part["epoch"] for part in self.parts(said.split("/runs/")[1].split(":")[0])["parts"]], [1, 2, 3])


class Reading(Base):
    def recorded(self):
        run = self.start()
        for epoch in (1, 2):
            run.log(epoch, "train", keys=KEYS, logits=logits(epoch))
            run.log(epoch, "test", keys=list(range(39, 51)), logits=[[1, 0, 0]] * 12)
        self.assertTrue(run.finish())
        return run.id

    def test_a_frame_of_a_whole_run(self):
        numpy, pandas = need("numpy"), need("pandas")
        frame = adadf.frame(self.recorded(), url=URL)
        self.assertEqual(len(frame), 2 * 42)
        self.assertEqual(list(frame.columns[:7]), ["run", "epoch", "split", "sample", "key", "image", "givenLabel"])
        self.assertEqual(sorted(frame["epoch"].unique()), [1, 2])
        self.assertTrue(numpy.isnan(frame["labelDistribution.fear"]).all())
        self.assertTrue(numpy.allclose(frame[[name for name in frame if name.startswith("targetDistribution")]].sum(axis=1), 1))
        self.assertIsInstance(frame["key"].dtype, pandas.CategoricalDtype)
        frame.loc[0, ["epoch", "targetDistribution.fear"]] = [9, 0.5]
        self.assertEqual(list(frame.loc[0, ["epoch", "targetDistribution.fear"]]), [9, 0.5])

    def test_a_frame_of_an_epoch_and_split_has_every_measure(self):
        need("numpy"), need("pandas")
        frame = adadf.frame(self.recorded(), epoch=2, split="test", url=URL)
        self.assertEqual((len(frame), set(frame["split"])), (12, {"TEST"}))
        self.assertIn("margin", frame.columns)

    def test_parquet_and_csv_need_no_client(self):
        pandas = need("pandas")
        run = self.recorded()
        whole = pandas.read_csv("%s/columns/%s.csv" % (URL, run))
        one = pandas.read_csv("%s/columns/%s/epochs/1.csv?split=TRAIN" % (URL, run))
        self.assertEqual((len(whole), len(one)), (84, 30))

    def test_without_numpy_and_pandas_a_dict_of_lists(self):
        run = self.recorded()
        program = (
            "import sys; sys.modules['numpy'] = None; sys.modules['pandas'] = None; sys.path.insert(0, %r); import adadf\n"
            "frame = adadf.frame(%r, epoch=1, split='train', url=%r)\n"
            "print(len(frame['key']), type(frame['margin'][0]).__name__, frame['entropy'][0])\n"
            "run = adadf.start(%r, 'seeded', folder=%r)\n"
            "run.log(1, 'train', keys=frame['key'], logits=[[1.0, 2.0, 0.5]] * 30)\n"
            "print(run.finish(), run.id)\n" % (PYTHON, run, URL, URL, self.place)
        )
        said = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True).stdout.decode().split()
        self.assertEqual(said[:4], ["30", "float", "None", "True"])

    def test_a_url_with_graphql_at_its_end_is_the_same(self):
        self.assertEqual(adadf.query("{ datasets { name } }", url=URL + "/graphql"), adadf.query("{ datasets { name } }", url=URL))

    def test_a_wrong_query_says_what_is_wrong(self):
        with self.assertRaises(adadf.Refused) as caught:
            adadf.query("{ nothing }", url=URL)
        self.assertIn("nothing", str(caught.exception))
        with self.assertRaises(adadf.Away):
            adadf.query("{ datasets { name } }", url=NOWHERE)


class Torch(Base):
    def test_tensors_are_taken_as_they_are(self):
        torch = need("torch")
        run = self.start()
        with torch.no_grad():
            run.log(1, "train", keys=torch.arange(30), logits=torch.tensor(logits(1), dtype=torch.float32, requires_grad=True), features=torch.ones(30, 4).half())
        self.assertTrue(run.finish())
        self.assertEqual(self.parts(run.id)["parts"][0]["samples"], 30)


class OtherTools(Base):
    def record(self, files, *more):
        os.makedirs(self.place)
        for name, text in files.items():
            with open(os.path.join(self.place, name), "wb" if isinstance(text, bytes) else "w") as file:
                file.write(text)
        command = [sys.executable, os.path.join(PYTHON, "adadf.py"), "record", self.place, "--url", URL, "--dataset", "seeded", "--capture", "TRAINING_PASS"]
        done = subprocess.run(command + list(more), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_training_dynamics_of_cartography(self):
        files = {
            "dynamics_epoch_%d.jsonl" % epoch: "\n".join(json.dumps({"guid": key, "logits_epoch_%d" % epoch: row, "gold": 0}) for key, row in zip(KEYS, logits(epoch)))
            for epoch in (0, 1, 10)
        }
        code, out, err = self.record(files)
        self.assertEqual(code, 0, err)
        self.assertEqual([line.split(" of ")[0].split("epoch ")[1] for line in out.split("\n")[:3]], ["1", "2", "11"])

    def test_records_of_aum_give_margins_and_predictions_and_nothing_else(self):
        lines = ["sample_id,num_measurements,target_logit,target_val,other_logit,other_val,margin,aum"]
        lines += ["%s,%d,3.5,%d,1.5,%d,%s,2.0" % (key, epoch, 0, 1, 2.0 if epoch == 1 else -1.0) for epoch in (1, 2) for key in KEYS]
        code, out, err = self.record({"full_aum_records.csv": "\n".join(lines)})
        self.assertEqual(code, 0, err)
        run = out.strip().split("/runs/")[-1]
        node = adadf.query("query ($id: ID!) { trainingRun(id: $id) { analyses(first: 1) { nodes { targetLabel targetDistribution margin trajectory { aum confidence } } } } }", {"id": run}, url=URL)["trainingRun"]["analyses"]["nodes"][0]
        self.assertEqual(node, {"targetLabel": "fear", "targetDistribution": None, "margin": None, "trajectory": {"aum": 0.5, "confidence": None}})

    def test_probabilities_as_csv_with_and_without_keys(self):
        rows = ["anger,fear,surprise"] + ["0.5,0.25,0.25"] * 30
        self.assertEqual(self.record({"pred_probs_epoch_2.csv": "\n".join(rows)})[0], 0)

    def test_probabilities_as_npy_with_keys_beside_it(self):
        numpy = need("numpy")
        os.makedirs(self.place + "-made")
        path = os.path.join(self.place + "-made", "pred_probs.npy")
        numpy.save(path, numpy.full((30, 3), 1 / 3))
        with open(path, "rb") as file:
            code, out, err = self.record({"pred_probs.npy": file.read(), "keys.txt": "\n".join(KEYS)})
        self.assertEqual(code, 0, err)
        self.assertIn("30 samples, target", out)

    def test_a_pickle_is_never_loaded(self):
        code, _, err = self.record({"losses.pkl": b"\x80\x04\x95cos\nsystem\n."})
        self.assertEqual(code, 1)
        self.assertIn("numpy.savez", err)
        run = re.search(r"/runs/(run_\d+) is FAILED", err)
        self.assertEqual(self.parts(run.group(1)), {"state": "FAILED", "parts": []})

    def test_a_folder_without_anything_says_what_was_expected(self):
        code, _, err = self.record({"notes.txt": "x"})
        self.assertEqual(code, 1)
        self.assertIn("expected run.json", err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
