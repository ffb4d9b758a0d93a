import { type ExecutionArgs, type ExecutionResult, GraphQLError, subscribe } from 'graphql';

type Results = AsyncIterableIterator<ExecutionResult>;

/**
 * GraphQL's `subscribe`, with one difference: an error of the stream itself (a filter that throws) becomes the last
 * result of that subscription.
 * As a rejection it would close the socket, and with it every other subscription of the page.
 */
export async function subscribeWithErrorsAsResults(args: ExecutionArgs): Promise<Results | ExecutionResult> {
  const results = await subscribe(args);
  return Symbol.asyncIterator in results ? endingWithError(results as Results) : results;
}

/** By hand and not as a generator: a generator's `return` waits for the value it is at, which here may never come. */
function endingWithError(source: Results): Results {
  let ended = false;
  const next = async (): Promise<IteratorResult<ExecutionResult>> => {
    if (ended) return { done: true, value: undefined };
    try {
      return await source.next();
    } catch (error) {
      ended = true;
      const original = error instanceof Error ? error : new Error(String(error));
      return {
        done: false,
        value: {
          errors: [
            error instanceof GraphQLError ? error : new GraphQLError(original.message, { originalError: original }),
          ],
        },
      };
    }
  };
  const finish = async (): Promise<IteratorResult<ExecutionResult>> => {
    ended = true;
    return (await source.return?.()) ?? { done: true, value: undefined };
  };
  const results: Results = { next, return: finish, [Symbol.asyncIterator]: () => results };
  return results;
}
