import type { ApolloServerPlugin } from '@apollo/server';

/**
 * GraphQL over HTTP: a client that does not accept `application/graphql-response+json` gets the errors of a well-formed
 * request with status 200,
 * because from other statuses it cannot tell whether GraphQL or something on the way answered.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export const statusForOldClients: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, errors }) {
        if (!errors?.length || request.http?.headers.get('accept')?.includes('application/graphql-response+json'))
          return;
        const codes = errors.map((error) => error.extensions['code']);
        if (
          codes.every(
            (code) =>
              code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED' || code === 'BAD_USER_INPUT',
          )
        )
          response.http.status = 200;
      },
    };
  },
};
