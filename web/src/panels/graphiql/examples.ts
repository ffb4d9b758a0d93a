/** What a newcomer finds in the editor: one query that leads from a data set to the distributions of single faces. */
export const defaultQuery = `# The API behind every page of the dashboard.
# Ctrl-Enter runs the operation at the cursor;
# the documentation is at the left.

query WhatIsThere {
  datasets {
    id
    name
    classes
    sampleCount
    splits { split samples classCounts }
  }
  trainingRuns(first: 5) {
    nodes {
      id
      name
      state
      dataset { name }
      epoch {
        number
        metrics { split accuracy macroF1 }
      }
    }
  }
}

# The most ambiguous samples of a run's newest
# epoch, and what each branch says of them.
# Variables: {"run": "run_1"}
query MostAmbiguous($run: ID!) {
  trainingRun(id: $run) {
    dataset { classes }
    analyses(
      first: 5
      filter: { split: VALIDATION }
      orderBy: ENTROPY
      direction: DESCENDING
    ) {
      totalCount
      nodes {
        sample { id key votes imageUrl(size: 96) }
        givenLabel
        labelDistribution
        classDistribution
        fusedDistribution
        targetDistribution
        attention {
          auxiliary
          target
          mean
          fusionWeight
        }
        distance(
          from: VOTES
          to: FUSED
          measure: JENSEN_SHANNON
        )
      }
    }
    confusionMatrix(
      split: VALIDATION
      rows: GIVEN
      columns: TARGET
    ) {
      classes
      counts
    }
  }
}

# Follows every run over a WebSocket.
subscription Live {
  trainingProgress {
    id
    name
    state
    progress {
      phase
      epoch
      step
      steps
      loss
      secondsLeft
    }
  }
}

mutation Start($dataset: ID!) {
  startTraining(
    input: { dataset: $dataset, width: 16, epochs: 6 }
  ) {
    id
    state
  }
}
`;
