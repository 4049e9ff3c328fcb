/**
 * From what users write (`gitops.promote{...}`) to the plan a promotion works through.
 */
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import type { ApprovalRule, PromotionPlan, Stage } from '../domain/promotion/promotion.js';
import { promotionConfigSchema, type PromotionConfig, type StageConfig } from '../schema/promotion-config.js';
import { externalChecks } from './external-checks.js';

type StageTable = Exclude<StageConfig, string>;

const usualTimeoutMs = 600_000;
const mostStages = 20;

/** @throws GitOpsError InvalidConfig, LiteralSecret (headers of checks), InvalidInput (durations) */
export function promotionPlan(written: PromotionConfig): PromotionPlan {
  const config = check(written);
  const [source, ...targets] = stagesOf(config).map(asTable);
  if (source === undefined || targets.length === 0)
    throw invalid('a promotion needs a source and at least one target', 'write from = "staging", to = "production"');
  if (targets.length > mostStages) throw invalid(`a promotion has at most ${mostStages} targets`, 'make two of it');
  refuseTwice([source, ...targets]);
  return {
    name: nameOf(config, targets.at(-1)?.app ?? ''),
    ...(config.revision === undefined ? {} : { revision: revisionOf(config.revision) }),
    source: sourceStage(source),
    targets: targets.map((target) => stage({ ...defaults(config), ...target })),
    onFailure: config.on_failure ?? 'stop',
    carry: config.carry ?? 'commit',
  };
}

function check(written: PromotionConfig): PromotionConfig {
  const parsed = promotionConfigSchema.safeParse(written);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GitOpsError('InvalidConfig', `promote: ${issue?.path.join('.')}: ${issue?.message}`);
}

function stagesOf({ from, to, environments }: PromotionConfig): readonly StageConfig[] {
  if (environments !== undefined && (from !== undefined || to !== undefined))
    throw invalid('environments says what from and to say', 'write either environments, or from and to');
  if (environments !== undefined) return environments;
  if (from === undefined || to === undefined) return [];
  return [from, ...[to].flat()];
}

function asTable(config: StageConfig): StageTable {
  return typeof config === 'string' ? { app: config } : config;
}

/** What is said once for every target. */
function defaults({ hold, checks, gate_timeout, approval }: PromotionConfig): Partial<StageTable> {
  const said = Object.entries({ hold, checks, gate_timeout, approval }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said);
}

/** The source is live and healthy already: it has gates of its own only where they are written at it. */
function sourceStage(config: StageTable): Stage {
  if (config.approval !== undefined && config.approval !== false)
    throw invalid(`${config.app} is the source, which is not touched`, 'write approval at the targets');
  return stage(config);
}

function stage({ app, hold = 0, checks = [], gate_timeout, approval = false }: StageTable): Stage {
  const holdMs = parseDuration(hold);
  const timeoutMs = gate_timeout === undefined ? holdMs + usualTimeoutMs : parseDuration(gate_timeout);
  if (timeoutMs < holdMs) throw invalid(`${app}: gate_timeout is shorter than hold`, 'raise gate_timeout');
  const rule = approvalOf(approval);
  return { app, holdMs, timeoutMs, checks: externalChecks(checks), ...(rule === undefined ? {} : { approval: rule }) };
}

function approvalOf(approval: NonNullable<StageTable['approval']>): ApprovalRule | undefined {
  if (typeof approval === 'boolean') return approval ? {} : undefined;
  const { expires, two_person } = approval;
  return {
    ...(expires === undefined ? {} : { expiresMs: parseDuration(expires) }),
    ...(two_person ? { twoPerson: true } : {}),
  };
}

function refuseTwice(stages: readonly StageTable[]): void {
  const names = stages.map(({ app }) => app);
  const twice = names.find((app, i) => names.indexOf(app) !== i);
  if (twice !== undefined) throw invalid(`${twice} is named twice`, 'name each environment once');
}

function nameOf({ name }: PromotionConfig, last: string): string {
  if (name === undefined) return last.replace(/[^\w.-]+/g, '-');
  if (/^[\w.-]{1,100}$/.test(name)) return name;
  throw invalid(`'${name}' is no name for a promotion`, 'use letters, digits, dots and dashes');
}

function revisionOf(revision: string): string {
  if (/^[0-9a-f]{7,64}$/i.test(revision)) return revision.toLowerCase();
  throw invalid(
    `revision '${revision}' is no commit`,
    'give at least seven digits of its hash; app history lists them',
  );
}

function invalid(message: string, hint: string): GitOpsError {
  return new GitOpsError('InvalidConfig', message, { hint });
}
