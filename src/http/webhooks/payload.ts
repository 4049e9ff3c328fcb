/**
 * What is read of a webhook's payload: the addresses of its repository, in every form the sender gives. Nothing else is
 * looked at, and no commit is believed: a webhook is a hint to look.
 */
import { z } from 'zod';

const address = z.string().max(2048).optional().catch(undefined);

const github = z.looseObject({
  repository: z.looseObject({ clone_url: address, ssh_url: address, html_url: address }),
});
const gitlab = z.looseObject({
  project: z.looseObject({ git_http_url: address, git_ssh_url: address, web_url: address }),
});
const bitbucket = z.looseObject({
  repository: z.looseObject({
    links: z.looseObject({
      html: z.looseObject({ href: address }).optional().catch(undefined),
      clone: z
        .array(z.looseObject({ href: address }))
        .max(10)
        .optional()
        .catch(undefined),
      self: z
        .array(z.looseObject({ href: address }))
        .max(10)
        .optional()
        .catch(undefined),
    }),
  }),
});
const generic = z.looseObject({
  repository: z.string().min(1).max(2048).optional(),
  repositories: z.array(z.string().min(1).max(2048)).max(100).optional(),
});

export type Addresses = (payload: unknown) => readonly (string | undefined)[];

/** GitHub, Gitea and Forgejo. @throws ZodError */
export const githubAddresses: Addresses = (payload) => {
  const { clone_url, ssh_url, html_url } = github.parse(payload).repository;
  return [clone_url, ssh_url, html_url];
};

export const gitlabAddresses: Addresses = (payload) => {
  const { git_http_url, git_ssh_url, web_url } = gitlab.parse(payload).project;
  return [git_http_url, git_ssh_url, web_url];
};

/** Cloud says where its page is, Data Center where it is cloned from; `self` is the page of an older Server. */
export const bitbucketAddresses: Addresses = (payload) => {
  const { html, clone = [], self = [] } = bitbucket.parse(payload).repository.links;
  return [html?.href, ...clone.map(({ href }) => href), ...self.map(({ href }) => cloneOfPage(href))];
};

/** `https://host/projects/KEY/repos/slug/browse` is cloned from `https://host/scm/key/slug`. */
function cloneOfPage(page: string | undefined): string | undefined {
  return page?.replace(
    /\/(?:projects\/([^/]+)|users\/([^/]+))\/repos\/([^/]+)\/browse$/,
    (_all, project: string | undefined, user: string, slug: string) => `/scm/${project ?? `~${user}`}/${slug}`,
  );
}

export const genericAddresses: Addresses = (payload) => {
  const { repository, repositories = [] } = generic.parse(payload);
  return [repository, ...repositories];
};
