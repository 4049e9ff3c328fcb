/**
 * Names of container images, filled in as container runtimes do: `nginx` is `docker.io/library/nginx:latest`.
 * https://github.com/distribution/reference
 */
import { globMatches } from './glob.js';

export interface ImageName {
  readonly registry: string;
  /** With the registry, without tag and digest. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export function parseImage(text: string): ImageName {
  const [named = '', digest] = text.split('@', 2);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const repository = fullName(tagged ? named.slice(0, colon) : named);
  return {
    registry: repository.slice(0, repository.indexOf('/')),
    repository,
    ...(tagged ? { tag: named.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (isRegistry) return name;
  return rest.length === 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
}

/** `registry.example`, `ghcr.io/org`, `*.example.com`: the registry, or where in it. */
export function comesFrom(image: ImageName, allowed: string): boolean {
  const place = allowed.replace(/\/+$/, '');
  return place.includes('/')
    ? globMatches(`${place}/**`, image.repository) || globMatches(place, image.repository)
    : globMatches(place, image.registry);
}

/** Whether the same name may be another image tomorrow. */
export function floats({ tag, digest }: ImageName): boolean {
  return digest === undefined && (tag === undefined || tag === 'latest');
}
