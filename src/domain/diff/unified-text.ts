/**
 * Objects as YAML, and the difference of two as unified text: what a person reads in a preview.
 */
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import type { KubernetesObject } from '../object.js';

/** Where the diff of a large object stops looking for the smallest edit, in ms; it then shows all of both sides. */
const timeoutMs = 500;

export function toYaml(object: KubernetesObject | undefined): string {
  return object === undefined ? '' : stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** `--- live`, `+++ desired`, hunks with three lines of context. */
export function unifiedText(name: string, before: string, after: string): string {
  const options = {
    context: 3,
    timeout: timeoutMs,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  };
  const patch = createTwoFilesPatch(`live/${name}`, `desired/${name}`, before, after, undefined, undefined, options);
  return patch ?? `--- live/${name}\n+++ desired/${name}\n${prefixed('-', before)}${prefixed('+', after)}`;
}

function prefixed(sign: string, text: string): string {
  return text.replace(/^(?=.)/gm, sign);
}
