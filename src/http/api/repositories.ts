/** Repositories: registered once they have answered, removed when nothing uses them. */
import * as answers from '../../schema/api-answers.js';
import * as requests from '../../schema/api-requests.js';
import { route, type AnyRoute } from '../route.js';
import { defined } from './applications.js';

export const repositoryRoutes: readonly AnyRoute[] = [
  route({
    id: 'listRepositories',
    method: 'GET',
    path: '/repositories',
    summary: 'Repositories that are registered or followed',
    answer: answers.listOf(answers.repositoryAnswer),
    handle: async ({ client }) => ({ items: await client.repositories.list() }),
  }),
  route({
    id: 'registerRepository',
    method: 'POST',
    path: '/repositories',
    summary: 'Register a repository, once it has answered and has the branch; nothing is stored otherwise',
    body: requests.repositoryBody,
    status: 201,
    answer: answers.registeredAnswer,
    fails: [
      ...(['InvalidConfig', 'LiteralSecret', 'RepositoryUnreachable', 'RepositoryNotFound'] as const),
      ...(['RepositoryAuthentication', 'RevisionNotFound', 'NotAllowed'] as const),
    ],
    slow: true,
    handle: async ({ client, body }) => ({ repository: await client.repositories.add(defined(body)) }),
  }),
  route({
    id: 'removeRepository',
    method: 'DELETE',
    path: '/repositories/:repository',
    summary: 'Forget a repository that no application uses',
    params: requests.repositoryPath,
    answer: answers.removedAnswer,
    fails: ['UnknownRepository', 'HasDependents'],
    handle: async ({ client, params: { repository } }) => {
      await client.repositories.remove(repository);
      return { removed: repository };
    },
  }),
];
