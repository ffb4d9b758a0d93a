#!/usr/bin/env python3
"""Prints the most ambiguous test faces of a run with what people and the model say. Python 3.8 or later, no packages.

usage: ambiguous.py [URL [RUN]]        default: http://127.0.0.1:4500 and the newest run; with or without /graphql
ADADF_TOKEN: a token, where the platform asks for one
"""
import json
import os
import sys
import urllib.error
import urllib.request

URL = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4500").rstrip("/")
URL += "" if URL.endswith("/graphql") else "/graphql"


def ask(query, **variables):
    """The data of an operation; ends the program with what the API says is wrong."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    if "ADADF_TOKEN" in os.environ:
        headers["authorization"] = "Bearer " + os.environ["ADADF_TOKEN"]
    try:
        with urllib.request.urlopen(urllib.request.Request(URL, body, headers), timeout=60) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    except urllib.error.URLError as error:
        sys.exit(f"{URL}: {error.reason}. Is the platform running?")
    if answer.get("errors"):
        sys.exit("\n".join(f"{error['extensions']['code']}: {error['message']}" for error in answer["errors"]))
    return answer["data"]


def newest_run():
    runs = ask("{ trainingRuns(first: 20) { nodes { id epoch { number } } } }")["trainingRuns"]["nodes"]
    trained = [run["id"] for run in runs if run["epoch"]]
    return trained[0] if trained else sys.exit("No run has an epoch yet.")


run = sys.argv[2] if len(sys.argv) > 2 else newest_run()
data = ask(
    """query ($run: ID!) { trainingRun(id: $run) { name dataset { classes } analyses(first: 10, filter: {split: TEST}, orderBy: ENTROPY, direction: DESCENDING) {
         nodes { entropy givenLabel targetLabel labelDistribution sample { key voteDistribution } } } } }""",
    run=run,
)["trainingRun"]
if data is None:
    sys.exit(f"There is no run {run}.")
print(f"{data['name']}: the most ambiguous faces of the test split\n")
for row in data["analyses"]["nodes"]:
    def top(distribution):
        ranked = sorted(zip(distribution, data["dataset"]["classes"]), reverse=True)[:3]
        return ", ".join(f"{name} {share:.0%}" for share, name in ranked)

    votes = row["sample"]["voteDistribution"]
    print(f"{row['sample']['key']}  entropy {row['entropy']:.2f}  given {row['givenLabel']}, predicted {row['targetLabel']}")
    print(f"    label distribution: {top(row['labelDistribution'])}" + (f"; votes: {top(votes)}" if votes else ""))
