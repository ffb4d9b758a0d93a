'use client';
import { useQuery } from '@apollo/client/react';
import { NativeSelect } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { useEffect, useState, type ReactNode } from 'react';
import { WhatIfDocument, type Split, type WhatIfQuery } from '../../graphql/generated/graphql';
import { serverPath } from '../../graphql/address';
import { routes } from '../../navigation/routes';
import { splits } from '../../navigation/sample-list';
import { useUrlState } from '../../navigation/url-state';
import { BinnedPair } from '../../plots/binned-pair';
import { ClassHeatMap } from '../../plots/class-heat-map';
import { SampleCard } from '../../plots/sample-card';
import { decimal, integer, percent } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { SaveFusion } from './save-fusion';
import { inputOf, readInput, slidersOf } from './what-if-input';
import { WhatIfDials } from './what-if-dials';
import styles from './what-if.module.css';

type Run = NonNullable<WhatIfQuery['trainingRun']>;
type Answer = NonNullable<Run['whatIf']>;

/** What another threshold, weight or class distribution would make of the recorded epoch. What is tried is in the URL. */
export function WhatIfPanel({ run: id }: { run: string }): ReactNode {
  const url = useUrlState();
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (inViewport) setSeen(true);
  }, [inViewport]);
  const input = readInput(url.get('whatIf'));
  const split = url.oneOf<Split>('whatIfOf', splits);
  const { data, previousData, error, loading, refetch } = useQuery(WhatIfDocument, {
    variables: { id, split, epoch: url.count('epoch'), input },
    skip: !seen,
  });
  const run = (data ?? previousData)?.trainingRun;
  return (
    <Panel
      title="What if it were fused otherwise"
      note={
        run?.whatIf ? `${run.whatIf.split.toLowerCase()}, epoch ${run.whatIf.epoch}; nothing is trained` : undefined
      }
      aside={
        run && (
          <NativeSelect
            aria-label="Samples of"
            value={split}
            data={run.dataset.splits.map((one) => ({ value: one.split, label: one.split.toLowerCase() }))}
            onChange={(event) => url.set({ whatIfOf: event.currentTarget.value })}
          />
        )
      }
    >
      <div ref={ref} className={loading && run ? styles.busy : undefined} data-testid="what-if">
        {error && !data ? (
          <Failure error={error} retry={() => url.set({ whatIf: null })} />
        ) : !run ? (
          <Loading height={360} />
        ) : !run.whatIf ? (
          <Empty title="Nothing recorded yet" />
        ) : (
          <Tried run={run} found={run.whatIf} retry={refetch} />
        )}
      </div>
    </Panel>
  );
}

function Tried({ run, found }: { run: Run; found: Answer; retry: () => unknown }): ReactNode {
  const url = useUrlState();
  const input = readInput(url.get('whatIf'));
  const { classes } = run.dataset;
  const shown = slidersOf(found.settings);
  const base = run.configuration ? slidersOf(run.configuration) : shown;
  const rows = found.classDistributions.map(({ class: name, distribution, fallback }) => ({
    class: name,
    distribution,
    fallback,
    samples: null,
  }));
  return (
    <>
      <div className={styles.parts}>
        <WhatIfDials
          classes={classes}
          base={base}
          shown={shown}
          replaced={input.replacedDistributions ?? []}
          distributions={rows.map((row) => row.distribution)}
          change={(sliders, replaced) => {
            const next = inputOf(base, sliders, replaced);
            url.set({ whatIf: Object.keys(next).length === 0 ? null : JSON.stringify(next) });
          }}
        />
        <div>
          <ClassHeatMap rows={rows} label="Class distributions as they would be" />
          <p className="plot-note">
            {found.mined
              ? 'Mined again from the recorded label distributions of the training split.'
              : 'As the run recorded them, but for a row given by hand.'}
          </p>
        </div>
        <div>
          <Numbers found={found} />
          <BinnedPair
            before={found.recorded.entropies}
            after={found.changed.entropies}
            ends={['0', `${Math.log(classes.length).toFixed(2)} nats`]}
            label="Samples by entropy of the fused distribution: grey as recorded, the line as it would be"
          />
          <p className="plot-note">Entropy of q: grey as recorded, the line as it would be.</p>
        </div>
      </div>
      <Changes run={run} found={found} />
      <SaveFusion run={run} input={input} csv={serverPath(found.csvUrl)} />
    </>
  );
}

function Numbers({ found: { recorded, changed, flips, samples } }: { found: Answer }): ReactNode {
  const rows: [
    string,
    number | null | undefined,
    number | null | undefined,
    (value: number | null | undefined) => string,
  ][] = [
    ['Mean fusion weight v', recorded.weight, changed.weight, decimal],
    ['Mean entropy of q', recorded.entropy, changed.entropy, decimal],
    ['KL(votes ‖ q)', recorded.votesKl, changed.votesKl, decimal],
    ['q agrees with the given label', recorded.agreesWithGiven, changed.agreesWithGiven, percent],
    ['q agrees with the clean label', recorded.agreesWithClean, changed.agreesWithClean, percent],
    ['q agrees with the votes', recorded.agreesWithVotes, changed.agreesWithVotes, percent],
  ];
  return (
    <table className={styles.numbers}>
      <thead>
        <tr>
          <th scope="col">
            <b data-testid="flips">{integer(flips)}</b> of {integer(samples)} flip
          </th>
          <th scope="col">recorded</th>
          <th scope="col">then</th>
        </tr>
      </thead>
      <tbody>
        {rows
          .filter(([, before, after]) => before !== null || after !== null)
          .map(([name, before, after, print]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{print(before)}</td>
              <td>{print(after)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function Changes({ run, found }: { run: Run; found: Answer }): ReactNode {
  const { classes } = run.dataset;
  if (found.changes.length === 0) return <p className="plot-note">No fused distribution would change.</p>;
  return (
    <div className={styles.cards}>
      {found.changes.map(({ sample, recorded, changed }) => (
        <SampleCard
          key={sample.id}
          href={routes.sample(sample.id, { run: run.id })}
          imageUrl={sample.imageUrl}
          name={sample.key}
          given={recorded.class}
          other={changed.class}
          classes={classes}
          colours={classColours(classes)}
          distribution={changed.distribution}
          measure={`v ${changed.weight.toFixed(2)}`}
        />
      ))}
    </div>
  );
}
