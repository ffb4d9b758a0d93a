import { createPubSub } from '@graphql-yoga/subscription';
import type { DataSource } from 'typeorm';
import { RunEventFeed } from './run-event-feed.js';
import { type RunEventPlace, RunEventStream, runEventsTopic } from './run-event-stream.js';
import { parseTrainingEvent, trainingChannel, type TrainingEvent } from './training-events.js';

/** What GraphQL subscribes to. */
interface TrainingPubSub {
  publish(topic: string, payload: unknown): void;
  subscribe(topic: string, id?: unknown): AsyncIterable<unknown>;
}

export interface TrainingSubscriptions {
  pubSub: TrainingPubSub;
  close(): Promise<void>;
}

export interface Hearing {
  onPayload: (payload: string) => void;
  /** What was said for a while is lost. */
  onGap: () => void;
}

/** Hears `trainingChannel` once for every subscriber of this process. `listen` opens the channel. */
export async function startTrainingSubscriptions(
  dataSource: DataSource,
  listen: (hearing: Hearing) => Promise<{ close(): Promise<void> }>,
  log: (line: string) => void,
): Promise<TrainingSubscriptions> {
  const topics = createPubSub<{ [trainingChannel]: [TrainingEvent] }>();
  const feed = await RunEventFeed.start(dataSource, log);
  const listener = await listen({
    onPayload: (payload) => {
      feed.notice();
      topics.publish(trainingChannel, parseTrainingEvent(payload));
    },
    onGap: () => feed.notice(),
  });
  // What happened between the two.
  feed.notice();
  const subscribe = (topic: string, id?: unknown): AsyncIterable<unknown> =>
    topic === runEventsTopic
      ? new RunEventStream(feed, id as RunEventPlace)
      : topics.subscribe(topic as typeof trainingChannel);
  const close = async (): Promise<void> => {
    await listener.close();
    await feed.settled();
  };
  return { pubSub: { publish: topics.publish as TrainingPubSub['publish'], subscribe }, close };
}
