import type { ApolloServerPlugin } from '@apollo/server';

const mistakes: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/**
 * GraphQL over HTTP: a client that does not accept `application/graphql-response+json` gets the errors of a well-formed
 * request with status 200, because from other statuses it cannot tell whether GraphQL or something on the way answered.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 * What is refused before it runs, by a limit for instance, is no fault of the server: 400, where Apollo says 500.
 */
export const statusOfErrors: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, errors }) {
        if (!errors?.length) return;
        const told = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
        const ours = told.some(({ extensions }) => extensions?.['code'] === 'INTERNAL_SERVER_ERROR');
        if ((response.http.status ?? 200) >= 500 && !ours) response.http.status = 400;
        const isNew = request.http?.headers.get('accept')?.includes('application/graphql-response+json');
        if (!isNew && errors.every((error) => mistakes.has(error.extensions['code']))) response.http.status = 200;
      },
    };
  },
};
